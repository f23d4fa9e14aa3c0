#include "words.h"
#include "clones.h"
#include <stdlib.h>

int hk_find_line(const float *values, int *is_signed, int32_t *least, int32_t *greatest) {
#pragma clang fp contract(off)
    float intercept = values[0], slope = values[1] - values[0];
    if (!(slope - slope == 0) || slope == 0) return 0;
#define FITS(number) (values[(number) & 0xFFFF] == (float)(number) * slope + intercept)
    if (!FITS(1)) return 0;
    *is_signed = FITS(-1);
    *least = 0;
    *greatest = 1;
    int32_t end = *is_signed ? 32767 : 65535;
    while (*greatest < end && FITS(*greatest + 1)) ++*greatest;
    while (*is_signed && *least > -32768 && FITS(*least - 1)) --*least;
#undef FITS
    return 1;
}

#define LINE(NAME, WORD) \
    CLONES int NAME(const uint16_t *restrict words, size_t n, int32_t least, int32_t greatest, float slope, float intercept, float *restrict out) { \
        _Pragma("clang fp contract(off)") \
        const WORD *values = (const WORD *)words; \
        WORD low = values[0], high = values[0]; \
        for (size_t i = 0; i < n; i++) { \
            WORD value = values[i]; \
            low = value < low ? value : low; \
            high = value > high ? value : high; \
            float scaled = (float)value * slope; \
            out[i] = scaled + intercept; \
        } \
        return low >= least && high <= greatest; \
    }

LINE(hk_line_signed, int16_t)
LINE(hk_line_unsigned, uint16_t)

#define WITHIN(NAME, WORD) \
    CLONES int NAME(const uint16_t *words, size_t n, int32_t least, int32_t greatest) { \
        const WORD *values = (const WORD *)words; \
        WORD low = values[0], high = values[0]; \
        for (size_t i = 0; i < n; i++) { \
            low = values[i] < low ? values[i] : low; \
            high = values[i] > high ? values[i] : high; \
        } \
        return low >= least && high <= greatest; \
    }

WITHIN(hk_within_signed, int16_t)
WITHIN(hk_within_unsigned, uint16_t)

/* Four rows at a time: each word is converted where it is used, and no row of values has to be written first. */
#define COMBINE(NAME, WORD) \
    CLONES void NAME(const uint16_t *restrict words, size_t stride, size_t n, const float *weights, size_t taps, float *restrict out) { \
        const WORD *restrict a = (const WORD *)words; \
        size_t t = 0; \
        for (; t + 4 <= taps; t += 4, a += 4 * stride) { \
            const WORD *b = a + stride, *c = b + stride, *d = c + stride; \
            float w0 = weights[t], w1 = weights[t + 1], w2 = weights[t + 2], w3 = weights[t + 3]; \
            if (t == 0) { \
                for (size_t i = 0; i < n; i++) \
                    out[i] = w0 * (float)a[i] + w1 * (float)b[i] + w2 * (float)c[i] + w3 * (float)d[i]; \
            } else { \
                for (size_t i = 0; i < n; i++) \
                    out[i] += w0 * (float)a[i] + w1 * (float)b[i] + w2 * (float)c[i] + w3 * (float)d[i]; \
            } \
        } \
        for (; t < taps; t++, a += stride) { \
            float w = weights[t]; \
            for (size_t i = 0; i < n; i++) out[i] = (t == 0 ? 0 : out[i]) + w * (float)a[i]; \
        } \
    }

COMBINE(hk_combine_signed, int16_t)
COMBINE(hk_combine_unsigned, uint16_t)

void hk_lookup(const uint16_t *words, size_t n, const float *values, float *out) {
    for (size_t i = 0; i < n; i++) out[i] = values[words[i]];
}

/* Neighbours are often equal: four tables keep increments of one counter from waiting for each other. */
void hk_count_words(const uint16_t *words, size_t n, uint32_t *counts) {
    uint32_t(*others)[65536] = calloc(3, sizeof *others);
    size_t i = 0;
    for (; others && i + 4 <= n; i += 4) {
        counts[words[i]]++;
        others[0][words[i + 1]]++;
        others[1][words[i + 2]]++;
        others[2][words[i + 3]]++;
    }
    for (; i < n; i++) counts[words[i]]++;
    for (size_t w = 0; others && w < 65536; w++) counts[w] += others[0][w] + others[1][w] + others[2][w];
    free(others);
}
