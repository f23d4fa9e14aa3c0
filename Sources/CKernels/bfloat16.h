#ifndef BFLOAT16_H
#define BFLOAT16_H
#include <stdint.h>
#include <string.h>

/* The upper half of a float32, rounded to nearest, ties to even. */
static inline __attribute__((always_inline)) uint16_t to_bfloat16(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    /* Rounding could carry a NaN over into an infinity or a zero. */
    return (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded);
}

static inline __attribute__((always_inline)) float from_bfloat16(uint16_t x) {
    uint32_t bits = (uint32_t)x << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}
#endif
