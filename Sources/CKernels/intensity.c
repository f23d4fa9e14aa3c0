#include "intensity.h"
#include "clones.h"
#include "exponential.h"
#include <math.h>

CLONES double hk_sum(const float *x, size_t n) {
#pragma clang fp reassociate(on)
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i];
    return sum;
}

void hk_count_words_in(const uint16_t *words, const uint8_t *set, size_t n, uint32_t *counts) {
    for (size_t i = 0; i < n; i++) counts[words[i]] += set[i] != 0;
}

CLONES void hk_quantize(const float *restrict x, size_t n, float lower, float scale, uint16_t most, uint16_t *restrict levels) {
    for (size_t i = 0; i < n; i++) {
        float level = (x[i] - lower) * scale + 0.5f;
        level = level > 0 ? level : 0;
        levels[i] = (uint16_t)(int32_t)(level < (float)most ? level : (float)most);
    }
}

void hk_count_levels(const uint16_t *levels, size_t stride, size_t height, size_t width, uint32_t *counts) {
    for (size_t y = 0; y < height; y++, levels += stride)
        for (size_t x = 0; x < width; x++) counts[levels[x]]++;
}

void hk_map_tiles(const uint16_t *levels, size_t n, const float *above, const float *below, float share, size_t bins,
                  const uint32_t *left, const uint32_t *right, const float *shares, float *out) {
    for (size_t i = 0; i < n; i++) {
        size_t l = left[i] * bins + levels[i], r = right[i] * bins + levels[i];
        float upper = above[l] + shares[i] * (above[r] - above[l]);
        float lower = below[l] + shares[i] * (below[r] - below[l]);
        out[i] = upper + share * (lower - upper);
    }
}

/* The bin at or below a position that has another above it, and the part of the way to that one. */
static inline size_t bin_below(float position, size_t count, float *part) {
    size_t bin = position > 0 ? (size_t)position : 0;
    if (bin + 1 >= count) bin = count - 2;
    *part = position - (float)bin;
    return bin;
}

void hk_shared_histogram(const float *x, size_t n, float least, float width, size_t count, double *bins) {
    float scale = 1 / width;
    for (size_t i = 0; i < n; i++) {
        float part;
        size_t bin = bin_below((x[i] - least) * scale, count, &part);
        bins[bin] += 1 - (double)part;
        bins[bin + 1] += (double)part;
    }
}

void hk_subtract_expected(const float *x, size_t n, float least, float width, const float *expected, size_t count, float *out) {
    float scale = 1 / width;
    for (size_t i = 0; i < n; i++) {
        float part;
        size_t bin = bin_below((x[i] - least) * scale, count, &part);
        out[i] = x[i] - (expected[bin] + part * (expected[bin + 1] - expected[bin]));
    }
}

CLONES void hk_exponential_sums(const float *x, const uint8_t *set, size_t n, double *sum, double *squares) {
#pragma clang fp reassociate(on) contract(fast)
    double first = 0, second = 0;
    for (size_t i = 0; i < n; i++) {
        double value = set[i] ? (double)exponential(x[i]) : 0;
        first += value;
        second += value * value;
    }
    *sum = first;
    *squares = second;
}

CLONES void hk_divide_by_exponential(float *restrict x, const float *restrict field, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] *= exponential(-field[i]);
}

/* Cooley and Tukey's, radix 2. For histograms of some hundred bins. */
void hk_fourier(double *re, double *im, size_t n, int inverse) {
    for (size_t i = 1, j = 0; i < n; i++) {
        size_t bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) {
            double t = re[i], u = im[i];
            re[i] = re[j]; im[i] = im[j];
            re[j] = t; im[j] = u;
        }
    }
    for (size_t half = 1; half < n; half *= 2)
        for (size_t k = 0; k < half; k++) {
            double angle = M_PI * (double)k / (double)half * (inverse ? 1 : -1), c = cos(angle), s = sin(angle);
            for (size_t i = k; i < n; i += 2 * half) {
                double a = re[i + half] * c - im[i + half] * s, b = re[i + half] * s + im[i + half] * c;
                re[i + half] = re[i] - a; im[i + half] = im[i] - b;
                re[i] += a; im[i] += b;
            }
        }
    if (inverse)
        for (size_t i = 0; i < n; i++) { re[i] /= (double)n; im[i] /= (double)n; }
}
