#include "CKernels.h"
#include "bfloat16.h"
#include "clones.h"

CLONES void mixed_round(const float *x, float *y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = from_bfloat16(to_bfloat16(x[i]));
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define INLINE static inline __attribute__((always_inline))

INLINE uint16_t lowest(size_t count) { return count >= 16 ? 0xffff : (uint16_t)((1u << count) - 1); }

/* 32 numbers as 16 units. */
AVX512 INLINE __m512i units(const float *x, size_t count) {
    __m512 low = _mm512_maskz_loadu_ps(lowest(count), x);
    __m512 high = _mm512_maskz_loadu_ps(count > 16 ? lowest(count - 16) : 0, x + 16);
    return (__m512i)_mm512_cvtne2ps_pbh(high, low);
}

AVX512 void mixed_rows(const float *x, size_t n, size_t inner, uint32_t *out) {
    size_t length = mixed_units(inner);
    for (size_t row = 0; row < n; row++, x += inner, out += length)
        for (size_t k = 0; k < inner; k += 32)
            _mm512_mask_storeu_epi32(out + k / 2, lowest(length - k / 2), units(x + k, inner - k));
}

/* Two rows of the inner dimension become 16 units side by side. */
AVX512 static void panels_across(const float *x, size_t n, size_t inner, uint32_t *out) {
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21,
                                           5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    size_t length = mixed_units(inner);
    for (size_t u = 0; u < length; u++) {
        const float *first = x + 2 * u * n, *second = first + n;
        for (size_t i = 0; i < n; i += 16) {
            __mmask16 mask = lowest(n - i), both = 2 * u + 1 < inner ? mask : 0;
            __m512i pair = (__m512i)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(both, second + i),
                                                        _mm512_maskz_loadu_ps(mask, first + i));
            _mm512_storeu_si512(out + i * length + u * 16, _mm512_permutexvar_epi16(order, pair));
        }
    }
}

/* 16 rows of 16 units, turned. */
AVX512 static void panels_along(const float *x, size_t n, size_t inner, uint32_t *out) {
    const __m512i steps = _mm512_set_epi32(240, 224, 208, 192, 176, 160, 144, 128, 112, 96, 80, 64, 48, 32, 16, 0);
    size_t length = mixed_units(inner);
    uint32_t block[256];
    for (size_t i = 0; i < n; i += 16)
        for (size_t k = 0; k < inner; k += 32) {
            for (size_t row = 0; row < 16; row++)
                _mm512_storeu_si512(block + row * 16, i + row < n ? units(x + (i + row) * inner + k, inner - k)
                                                                  : _mm512_setzero_si512());
            size_t count = length - k / 2 < 16 ? length - k / 2 : 16;
            for (size_t u = 0; u < count; u++)
                _mm512_storeu_si512(out + i * length + (k / 2 + u) * 16, _mm512_i32gather_epi32(steps, block + u, 4));
        }
}

void mixed_panels(const float *x, size_t n, size_t inner, int transposed, uint32_t *out) {
    if (transposed)
        panels_across(x, n, inner, out);
    else
        panels_along(x, n, inner, out);
}

/* 6 rows x 64 columns in 24 registers, as in products_avx512.c; the units of a row lie `step` apart. */
AVX512 INLINE void block(int rows, int panels, const uint32_t *const *a, size_t step, const uint32_t *b, size_t length,
                         const float *bias, size_t columns, float *c, size_t stride) {
    __m512 sum[6][4];
#pragma unroll
    for (int r = 0; r < rows; r++)
#pragma unroll
        for (int p = 0; p < panels; p++)
            sum[r][p] = bias ? _mm512_maskz_loadu_ps(lowest(columns - p * 16), bias + p * 16) : _mm512_setzero_ps();
    for (size_t u = 0; u < length; u++) {
        __m512bh weights[4];
#pragma unroll
        for (int p = 0; p < panels; p++) weights[p] = (__m512bh)_mm512_loadu_si512(b + (p * length + u) * 16);
#pragma unroll
        for (int r = 0; r < rows; r++) {
            __m512bh spread = (__m512bh)_mm512_set1_epi32((int)a[r][u * step]);
#pragma unroll
            for (int p = 0; p < panels; p++) sum[r][p] = _mm512_dpbf16_ps(sum[r][p], spread, weights[p]);
        }
    }
#pragma unroll
    for (int r = 0; r < rows; r++)
#pragma unroll
        for (int p = 0; p < panels; p++)
            _mm512_mask_storeu_ps(c + r * stride + p * 16, lowest(columns - p * 16), sum[r][p]);
}

AVX512 INLINE void strip(int panels, const uint32_t *a, int a_in_panels, const uint32_t *b, size_t length, size_t row,
                         size_t rows, const float *bias, size_t columns, float *c, size_t stride) {
    for (size_t end = row + rows; row < end; row += 6) {
        const uint32_t *from[6];
        size_t count = end - row < 6 ? end - row : 6;
        for (size_t r = 0; r < 6; r++) {
            size_t place = row + (r < count ? r : 0);
            from[r] = a_in_panels ? a + place / 16 * 16 * length + place % 16 : a + place * length;
        }
        float *to = c + row * stride;
        size_t step = a_in_panels ? 16 : 1;
        switch (count) {
        case 1: block(1, panels, from, step, b, length, bias, columns, to, stride); break;
        case 2: block(2, panels, from, step, b, length, bias, columns, to, stride); break;
        case 3: block(3, panels, from, step, b, length, bias, columns, to, stride); break;
        case 4: block(4, panels, from, step, b, length, bias, columns, to, stride); break;
        case 5: block(5, panels, from, step, b, length, bias, columns, to, stride); break;
        default: block(6, panels, from, step, b, length, bias, columns, to, stride); break;
        }
    }
}

AVX512 void mixed_product(const uint32_t *a, int a_in_panels, const uint32_t *b, size_t rows, size_t columns,
                          size_t inner, const float *bias, float *c) {
    size_t length = mixed_units(inner);
    /* So many rows stay in the second cache while all columns pass. */
    const size_t most = 96;
    for (size_t row = 0; row < rows; row += most)
        for (size_t first = 0; first < columns; first += 64) {
            size_t count = rows - row < most ? rows - row : most, wide = columns - first;
            const uint32_t *panel = b + first * length;
            const float *shift = bias ? bias + first : NULL;
            if (wide > 48)
                strip(4, a, a_in_panels, panel, length, row, count, shift, wide, c + first, columns);
            else if (wide > 32)
                strip(3, a, a_in_panels, panel, length, row, count, shift, wide, c + first, columns);
            else if (wide > 16)
                strip(2, a, a_in_panels, panel, length, row, count, shift, wide, c + first, columns);
            else
                strip(1, a, a_in_panels, panel, length, row, count, shift, wide, c + first, columns);
        }
}
#else
/* Never called: the processor offers no bfloat16. */
void mixed_rows(const float *x, size_t n, size_t inner, uint32_t *out) { __builtin_trap(); }
void mixed_panels(const float *x, size_t n, size_t inner, int transposed, uint32_t *out) { __builtin_trap(); }
void mixed_product(const uint32_t *a, int a_in_panels, const uint32_t *b, size_t rows, size_t columns, size_t inner,
                   const float *bias, float *c) {
    __builtin_trap();
}
#endif
