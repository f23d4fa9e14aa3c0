#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "bfloat16.h"
#include "clones.h"
#include "exponential.h"
#include "vectors_avx512.h"

#pragma clang fp reassociate(on) contract(fast)

/* Attention without a matrix of scores (Dao et al. 2022, FlashAttention): for a block of queries, one block of keys after the
   other; what was gathered before is scaled down when a greater score comes. */
enum { block_queries = 64, block_keys = 256, block_panels = block_keys / 64 };

static size_t padded(size_t bytes) { return (bytes + 63) / 64 * 64; }
static size_t size_of(int kind) { return kind == inference_float32 ? 4 : 2; }

/* Where everything lies in the scratch. */
typedef struct {
    size_t key_units, value_units, width_panels;
    size_t keys, values, query, scores, chances, part, sum, maximum, total, factor, end;
} layout;

static layout layout_of(int kind, size_t keys, size_t width) {
    layout l;
    size_t blocks = (keys + block_keys - 1) / block_keys;
    l.key_units = padded(width * size_of(kind)) / 4;
    l.value_units = block_keys * size_of(kind) / 4;
    l.width_panels = (width + 15) / 16;
    l.keys = 0;
    l.values = l.keys + blocks * block_keys / 16 * l.key_units * 64;
    l.query = l.values + blocks * l.width_panels * l.value_units * 64;
    l.scores = l.query + block_queries * l.key_units * 4;
    l.chances = l.scores + block_panels * block_queries * 64 * 4;
    l.part = l.chances + block_queries * (block_keys * size_of(kind) + 64);
    l.sum = l.part + block_queries * 64 * 4;
    l.maximum = l.sum + block_queries * l.width_panels * 64;
    l.total = l.maximum + block_queries * 4;
    l.factor = l.total + block_queries * 4;
    l.end = l.factor + block_queries * 4;
    return l;
}

size_t inference_attention_scratch(int kind, size_t keys, size_t width) { return layout_of(kind, keys, width).end; }

/* kᵀ as weights are packed: for each 16 keys, for each unit of 4 bytes, 16 keys. */
static void pack_keys(const inference_head *h, layout l, char *packed) {
    size_t bytes = h->width * size_of(h->kind), all = (l.values - l.keys) / (l.key_units * 4);
    for (size_t key = 0; key < all; key += 16, packed += l.key_units * 64) {
        const char *from = (const char *)h->k + key * h->k_stride;
        if (key + 16 <= h->keys && bytes == l.key_units * 4) {
            for (size_t u = 0; u < l.key_units; u++)
                for (size_t c = 0; c < 16; c++) memcpy(packed + u * 64 + c * 4, from + c * h->k_stride + u * 4, 4);
            continue;
        }
        memset(packed, 0, l.key_units * 64);
        for (size_t c = 0; c < 16 && key + c < h->keys; c++)
            for (size_t u = 0; u * 4 < bytes; u++)
                memcpy(packed + u * 64 + c * 4, from + c * h->k_stride + u * 4, bytes - u * 4 < 4 ? bytes - u * 4 : 4);
    }
}

/* 16 channels of two neighbouring keys, element by element in turn. */
CLONES static void interleave(const uint16_t *restrict first, const uint16_t *restrict second, size_t n,
                              uint16_t *restrict to) {
    if (n == 16) {
        for (size_t c = 0; c < 16; c++) to[2 * c] = first[c], to[2 * c + 1] = second[c];
    } else {
        for (size_t c = 0; c < n; c++) to[2 * c] = first[c], to[2 * c + 1] = second[c];
    }
}

/* v as weights are packed, one block of keys after the other. */
static void pack_values(const inference_head *h, layout l, char *packed) {
    static const uint16_t none[16];
    size_t each = 4 / size_of(h->kind), block = l.width_panels * l.value_units * 64;
    memset(packed, 0, l.query - l.values);
    for (size_t key = 0; key < h->keys; key += each) {
        char *to = packed + key / block_keys * block + key % block_keys / each * 64;
        const char *from = (const char *)h->v + key * h->v_stride;
        for (size_t c = 0; c < h->width; c += 16) {
            size_t n = h->width - c < 16 ? h->width - c : 16;
            char *panel = to + c / 16 * l.value_units * 64;
            if (h->kind == inference_float32)
                memcpy(panel, from + c * 4, n * 4);
            else
                interleave((const uint16_t *)from + c, key + 1 < h->keys ? (const uint16_t *)(from + h->v_stride) + c : none,
                           n, (uint16_t *)panel);
        }
    }
}

/* Turns the scores of a row, in panels of 64, into unscaled chances; `maximum` and `total` go on over the blocks. */
CLONES static void soften_plain(const float *scores, size_t rows, size_t panels, size_t valid, float scale, float *maximum,
                          float *total, float *factor, int kind, char *chances, size_t stride) {
    for (size_t r = 0; r < rows; r++, chances += stride) {
        float lane[16], m = maximum[r], sum = 0;
        for (int i = 0; i < 16; i++) lane[i] = -INFINITY;
        for (size_t p = 0; p < panels; p++) {
            const float *s = scores + (p * block_queries + r) * 64;
            size_t n = valid - p * 64 < 64 ? valid - p * 64 : 64, i = 0;
            for (; i + 16 <= n; i += 16)
                for (int j = 0; j < 16; j++) lane[j] = s[i + j] > lane[j] ? s[i + j] : lane[j];
            for (; i < n; i++) lane[0] = s[i] > lane[0] ? s[i] : lane[0];
        }
        for (int i = 0; i < 16; i++) m = lane[i] * scale > m ? lane[i] * scale : m;
        factor[r] = exponential(maximum[r] - m);
        for (size_t p = 0; p < panels; p++) {
            const float *s = scores + (p * block_queries + r) * 64;
            size_t n = valid - p * 64 < 64 ? valid - p * 64 : 64;
            float e[64];
            for (size_t i = 0; i < 64; i++) e[i] = exponential(s[i] * scale - m);
            for (size_t i = n; i < 64; i++) e[i] = 0;
            for (size_t i = 0; i < 64; i++) sum += e[i];
            if (kind == inference_float32)
                memcpy(chances + p * 256, e, 256);
            else
                for (size_t i = 0; i < 64; i++) ((uint16_t *)(chances + p * 128))[i] = to_bfloat16(e[i]);
        }
        total[r] = total[r] * factor[r] + sum;
        maximum[r] = m;
    }
}

CLONES static void gather_part(float *sum, size_t stride, const float *part, size_t n, size_t rows,
                               const float *factor) {
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < n; i++) sum[r * stride + i] = sum[r * stride + i] * factor[r] + part[r * 64 + i];
}

CLONES static void store(const inference_head *h, const float *sum, size_t stride, const float *total, size_t first,
                         size_t rows) {
    for (size_t r = 0; r < rows; r++) {
        char *out = (char *)h->out + (first + r) * h->out_stride;
        float inverse = 1.0f / total[r];
        if (h->kind == inference_float32)
            for (size_t i = 0; i < h->width; i++) ((float *)out)[i] = sum[r * stride + i] * inverse;
        else
            for (size_t i = 0; i < h->width; i++) ((uint16_t *)out)[i] = to_bfloat16(sum[r * stride + i] * inverse);
        memset(out + h->width * size_of(h->kind), 0, h->padding);
    }
}

void inference_attention(const inference_head *h, size_t queries, void *scratch) {
    layout l = layout_of(h->kind, h->keys, h->width);
    inference_tile tile = inference_tile_of(h->kernel);
    char *base = scratch, *query = base + l.query, *chances = base + l.chances;
    float *scores = (float *)(base + l.scores), *part = (float *)(base + l.part), *sum = (float *)(base + l.sum);
    float *maximum = (float *)(base + l.maximum), *total = (float *)(base + l.total), *factor = (float *)(base + l.factor);
    size_t stride = block_keys * size_of(h->kind) + 64, sums = l.width_panels * 16;
    size_t bytes = h->width * size_of(h->kind);
    pack_keys(h, l, base + l.keys);
    pack_values(h, l, base + l.values);
    for (size_t first = 0; first < queries; first += block_queries) {
        size_t rows = queries - first < block_queries ? queries - first : block_queries;
        memset(query, 0, block_queries * l.key_units * 4);
        for (size_t r = 0; r < rows; r++)
            memcpy(query + r * l.key_units * 4, (const char *)h->q + (first + r) * h->q_stride, bytes);
        for (size_t r = 0; r < rows; r++) maximum[r] = -INFINITY, total[r] = 0;
        memset(sum, 0, rows * sums * 4);
        for (size_t key = 0; key < h->keys; key += block_keys) {
            size_t valid = h->keys - key < block_keys ? h->keys - key : block_keys, panels = (valid + 63) / 64;
            for (size_t p = 0; p < panels; p++)
                tile(h->kind, query, l.key_units * 4, base + l.keys + (key + p * 64) / 16 * l.key_units * 64,
                     l.key_units, 4, rows, scores + p * block_queries * 64);
            if (h->kernel == inference_avx512 || h->kernel == inference_amx)
                soften_avx512(scores, block_queries, rows, panels, valid, h->scale, maximum, total, factor, h->kind,
                              chances, stride);
            else
                soften_plain(scores, rows, panels, valid, h->scale, maximum, total, factor, h->kind, chances, stride);
            size_t units = panels * 64 * size_of(h->kind) / 4;
            for (size_t p = 0; p < l.width_panels; p += 4) {
                size_t count = l.width_panels - p < 4 ? l.width_panels - p : 4;
                const char *values = base + l.values + (key / block_keys * l.width_panels + p) * l.value_units * 64;
                /* Panels lie a whole block apart: shorter ones are multiplied one by one. */
                if (units == l.value_units)
                    tile(h->kind, chances, stride, values, units, count, rows, part);
                else
                    for (size_t i = 0; i < count; i++)
                        tile(h->kind, chances, stride, values + i * l.value_units * 64, units, 1, rows, part + i * 16);
                gather_part(sum + p * 16, sums, part, count * 16, rows, factor);
            }
        }
        store(h, sum, sums, total, first, rows);
    }
}
