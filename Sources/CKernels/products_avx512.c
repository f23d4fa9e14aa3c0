#include "products.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

/* 6 rows x 64 columns in 24 registers: 10 loads feed 24 products. All three kinds read units of 4 bytes of a row, spread
   over a register, and 64 bytes of packed weights. */
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx512vnni")))
#define INLINE static inline __attribute__((always_inline))

AVX512 INLINE __m512 step(int kind, __m512 sum, __m512i a, __m512i b) {
    if (kind == inference_float32) return _mm512_fmadd_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b), sum);
    if (kind == inference_bfloat16) return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
    return _mm512_castsi512_ps(_mm512_dpbusd_epi32(_mm512_castps_si512(sum), a, b));
}

AVX512 INLINE void block(int kind, int rows, int panels, const char *a, size_t a_stride, const char *b, size_t units,
                         float *out) {
    __m512 sum[6][4];
#pragma unroll
    for (int r = 0; r < rows; r++)
#pragma unroll
        for (int p = 0; p < panels; p++) sum[r][p] = _mm512_setzero_ps();
    for (size_t u = 0; u < units; u++) {
        __m512i weights[4];
#pragma unroll
        for (int p = 0; p < panels; p++) weights[p] = _mm512_load_si512(b + (p * units + u) * 64);
#pragma unroll
        for (int r = 0; r < rows; r++) {
            int unit;
            memcpy(&unit, a + r * a_stride + u * 4, 4);
            __m512i spread = _mm512_set1_epi32(unit);
#pragma unroll
            for (int p = 0; p < panels; p++) sum[r][p] = step(kind, sum[r][p], spread, weights[p]);
        }
    }
#pragma unroll
    for (int r = 0; r < rows; r++)
#pragma unroll
        for (int p = 0; p < panels; p++) _mm512_storeu_ps(out + r * 64 + p * 16, sum[r][p]);
}

AVX512 INLINE void strip(int kind, int panels, const char *a, size_t a_stride, const char *b, size_t units, size_t rows,
                         float *out) {
    for (; rows >= 6; rows -= 6, a += 6 * a_stride, out += 6 * 64) block(kind, 6, panels, a, a_stride, b, units, out);
    switch (rows) {
    case 1: block(kind, 1, panels, a, a_stride, b, units, out); break;
    case 2: block(kind, 2, panels, a, a_stride, b, units, out); break;
    case 3: block(kind, 3, panels, a, a_stride, b, units, out); break;
    case 4: block(kind, 4, panels, a, a_stride, b, units, out); break;
    case 5: block(kind, 5, panels, a, a_stride, b, units, out); break;
    default: break;
    }
}

AVX512 INLINE void strips(int kind, const char *a, size_t a_stride, const char *b, size_t units, size_t panels,
                          size_t rows, float *out) {
    switch (panels) {
    case 1: strip(kind, 1, a, a_stride, b, units, rows, out); break;
    case 2: strip(kind, 2, a, a_stride, b, units, rows, out); break;
    case 3: strip(kind, 3, a, a_stride, b, units, rows, out); break;
    default: strip(kind, 4, a, a_stride, b, units, rows, out); break;
    }
}

AVX512 void product_avx512(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels,
                           size_t rows, void *out) {
    if (kind == inference_float32)
        strips(inference_float32, a, a_stride, b, units, panels, rows, out);
    else if (kind == inference_bfloat16)
        strips(inference_bfloat16, a, a_stride, b, units, panels, rows, out);
    else
        strips(inference_int8, a, a_stride, b, units, panels, rows, out);
}
#else
void product_avx512(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels, size_t rows,
                    void *out) {
    product_plain(kind, a, a_stride, b, units, panels, rows, out);
}
#endif
