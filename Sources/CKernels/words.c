#include "words.h"
#include "clones.h"
#include <string.h>

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

void hk_lookup(const uint16_t *words, size_t n, const float *values, float *out) {
    for (size_t i = 0; i < n; i++) out[i] = values[words[i]];
}

/* Neighbours are often equal: four tables keep increments of one counter from waiting for each other. */
void hk_count_words(const uint16_t *words, size_t n, uint32_t *counts) {
    static _Thread_local uint32_t others[3][65536];
    memset(others, 0, sizeof others);
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        counts[words[i]]++;
        others[0][words[i + 1]]++;
        others[1][words[i + 2]]++;
        others[2][words[i + 3]]++;
    }
    for (; i < n; i++) counts[words[i]]++;
    for (size_t w = 0; w < 65536; w++) counts[w] += others[0][w] + others[1][w] + others[2][w];
}
