#include "needles.h"
#include "clones.h"
#include <string.h>

enum { BLOCK = 64 };

uint32_t hk_needle_hash(const uint8_t *anchor) {
    uint32_t word;
    memcpy(&word, anchor, 4);
    /* Setting bit 5 makes letters small, and leaves digits, dots and dashes as they are. */
    return ((word | 0x20202020u) * 0x9E3779B1u) >> 16;
}

static inline int is_anchor(const uint8_t *b) {
    return ((b[0] >= 32) & (b[2] >= 32)) & (((b[1] >= 32) & (b[3] >= 32)) | ((b[1] == 0) & (b[3] == 0)));
}

int hk_needle_is_anchor(const uint8_t *bytes) { return is_anchor(bytes); }

/* Whether any place of a block may be an anchor. Words of images with up to 12 bits have none: their high bytes are
   control characters. */
CLONES static int block_has_anchor(const uint8_t *b) {
    uint8_t any = 0;
    for (int i = 0; i < BLOCK; i++) any |= (uint8_t)is_anchor(b + i);
    return any;
}

size_t hk_find_needles(const uint8_t *bytes, size_t n, size_t start, const uint8_t *filter, size_t *places, size_t most, size_t *next) {
    size_t found = 0, i = start;
    while (i + 4 <= n) {
        size_t end = n - 3;
        if (i + BLOCK + 3 <= n) {
            if (!block_has_anchor(bytes + i)) {
                i += BLOCK;
                continue;
            }
            end = i + BLOCK;
        }
        for (; i < end; i++) {
            if (!is_anchor(bytes + i)) continue;
            uint32_t bit = hk_needle_hash(bytes + i);
            if (!(filter[bit >> 3] >> (bit & 7) & 1)) continue;
            places[found++] = i;
            if (found == most) {
                *next = i + 1;
                return found;
            }
        }
    }
    *next = n;
    return found;
}
