#include "products.h"

#include <string.h>

#include "bfloat16.h"
#include "clones.h"
#include "exponential.h"
#include "vectors_avx512.h"

#pragma clang fp reassociate(on) contract(fast)

CLONES void product_plain(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels,
                          size_t rows, void *out) {
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < panels; p++) {
            const char *x = (const char *)a + r * a_stride, *w = (const char *)b + p * units * 64;
            float sum[16] = {0};
            int32_t whole[16] = {0};
            for (size_t u = 0; u < units; u++, x += 4, w += 64)
                if (kind == inference_float32) {
                    const float *y = (const float *)w, z = *(const float *)x;
                    for (int n = 0; n < 16; n++) sum[n] += z * y[n];
                } else if (kind == inference_bfloat16) {
                    const uint16_t *y = (const uint16_t *)w, *z = (const uint16_t *)x;
                    for (int n = 0; n < 16; n++)
                        sum[n] += from_bfloat16(z[0]) * from_bfloat16(y[2 * n]) +
                                  from_bfloat16(z[1]) * from_bfloat16(y[2 * n + 1]);
                } else {
                    const int8_t *y = (const int8_t *)w;
                    const uint8_t *z = (const uint8_t *)x;
                    for (int n = 0; n < 16; n++)
                        for (int i = 0; i < 4; i++) whole[n] += (int32_t)z[i] * y[4 * n + i];
                }
            memcpy((float *)out + r * 64 + p * 16, kind == inference_int8 ? (void *)whole : (void *)sum, 64);
        }
}

inference_tile inference_tile_of(int kernel) {
    switch (kernel) {
    case inference_avx512: return product_avx512;
    case inference_amx: return product_amx;
    case inference_tile_model: return product_tile_model;
    default: return product_plain;
    }
}

/* GELU as in activation.c, where its constants are explained. */
static inline __attribute__((always_inline)) float gelu(float v) {
    float u = 0.7978845608028654f * (v + 0.044715f * v * v * v);
    return v / (1.0f + exponential(-2.0f * u));
}

/* What follows a product, for `n` columns of a row from `first` on. */
CLONES static void finish_plain(const inference_weights *w, const float *product, float row_scale, size_t first, size_t n,
                                const float *residual, void *out, int kind) {
    float v[64];
    const float *bias = w->bias + first;
    if (w->kind == inference_int8) {
        const int32_t *sums = (const int32_t *)product, *offsets = w->offsets + first;
        const float *scales = w->scales + first;
        for (size_t i = 0; i < n; i++) v[i] = (float)(sums[i] - offsets[i]) * (row_scale * scales[i]) + bias[i];
    } else {
        for (size_t i = 0; i < n; i++) v[i] = product[i] + bias[i];
    }
    if (w->activation == inference_gelu)
        for (size_t i = 0; i < n; i++) v[i] = gelu(v[i]);
    if (residual)
        for (size_t i = 0; i < n; i++) v[i] += residual[first + i];
    if (kind == inference_float32)
        memcpy((float *)out + first, v, n * 4);
    else
        for (size_t i = 0; i < n; i++) ((uint16_t *)out)[first + i] = to_bfloat16(v[i]);
}

/* Whether the processor that runs this kernel has AVX-512 with BF16. */
static int has_vectors(int kernel) { return kernel == inference_avx512 || kernel == inference_amx; }

/* What follows a product, row by row, in the kernel's own instructions. */
static void finish(const inference_weights *w, const float *product, size_t stride, size_t first, size_t n,
                   const void *a, size_t a_stride, size_t row, size_t rows, const inference_target *t) {
    void (*finish_row)(const inference_weights *, const float *, float, size_t, size_t, const float *, void *, int) =
        has_vectors(w->kernel) ? finish_avx512 : finish_plain;
    size_t size = t->kind == inference_float32 ? 4 : 2, padding = t->out_stride - w->columns * size;
    for (size_t r = row; r < row + rows; r++, product += stride) {
        const float *residual = NULL;
        if (t->residual)
            residual = (const float *)((const char *)t->residual +
                                       (t->rows ? (size_t)t->rows[r] : r) * t->residual_stride);
        char *out = (char *)t->out + r * t->out_stride;
        float scale = 0;
        if (w->kind == inference_int8) memcpy(&scale, (const char *)a + r * a_stride + w->units * 4, 4);
        finish_row(w, product, scale, first, n, residual, out, t->kind);
        if (padding && first + n == w->columns) memset(out + w->columns * size, 0, padding);
    }
}

void inference_product(const inference_weights *w, const void *a, size_t a_stride, size_t rows,
                       const inference_target *target, float *scratch) {
    inference_tile tile = inference_tile_of(w->kernel);
    /* Tiles keep weights in the first cache and want many rows; vectors read them from the second anyway. */
    size_t most = w->kernel == inference_amx || w->kernel == inference_tile_model ? 128 : 64;
    for (size_t first = 0; first < w->columns; first += 64) {
        size_t n = w->columns - first < 64 ? w->columns - first : 64;
        const char *panel = (const char *)w->packed + first / 16 * w->units * 64;
        for (size_t row = 0; row < rows; row += most) {
            size_t count = rows - row < most ? rows - row : most;
            tile(w->kind, (const char *)a + row * a_stride, a_stride, panel, w->units, (n + 15) / 16, count, scratch);
            finish(w, scratch, 64, first, n, a, a_stride, row, count, target);
        }
    }
}

void inference_finish(const inference_weights *w, const float *product, size_t stride, const void *a, size_t a_stride,
                      size_t rows, const inference_target *target) {
    for (size_t first = 0; first < w->columns; first += 64) {
        size_t n = w->columns - first < 64 ? w->columns - first : 64;
        finish(w, product + first, stride, first, n, a, a_stride, 0, rows, target);
    }
}
