/* Loops of Transforms/Intensity that look at more than one value. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_INTENSITY_H
#define CKERNELS_INTENSITY_H
#include <stddef.h>
#include <stdint.h>

double hk_sum(const float *x, size_t n);
/* counts[words[i]]++ where the set has voxel i; `counts` has 65,536 entries. */
void hk_count_words_in(const uint16_t *words, const uint8_t *set, size_t n, uint32_t *counts);

/* levels[i] = round((x[i] - lower) * scale), clamped to 0...most. */
void hk_quantize(const float *x, size_t n, float lower, float scale, uint16_t most, uint16_t *levels);
/* counts[level]++ over a block of height x width pixels whose rows lie `stride` apart. */
void hk_count_levels(const uint16_t *levels, size_t stride, size_t height, size_t width, uint32_t *counts);
/* out[i] = one row's pixels through the maps of the tiles above and below (`below` weighs `share`) and, in each, of the tiles
   left[i] and right[i] (which weighs shares[i]); each map has `bins` values, tile after tile. */
void hk_map_tiles(const uint16_t *levels, size_t n, const float *above, const float *below, float share, size_t bins,
                  const uint32_t *left, const uint32_t *right, const float *shares, float *out);

/* bins[position] += 1 for each value, shared between the two nearest of `count` bins; bin i is at least + i * width. */
void hk_shared_histogram(const float *x, size_t n, float least, float width, size_t count, double *bins);
/* out[i] = x[i] - expected at x[i], linear between the bins' values. */
void hk_subtract_expected(const float *x, size_t n, float least, float width, const float *expected, size_t count, float *out);
/* Sum and squared sum of exp(x[i]) over the set. */
void hk_exponential_sums(const float *x, const uint8_t *set, size_t n, double *sum, double *squares);
/* x[i] *= exp(-field[i]) */
void hk_divide_by_exponential(float *x, const float *field, size_t n);
/* Discrete Fourier transform of n complex values in place, n a power of 2; the inverse is divided by n. */
void hk_fourier(double *re, double *im, size_t n, int inverse);
#endif
