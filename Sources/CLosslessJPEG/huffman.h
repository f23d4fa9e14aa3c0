/* Huffman codes of differences (T.81 C.2, H.1.2.2), decoded mostly by one look into a table. */
#ifndef HUFFMAN_H
#define HUFFMAN_H
#include "bits.h"

enum { LOOKUP_BITS = 12, LONGEST_CODE = 16 };

/* What the next LOOKUP_BITS bits begin with. */
typedef struct {
    int16_t difference;  /* when the code and its additional bits fit; 32768 is -32768, the same modulo 65536 */
    uint8_t length;      /* of the code, with the additional bits when they fit; 0 for a longer code or none */
    uint8_t category;    /* SSSS, when additional bits must still be read; otherwise 0 */
} huffman_entry;

typedef struct {
    huffman_entry entries[1 << LOOKUP_BITS];
    int32_t last[LONGEST_CODE + 1];    /* the largest code of each length, or -1 */
    int32_t offset[LONGEST_CODE + 1];  /* place of a code's category: code + offset */
    uint8_t categories[256];
} huffman_table;

/* From the 16 counts and the categories of a DHT segment; 0 when they make no table of categories up to 16. */
int huffman_make(huffman_table *table, const uint8_t counts[LONGEST_CODE], const uint8_t *categories);

/* T.81 table H.2 and figure F.12: `value` holds `category` additional bits. */
static inline int32_t huffman_extend(uint32_t value, int category) {
    return value >> (category - 1) ? (int32_t)value : (int32_t)value - (1 << category) + 1;
}

/* The additional bits behind a code; category 16 has none. */
static inline int32_t huffman_additional(bit_reader *bits, int category) {
    if (category == 0) return 0;
    if (category == 16) return 32768;
    uint32_t value = (uint32_t)(bits->window >> (64 - category));
    bits_skip(bits, category);
    return huffman_extend(value, category);
}

/* A code longer than the table; sets `is_broken` when it is none. */
static inline int32_t huffman_long(const huffman_table *table, bit_reader *bits, int *is_broken) {
    for (int length = LOOKUP_BITS + 1; length <= LONGEST_CODE; length++) {
        int32_t code = (int32_t)(bits->window >> (64 - length));
        if (code > table->last[length]) continue;
        bits_skip(bits, length);
        return huffman_additional(bits, table->categories[(uint8_t)(code + table->offset[length])]);
    }
    *is_broken = 1;
    return 0;
}

/* The next difference. */
static inline int32_t huffman_difference(const huffman_table *table, bit_reader *bits, int *is_broken) {
    /* A code of 16 bits and 15 additional ones. */
    bits_refill(bits);
    huffman_entry entry = table->entries[bits->window >> (64 - LOOKUP_BITS)];
    if (__builtin_expect(entry.length == 0, 0)) return huffman_long(table, bits, is_broken);
    bits_skip(bits, entry.length);
    return __builtin_expect(entry.category == 0, 1) ? entry.difference : huffman_additional(bits, entry.category);
}
#endif
