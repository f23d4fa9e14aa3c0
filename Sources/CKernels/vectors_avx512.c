#include "vectors_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define INLINE static inline __attribute__((always_inline))

static const float log2_e = 1.44269504088896341f;

/* 2^x to about 2 units in the last place: 2^r by a polynomial for |r| <= 1/2, times a power of two. */
AVX512 INLINE __m512 power_of_two(__m512 x) {
    __m512 whole = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 r = _mm512_sub_ps(x, whole), p = _mm512_set1_ps(1.33952e-3f);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(9.61843e-3f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.55032499e-2f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.240226462f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.693147182f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(p, whole);
}

AVX512 void soften_avx512(const float *scores, size_t panel_rows, size_t rows, size_t panels, size_t valid, float scale,
                          float *maximum, float *total, float *factor, int kind, char *chances, size_t stride) {
    const __m512 factor2 = _mm512_set1_ps(scale * log2_e);
    for (size_t r = 0; r < rows; r++, chances += stride) {
        __m512 greatest = _mm512_set1_ps(-INFINITY), sum = _mm512_setzero_ps();
        for (size_t i = 0; i < panels * 64; i += 16) {
            if (i >= valid) break;
            __mmask16 mask = valid - i < 16 ? (__mmask16)((1u << (valid - i)) - 1) : 0xffff;
            __m512 s = _mm512_loadu_ps(scores + (i / 64 * panel_rows + r) * 64 + i % 64);
            greatest = _mm512_mask_max_ps(greatest, mask, greatest, s);
        }
        float m = _mm512_reduce_max_ps(greatest) * scale;
        m = maximum[r] > m ? maximum[r] : m;
        const __m512 shift = _mm512_set1_ps(-m * log2_e);
        for (size_t i = 0; i < panels * 64; i += 16) {
            __mmask16 mask = i >= valid ? 0 : valid - i < 16 ? (__mmask16)((1u << (valid - i)) - 1) : 0xffff;
            __m512 s = _mm512_maskz_loadu_ps(mask, scores + (i / 64 * panel_rows + r) * 64 + i % 64);
            __m512 e = _mm512_maskz_mov_ps(mask, power_of_two(_mm512_fmadd_ps(s, factor2, shift)));
            sum = _mm512_add_ps(sum, e);
            if (kind == inference_float32)
                _mm512_storeu_ps((float *)chances + i, e);
            else
                _mm256_storeu_si256((__m256i *)(chances + i * 2), (__m256i)_mm512_cvtneps_pbh(e));
        }
        factor[r] = expf(maximum[r] - m);
        total[r] = total[r] * factor[r] + _mm512_reduce_add_ps(sum);
        maximum[r] = m;
    }
}

/* v / (1 + 2^(-2 log2(e) u)): see activation.c. The reciprocal's 14 bits become 23 by one step of Newton. */
AVX512 INLINE __m512 gelu(__m512 v) {
    const __m512 a = _mm512_set1_ps(-2 * 0.7978845608028654f * 1.44269504088896341f);
    const __m512 b = _mm512_set1_ps(-2 * 0.7978845608028654f * 1.44269504088896341f * 0.044715f);
    __m512 u = _mm512_mul_ps(v, _mm512_fmadd_ps(_mm512_mul_ps(v, v), b, a));
    /* Beyond 2^126 the reciprocal is too small for Newton's step. */
    __m512 d = _mm512_add_ps(_mm512_set1_ps(1), power_of_two(_mm512_min_ps(u, _mm512_set1_ps(100))));
    __m512 inverse = _mm512_rcp14_ps(d);
    inverse = _mm512_mul_ps(inverse, _mm512_fnmadd_ps(d, inverse, _mm512_set1_ps(2)));
    return _mm512_mul_ps(v, inverse);
}

AVX512 void finish_avx512(const inference_weights *w, const float *product, float row_scale, size_t first, size_t n,
                          const float *residual, void *out, int kind) {
    for (size_t i = 0; i < n; i += 16) {
        __mmask16 mask = n - i < 16 ? (__mmask16)((1u << (n - i)) - 1) : 0xffff;
        __m512 v = _mm512_maskz_loadu_ps(mask, product + i), bias = _mm512_maskz_loadu_ps(mask, w->bias + first + i);
        if (w->kind == inference_int8) {
            __m512i sums = _mm512_sub_epi32(
                _mm512_castps_si512(v), _mm512_maskz_loadu_epi32(mask, w->offsets + first + i));
            __m512 scales = _mm512_mul_ps(
                _mm512_set1_ps(row_scale), _mm512_maskz_loadu_ps(mask, w->scales + first + i));
            v = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums), scales, bias);
        } else {
            v = _mm512_add_ps(v, bias);
        }
        if (w->activation == inference_gelu) v = gelu(v);
        if (residual) v = _mm512_add_ps(v, _mm512_maskz_loadu_ps(mask, residual + first + i));
        if (kind == inference_float32)
            _mm512_mask_storeu_ps((float *)out + first + i, mask, v);
        else
            _mm256_mask_storeu_epi16((uint16_t *)out + first + i, mask, (__m256i)_mm512_cvtneps_pbh(v));
    }
}
#else
void soften_avx512(const float *scores, size_t panel_rows, size_t rows, size_t panels, size_t valid, float scale,
                   float *maximum, float *total, float *factor, int kind, char *chances, size_t stride) {
    __builtin_trap();
}
void finish_avx512(const inference_weights *w, const float *product, float row_scale, size_t first, size_t n,
                   const float *residual, void *out, int kind) {
    __builtin_trap();
}
#endif
