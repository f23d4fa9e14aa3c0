#include "random.h"
#include "clones.h"
#include "elementary.h"

#define GROUP 64

/* 64 blocks at once, word by word, so that the loop over blocks fills vectors. */
PLAIN void blocks(const hk_stream *stream, uint64_t group, uint32_t words[4][GROUP]) {
    uint64_t first = group * GROUP;
    for (uint32_t j = 0; j < GROUP; j++) {
        uint32_t c0 = (uint32_t)first + j, c1 = stream->high + (uint32_t)(first >> 32);
        uint32_t c2 = stream->stream[0], c3 = stream->stream[1];
        uint32_t k0 = stream->key[0], k1 = stream->key[1];
        for (int round = 0; round < 10; round++) {
            uint64_t p = (uint64_t)0xd2511f53u * c0, q = (uint64_t)0xcd9e8d57u * c2;
            uint32_t n0 = (uint32_t)(q >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p >> 32) ^ c3 ^ k1;
            c1 = (uint32_t)q;
            c3 = (uint32_t)p;
            c0 = n0;
            c2 = n2;
            k0 += 0x9e3779b9u;
            k1 += 0xbb67ae85u;
        }
        words[0][j] = c0; words[1][j] = c1; words[2][j] = c2; words[3][j] = c3;
    }
}

/* Logarithm of (0, 1], Cephes' logf: fraction in [sqrt(1/2), sqrt(2)), polynomial of degree 8. */
PLAIN float log_float(float u) {
#pragma clang fp contract(off) reassociate(off)
    uint32_t bits;
    memcpy(&bits, &u, 4);
    bits -= 0x3f3504f3u;
    float e = (float)((int32_t)bits >> 23);
    bits = (bits & 0x7fffffu) + 0x3f3504f3u;
    float m;
    memcpy(&m, &bits, 4);
    float x = m - 1, z = x * x;
    float y = x * 7.0376836292e-2f - 1.1514610310e-1f;
    y = y * x + 1.1676998740e-1f;
    y = y * x - 1.2420140846e-1f;
    y = y * x + 1.4249322787e-1f;
    y = y * x - 1.6668057665e-1f;
    y = y * x + 2.0000714765e-1f;
    y = y * x - 2.4999993993e-1f;
    y = y * x + 3.3333331174e-1f;
    y = y * x * z;
    y = y + e * -2.12194440e-4f;
    y = y - 0.5f * z;
    return x + y + e * 0.693359375f;
}

/* Two deviates from two words: radius from the first, angle from the second (in turns, by quadrant; Cephes' sinf and cosf). */
PLAIN void deviates(uint32_t a, uint32_t b, float *first, float *second) {
#pragma clang fp contract(off) reassociate(off)
    float u = ((float)(int32_t)(a >> 1) + 0.5f) * 0x1p-31f;
    float radius = __builtin_elementwise_sqrt(-2 * log_float(u));
    uint32_t quadrant = (b + 0x20000000u) >> 30;
    float angle = (float)(int32_t)(b - (quadrant << 30)) * (0x1p-30f * 1.57079632679f);
    float z = angle * angle;
    float s = z * -1.9515295891e-4f + 8.3321608736e-3f;
    s = s * z - 1.6666654611e-1f;
    s = angle + angle * (z * s);
    float c = z * 2.443315711809948e-5f - 1.388731625493765e-3f;
    c = c * z + 4.166664568298827e-2f;
    c = 1 - 0.5f * z + z * z * c;
    float cosine = quadrant & 1 ? s : c, sine = quadrant & 1 ? c : s;
    cosine = (quadrant + 1) & 2 ? -cosine : cosine;
    sine = quadrant & 2 ? -sine : sine;
    *first = radius * cosine;
    *second = radius * sine;
}

PLAIN void uniform_group(const hk_stream *stream, uint64_t group, float *out) {
#pragma clang fp contract(off) reassociate(off)
    uint32_t words[4][GROUP];
    blocks(stream, group, words);
    for (int w = 0; w < 4; w++)
        for (int j = 0; j < GROUP; j++) out[w * GROUP + j] = (float)((int32_t)words[w][j] >> 8) * 0x1p-23f + 0x1p-24f;
}

PLAIN void normal_group(const hk_stream *stream, uint64_t group, float *out) {
    uint32_t words[4][GROUP];
    blocks(stream, group, words);
    for (int w = 0; w < 4; w += 2)
        for (int j = 0; j < GROUP; j++)
            deviates(words[w][j], words[w + 1][j], &out[w * GROUP + j], &out[(w + 1) * GROUP + j]);
}

CLONES void hk_random_uniform(const hk_stream *stream, uint64_t first, size_t n, float *out) {
    for (size_t i = 0; i < n; i += 4 * GROUP) {
        float values[4 * GROUP];
        uniform_group(stream, first + i / (4 * GROUP), values);
        memcpy(out + i, values, (n - i < 4 * GROUP ? n - i : 4 * GROUP) * sizeof(float));
    }
}

CLONES void hk_random_normal(const hk_stream *stream, uint64_t first, size_t n, float *out) {
    for (size_t i = 0; i < n; i += 4 * GROUP) {
        float values[4 * GROUP];
        normal_group(stream, first + i / (4 * GROUP), values);
        memcpy(out + i, values, (n - i < 4 * GROUP ? n - i : 4 * GROUP) * sizeof(float));
    }
}

CLONES void hk_add_normal(const hk_stream *stream, uint64_t first, size_t n, float deviation, float *x) {
#pragma clang fp contract(off) reassociate(off)
    for (size_t i = 0; i < n; i += 4 * GROUP) {
        float values[4 * GROUP];
        normal_group(stream, first + i / (4 * GROUP), values);
        size_t end = n - i < 4 * GROUP ? n - i : 4 * GROUP;
        for (size_t j = 0; j < end; j++) x[i + j] += deviation * values[j];
    }
}
