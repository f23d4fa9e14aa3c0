#include <math.h>

#include "CKernels.h"
#include "clones.h"
#include "exponential.h"

#pragma clang fp reassociate(on) contract(fast)

/* The maximum is taken in 16 lanes: clang does not vectorise a plain floating-point maximum. */
static inline __attribute__((always_inline)) float row_maximum(const float *x, size_t n) {
    float lane[16];
    for (int l = 0; l < 16; l++) lane[l] = -INFINITY;
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (int l = 0; l < 16; l++) lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
    float m = lane[0];
    for (int l = 1; l < 16; l++) m = lane[l] > m ? lane[l] : m;
    for (; i < n; i++) m = x[i] > m ? x[i] : m;
    return m;
}

CLONES void network_softmax(const float *x, float *y, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        float m = row_maximum(x, columns), sum = 0;
        /* In place, too: without the pragma clang would then go element by element. */
#pragma clang loop vectorize(assume_safety)
        for (size_t i = 0; i < columns; i++) y[i] = exponential(x[i] - m);
        for (size_t i = 0; i < columns; i++) sum += y[i];
        float inverse = 1.0f / sum;
        for (size_t i = 0; i < columns; i++) y[i] *= inverse;
    }
}

CLONES void network_softmax_backward(const float *y, const float *dy, float *dx, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
        float dot = 0;
        for (size_t i = 0; i < columns; i++) dot += y[i] * dy[i];
#pragma clang loop vectorize(assume_safety)
        for (size_t i = 0; i < columns; i++) dx[i] = y[i] * (dy[i] - dot);
    }
}
