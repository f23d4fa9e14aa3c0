#include <math.h>

#include "CKernels.h"
#include "clones.h"

#pragma clang fp reassociate(on) contract(fast)

/* Two passes (mean, then squared distance from it): one pass loses digits when the mean is large. */
static inline __attribute__((always_inline)) void moments(const float *x, size_t n, float epsilon, float *mean,
                                                          float *inverse) {
    float sum = 0, square = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    *mean = sum / (float)n;
    for (size_t i = 0; i < n; i++) {
        float d = x[i] - *mean;
        square += d * d;
    }
    *inverse = 1.0f / sqrtf(square / (float)n + epsilon);
}

CLONES void network_layer_norm(const float *restrict x, const float *restrict gain, const float *restrict bias,
                               float epsilon, float *restrict y, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        float mean, inverse;
        moments(x, columns, epsilon, &mean, &inverse);
        for (size_t i = 0; i < columns; i++) y[i] = (x[i] - mean) * inverse * gain[i] + bias[i];
    }
}

CLONES void network_layer_norm_backward(const float *restrict x, const float *restrict gain, float epsilon,
                                        const float *restrict dy, float *restrict dx, float *restrict dgain,
                                        float *restrict dbias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, x += columns, dy += columns, dx += columns) {
        float mean, inverse, sum = 0, dot = 0;
        moments(x, columns, epsilon, &mean, &inverse);
        for (size_t i = 0; i < columns; i++) {
            float g = dy[i] * gain[i];
            sum += g;
            dot += g * (x[i] - mean) * inverse;
        }
        sum /= (float)columns;
        dot /= (float)columns;
        for (size_t i = 0; i < columns; i++)
            dx[i] = inverse * (dy[i] * gain[i] - sum - (x[i] - mean) * inverse * dot);
        if (dgain)
            for (size_t i = 0; i < columns; i++) dgain[i] += dy[i] * (x[i] - mean) * inverse;
        if (dbias)
            for (size_t i = 0; i < columns; i++) dbias[i] += dy[i];
    }
}
