#include "types.h"
#include "clones.h"
#include <string.h>

static inline uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static inline float value_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

CLONES size_t hk_to_half(const float *restrict x, size_t n, uint16_t *restrict out) {
#pragma clang fp contract(off)
    uint32_t overflows = 0;
    size_t total = 0;
    for (size_t start = 0; start < n; start += 1 << 16, overflows = 0) {
        size_t stop = n - start < 1 << 16 ? n : start + (1 << 16);
        for (size_t i = start; i < stop; i++) {
            uint32_t bits = bits_of(x[i]), sign = bits & 0x80000000u, size = bits ^ sign;
            /* Half a unit in the last place less one, and one where the last bit is odd: ties go to even. */
            uint32_t normal = (size + 0xc8000fffu + ((size >> 13) & 1)) >> 13;
            /* Below 2^-14 the addition of 1/2 shifts the fraction to its place and rounds it. */
            uint32_t subnormal = bits_of(value_of(size) + 0.5f) - 0x3f000000u;
            uint32_t special = size > 0x7f800000u ? 0x7e00u : 0x7c00u;
            uint32_t half = size < 0x38800000u ? subnormal : size < 0x47800000u ? normal : special;
            /* 65520 lies between the greatest half and what would be the next, and goes to the even one: infinity. */
            overflows += size >= 0x477ff000u && size < 0x7f800000u;
            out[i] = (uint16_t)(half | sign >> 16);
        }
        total += overflows;
    }
    return total;
}

CLONES size_t hk_to_bfloat16(const float *restrict x, size_t n, uint16_t *restrict out) {
    uint32_t overflows = 0;
    size_t total = 0;
    for (size_t start = 0; start < n; start += 1 << 16, overflows = 0) {
        size_t stop = n - start < 1 << 16 ? n : start + (1 << 16);
        for (size_t i = start; i < stop; i++) {
            uint32_t bits = bits_of(x[i]), size = bits & 0x7fffffffu;
            uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1)) >> 16;
            /* A NaN whose fraction is all in the lower half would become infinity. */
            uint32_t quiet = bits >> 16 | 0x40u;
            overflows += size >= 0x7f7f8000u && size < 0x7f800000u;
            out[i] = (uint16_t)(size > 0x7f800000u ? quiet : rounded);
        }
        total += overflows;
    }
    return total;
}

CLONES size_t hk_to_unit_bytes(const float *restrict x, size_t n, uint8_t *restrict out) {
#pragma clang fp contract(off)
    uint32_t outside = 0;
    size_t total = 0;
    for (size_t start = 0; start < n; start += 1 << 16, outside = 0) {
        size_t stop = n - start < 1 << 16 ? n : start + (1 << 16);
        for (size_t i = start; i < stop; i++) {
            float value = x[i];
            outside += !(value >= 0 && value <= 1);
            /* A Float32 near 1.5 * 2^23 has a last bit worth 1: the addition rounds to a whole number in its low bits. */
            out[i] = (uint8_t)bits_of(value * 255.0f + 12582912.0f);
        }
        total += outside;
    }
    return total;
}

CLONES size_t hk_count_not_finite(const float *x, size_t n) {
    uint32_t found = 0;
    size_t total = 0;
    for (size_t start = 0; start < n; start += 1 << 16, found = 0) {
        size_t stop = n - start < 1 << 16 ? n : start + (1 << 16);
        for (size_t i = start; i < stop; i++) found += (bits_of(x[i]) & 0x7f800000u) == 0x7f800000u;
        total += found;
    }
    return total;
}
