#ifndef VECTORS_AVX512_H
#define VECTORS_AVX512_H
#include "CKernels.h"

/* What surrounds products, in AVX-512 with BF16: instructions for 2^k and for bfloat16 that clang does not find in plain
   loops. `scores` are panels of `panel_rows` rows of 64; see attention.c and products.c for the plain twins. */
void soften_avx512(const float *scores, size_t panel_rows, size_t rows, size_t panels, size_t valid, float scale,
                   float *maximum, float *total, float *factor, int kind, char *chances, size_t stride);
void finish_avx512(const inference_weights *w, const float *product, float row_scale, size_t first, size_t n,
                   const float *residual, void *out, int kind);
#endif
