#include <float.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "bfloat16.h"
#include "clones.h"
#include "exponential.h"

#pragma clang fp reassociate(on) contract(fast)

#define INLINE static inline __attribute__((always_inline))

static size_t padded(size_t bytes) { return (bytes + 63) / 64 * 64; }

/* Bytes of a row with its scale 1 / inverse; the padding meets weights of zero and may hold anything. */
INLINE void store_bytes(const float *v, size_t n, uint8_t *y) {
    float lane[16] = {0}, greatest = 0;
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (int l = 0; l < 16; l++) lane[l] = fabsf(v[i + l]) > lane[l] ? fabsf(v[i + l]) : lane[l];
    for (; i < n; i++) greatest = fabsf(v[i]) > greatest ? fabsf(v[i]) : greatest;
    for (int l = 0; l < 16; l++) greatest = lane[l] > greatest ? lane[l] : greatest;
    /* Below that the quotient overflows: the row is zero. */
    float inverse = greatest < 127.0f / FLT_MAX ? 0.0f : 127.0f / greatest, scale = greatest / 127.0f;
    /* Rounds to the nearest: the sum lies where floats are whole numbers, 1.5 * 2^23 + 128. */
    for (i = 0; i < n; i++) {
        float shifted = v[i] * inverse + 12583040.0f;
        int32_t bits;
        memcpy(&bits, &shifted, 4);
        y[i] = (uint8_t)(bits - 0x4b400000);
    }
    memcpy(y + padded(n), &scale, 4);
}

CLONES static void convert_row(int from, const void *x, int to, void *y, size_t n, const float *gain,
                               const float *bias, int activation, const float *addend, float *v) {
    if (from == inference_float32)
        memcpy(v, x, n * 4);
    else
        for (size_t i = 0; i < n; i++) v[i] = from_bfloat16(((const uint16_t *)x)[i]);
    if (gain) {
        float sum = 0, square = 0;
        for (size_t i = 0; i < n; i++) sum += v[i];
        float mean = sum / (float)n;
        for (size_t i = 0; i < n; i++) square += (v[i] - mean) * (v[i] - mean);
        float inverse = 1.0f / sqrtf(square / (float)n + 1e-5f);
        for (size_t i = 0; i < n; i++) v[i] = (v[i] - mean) * inverse * gain[i] + bias[i];
    }
    if (activation == inference_gelu)
        for (size_t i = 0; i < n; i++) {
            float u = 0.7978845608028654f * (v[i] + 0.044715f * v[i] * v[i] * v[i]);
            v[i] = v[i] / (1.0f + exponential(-2.0f * u));
        }
    if (addend)
        for (size_t i = 0; i < n; i++) v[i] += addend[i];
    if (to == inference_int8) {
        store_bytes(v, n, y);
    } else if (to == inference_bfloat16) {
        for (size_t i = 0; i < n; i++) ((uint16_t *)y)[i] = to_bfloat16(v[i]);
        memset((char *)y + n * 2, 0, padded(n * 2) - n * 2);
    } else {
        memcpy(y, v, n * 4);
        memset((char *)y + n * 4, 0, padded(n * 4) - n * 4);
    }
}

void inference_convert(int from, const void *x, size_t x_stride, int to, void *y, size_t y_stride, size_t rows,
                       size_t columns, const float *gain, const float *bias, int activation, const float *addend) {
    float v[columns];
    for (size_t r = 0; r < rows; r++)
        convert_row(from, (const char *)x + r * x_stride, to, (char *)y + r * y_stride, columns, gain, bias, activation,
                    addend ? addend + r * columns : NULL, v);
}

void inference_gather(int kind, const void *x, size_t x_stride, size_t columns, const int32_t *table, size_t parts,
                      void *y, size_t y_stride, size_t rows) {
    size_t bytes = columns * (kind == inference_float32 ? 4 : 2);
    for (size_t r = 0; r < rows; r++) {
        char *to = (char *)y + r * y_stride;
        for (size_t part = 0; part < parts; part++, table++, to += bytes)
            if (*table >= 0)
                memcpy(to, (const char *)x + (size_t)*table * x_stride, bytes);
            else
                memset(to, 0, bytes);
        memset(to, 0, y_stride - parts * bytes);
    }
}
