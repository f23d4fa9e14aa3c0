/* 16-bit words and the value that each stands for. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_WORDS_H
#define CKERNELS_WORDS_H
#include <stddef.h>
#include <stdint.h>

/* out[i] = values[words[i]]; `values` has 65,536 entries. */
void hk_lookup(const uint16_t *words, size_t n, const float *values, float *out);
/* out[i] = slope * words[i] + intercept with words as two's complement or not; returns whether all words lie in
   [least, greatest], where that line is their value. Without contraction. */
int hk_line_signed(const uint16_t *words, size_t n, int32_t least, int32_t greatest, float slope, float intercept, float *out);
int hk_line_unsigned(const uint16_t *words, size_t n, int32_t least, int32_t greatest, float slope, float intercept, float *out);
/* counts[words[i]]++; `counts` has 65,536 entries. */
void hk_count_words(const uint16_t *words, size_t n, uint32_t *counts);
#endif
