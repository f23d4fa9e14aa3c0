#include "huffman.h"
#include <string.h>

/* Every value of the bits that begin with a code. */
static void fill(huffman_table *table, uint32_t code, int length, int category) {
    int rest = LOOKUP_BITS - length;
    /* Category 16 stands for 32768 and has no additional bits. */
    int additional = category == 16 ? 0 : category;
    for (uint32_t tail = 0; tail < 1u << rest; tail++) {
        huffman_entry *entry = &table->entries[code << rest | tail];
        if (additional > rest) {
            *entry = (huffman_entry){.length = (uint8_t)length, .category = (uint8_t)category};
        } else {
            int32_t difference = category == 16 ? -32768
                : category == 0                 ? 0
                                                : huffman_extend(tail >> (rest - additional), category);
            *entry = (huffman_entry){.difference = (int16_t)difference, .length = (uint8_t)(length + additional)};
        }
    }
}

int huffman_make(huffman_table *table, const uint8_t counts[LONGEST_CODE], const uint8_t *categories) {
    memset(table, 0, sizeof *table);
    uint32_t code = 0, place = 0;
    for (int length = 1; length <= LONGEST_CODE; length++) {
        uint32_t count = counts[length - 1];
        table->last[length] = -1;
        /* No more codes than the length has room for. */
        if (place + count > 256 || code + count > 1u << length) return 0;
        table->offset[length] = (int32_t)place - (int32_t)code;
        for (uint32_t i = 0; i < count; i++, code++, place++) {
            if (categories[place] > 16) return 0;
            table->categories[place] = categories[place];
            table->last[length] = (int32_t)code;
            if (length <= LOOKUP_BITS) fill(table, code, length, categories[place]);
        }
        code <<= 1;
    }
    return place > 0;
}
