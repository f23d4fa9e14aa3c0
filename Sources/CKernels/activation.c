#include "CKernels.h"
#include "clones.h"
#include "exponential.h"

#pragma clang fp reassociate(on) contract(fast)

/* GELU in its tanh form, x / (1 + exp(-2 u)), u = sqrt(2 / pi) (x + 0.044715 x^3). Hendrycks and Gimpel 2016. */
#define GELU_A 0.7978845608028654f
#define GELU_B 0.044715f

CLONES void network_gelu(const float *restrict x, float *restrict y, size_t n) {
    for (size_t i = 0; i < n; i++) {
        float v = x[i], u = GELU_A * (v + GELU_B * v * v * v);
        y[i] = v / (1.0f + exponential(-2.0f * u));
    }
}

CLONES void network_gelu_backward(const float *restrict x, const float *restrict dy, float *restrict dx, size_t n) {
    for (size_t i = 0; i < n; i++) {
        float v = x[i], u = GELU_A * (v + GELU_B * v * v * v);
        float s = 1.0f / (1.0f + exponential(-2.0f * u));
        float du = GELU_A * (1.0f + 3.0f * GELU_B * v * v);
        dx[i] = dy[i] * (s + v * 2.0f * s * (1.0f - s) * du);
    }
}

CLONES void network_relu6(const float *restrict x, float *restrict y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = x[i] < 0.0f ? 0.0f : x[i] > 6.0f ? 6.0f : x[i];
}

CLONES void network_relu6_backward(const float *restrict x, const float *restrict dy, float *restrict dx, size_t n) {
    for (size_t i = 0; i < n; i++) dx[i] = x[i] > 0.0f && x[i] < 6.0f ? dy[i] : 0.0f;
}

CLONES void network_sigmoid(const float *restrict x, float *restrict y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = 1.0f / (1.0f + exponential(-x[i]));
}

CLONES void network_sigmoid_backward(const float *restrict y, const float *restrict dy, float *restrict dx, size_t n) {
    for (size_t i = 0; i < n; i++) dx[i] = dy[i] * y[i] * (1.0f - y[i]);
}
