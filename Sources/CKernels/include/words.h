/* 16-bit words and the value that each stands for. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_WORDS_H
#define CKERNELS_WORDS_H
#include <stddef.h>
#include <stdint.h>

/* out[i] = values[words[i]]; `values` has 65,536 entries. */
void hk_lookup(const uint16_t *words, size_t n, const float *values, float *out);
/* The longest stretch of words around 0 whose values lie exactly on the line through those of words 0 and 1, words above
   32,767 as negative numbers when that continues it downwards; returns whether there is one. */
int hk_find_line(const float *values, int *is_signed, int32_t *least, int32_t *greatest);
/* out[i] = slope * words[i] + intercept with words as two's complement or not; returns whether all words lie in
   [least, greatest], where that line is their value. Without contraction. */
int hk_line_signed(const uint16_t *words, size_t n, int32_t least, int32_t greatest, float slope, float intercept, float *out);
int hk_line_unsigned(const uint16_t *words, size_t n, int32_t least, int32_t greatest, float slope, float intercept, float *out);
/* Whether all words lie in [least, greatest]. */
int hk_within_signed(const uint16_t *words, size_t n, int32_t least, int32_t greatest);
int hk_within_unsigned(const uint16_t *words, size_t n, int32_t least, int32_t greatest);
/* out[i] = sum over t of weights[t] * words[t * stride + i], as hk_combine_rows does with values. */
void hk_combine_signed(const uint16_t *words, size_t stride, size_t n, const float *weights, size_t taps, float *out);
void hk_combine_unsigned(const uint16_t *words, size_t stride, size_t n, const float *weights, size_t taps, float *out);
/* counts[words[i]]++; `counts` has 65,536 entries. */
void hk_count_words(const uint16_t *words, size_t n, uint32_t *counts);
#endif
