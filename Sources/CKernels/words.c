#include "words.h"
#include <string.h>

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
