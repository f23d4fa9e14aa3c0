#include "tables.h"
#include <string.h>

// strcmp for a text without a 0 at its end.
static int compare_word(const char *known, const char *text, size_t length) {
    int order = strncmp(known, text, length);
    return order ? order : known[length] != 0;
}

const standard_word *standard_word_for(const char *folded, size_t length) {
    size_t low = 0, high = word_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_word(words[middle].text, folded, length);
        if (order == 0) return &words[middle];
        if (order < 0) low = middle + 1; else high = middle;
    }
    return NULL;
}

int standard_is_word(const char *folded, size_t length) {
    const standard_word *word = standard_word_for(folded, length);
    return word && word->kind != WORD_NONE && word->kind != WORD_GIVEN_NAME;
}

size_t standard_word_count(void) { return word_count; }
const standard_word *standard_word_at(size_t i) { return i < word_count ? &words[i] : NULL; }

size_t standard_fold(uint32_t scalar, char letters[2]) {
    const char *folded;
    if (scalar >= 0xC0 && scalar < 0xC0 + 400) folded = folds_00c0[scalar - 0xC0];
    else if (scalar >= 0x1E00 && scalar < 0x1E00 + 256) folded = folds_1e00[scalar - 0x1E00];
    else return 0;
    memcpy(letters, folded, 2);
    return folded[0] == 0 ? 0 : folded[1] == 0 ? 1 : 2;
}
