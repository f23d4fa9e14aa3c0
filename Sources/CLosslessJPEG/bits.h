/* Entropy-coded bits (T.81 F.2.2.5): the first in the highest place, 0xFF followed by a stuffed zero. */
#ifndef BITS_H
#define BITS_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t window;      /* bits that come next, the first in bit 63 */
    int count;            /* of them, those of `padding` included */
    int padding;          /* zeros behind the last real bit, where a marker or the end of the bytes was met */
    const uint8_t *next, *end;
} bit_reader;

static inline void bits_begin(bit_reader *bits, const uint8_t *next, const uint8_t *end) {
    *bits = (bit_reader){.next = next, .end = end};
}

static inline void bits_refill_bytewise(bit_reader *bits) {
    while (bits->count <= 56) {
        uint64_t byte = 0;
        if (bits->padding > 0 || bits->next == bits->end) {
            bits->padding += 8;
        } else if (*bits->next != 0xFF) {
            byte = *bits->next++;
        } else if (bits->end - bits->next >= 2 && bits->next[1] == 0) {
            byte = 0xFF;
            bits->next += 2;
        } else {
            bits->padding += 8;
        }
        bits->window |= byte << (56 - bits->count);
        bits->count += 8;
    }
}

/* Afterwards the window holds at least 32 bits. */
static inline void bits_refill(bit_reader *bits) {
    if (bits->count >= 32) return;
    if (__builtin_expect(bits->end - bits->next >= 4 && bits->padding == 0, 1)) {
        const uint8_t *p = bits->next;
        uint32_t word = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        /* No byte is 0xFF: the complement has no zero byte. */
        if (__builtin_expect(((~word - 0x01010101u) & word & 0x80808080u) == 0, 1)) {
            bits->window |= (uint64_t)word << (32 - bits->count);
            bits->count += 32;
            bits->next += 4;
            return;
        }
    }
    bits_refill_bytewise(bits);
}

static inline void bits_skip(bit_reader *bits, int count) {
    bits->window <<= count;
    bits->count -= count;
}

/* Bits that never were have been taken. */
static inline int bits_overrun(const bit_reader *bits) { return bits->count < bits->padding; }

/* The marker that follows the last coded byte, whose rest is filled up; null when there is more or nothing. */
static inline const uint8_t *bits_marker(const bit_reader *bits) {
    if (bits_overrun(bits) || bits->count - bits->padding >= 8) return NULL;
    const uint8_t *p = bits->next;
    while (bits->end - p >= 2 && p[0] == 0xFF && p[1] == 0xFF) p++;
    return bits->end - p >= 2 && p[0] == 0xFF && p[1] != 0 ? p : NULL;
}
#endif
