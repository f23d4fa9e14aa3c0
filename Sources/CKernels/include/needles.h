#ifndef NEEDLES_H
#define NEEDLES_H
#include <stddef.h>
#include <stdint.h>

/* A search for many texts at once, case-blind for ASCII. Each text is entered by four bytes of it, its anchor. */

enum { NEEDLE_FILTER_BYTES = 1 << 13 };

/* The bit of an anchor in a filter of NEEDLE_FILTER_BYTES bytes. */
uint32_t hk_needle_hash(const uint8_t *anchor);

/* Whether four bytes can be an anchor: none is a control character, or they are two characters of UTF-16. */
int hk_needle_is_anchor(const uint8_t *bytes);

/* Places of `bytes` from `start` on whose four bytes may be an anchor: those that the filter's bits say.
   Returns how many were written to `places`; `next` is where to go on, n when all was seen. */
size_t hk_find_needles(const uint8_t *bytes, size_t n, size_t start, const uint8_t *filter, size_t *places, size_t most, size_t *next);

#endif
