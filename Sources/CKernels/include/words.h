/* 16-bit words and the value that each stands for. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_WORDS_H
#define CKERNELS_WORDS_H
#include <stddef.h>
#include <stdint.h>

/* out[i] = values[words[i]]; `values` has 65,536 entries. */
void hk_lookup(const uint16_t *words, size_t n, const float *values, float *out);
/* counts[words[i]]++; `counts` has 65,536 entries. */
void hk_count_words(const uint16_t *words, size_t n, uint32_t *counts);
#endif
