#include "CKernels.h"
#include "clones.h"

/* Nothing is contracted or reordered here: trained weights shall be the same bits on every processor where the gradients are. */

CLONES void optimiser_adamw(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, size_t n,
                            float shrink, float step, float root, float beta1, float beta2, float epsilon) {
#pragma clang fp contract(off)
    for (size_t i = 0; i < n; i++) {
        float first = m[i] + (1.0f - beta1) * (g[i] - m[i]);
        float second = beta2 * v[i] + (1.0f - beta2) * g[i] * g[i];
        m[i] = first;
        v[i] = second;
        p[i] = shrink * p[i] - step * (first / (__builtin_elementwise_sqrt(second) / root + epsilon));
    }
}

CLONES void optimiser_approach(float *restrict x, const float *restrict y, size_t n, float part) {
#pragma clang fp contract(off)
    for (size_t i = 0; i < n; i++) x[i] += part * (y[i] - x[i]);
}

CLONES void optimiser_scale(float *x, size_t n, float factor) {
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

CLONES double optimiser_square_sum(const float *x, size_t n) {
#pragma clang fp contract(off)
    double lane[16] = {0};
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (size_t l = 0; l < 16; l++) lane[l] += (double)x[i + l] * x[i + l];
    for (; i < n; i++) lane[i % 16] += (double)x[i] * x[i];
    double sum = 0;
    for (size_t l = 0; l < 16; l++) sum += lane[l];
    return sum;
}
