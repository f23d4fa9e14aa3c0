#include "tables.h"

const standard_element *standard_element_for(uint32_t tag) {
    size_t low = 0, high = element_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (elements[middle].tag < tag) low = middle + 1; else high = middle;
    }
    if (low < element_count && elements[low].tag == tag) return &elements[low];
    if (tag >> 16 & 1) return NULL;
    for (size_t i = 0; i < repeating_count; i++)
        if ((tag & repeating_masks[i]) == repeating[i].tag) return &repeating[i];
    return NULL;
}

size_t standard_element_count(void) { return element_count + repeating_count; }

const standard_element *standard_element_at(size_t i) {
    if (i < element_count) return &elements[i];
    return i - element_count < repeating_count ? &repeating[i - element_count] : NULL;
}
