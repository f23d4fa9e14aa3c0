// Tables E.1-1, E.3.4-1 and E.3.10-1 of PS3.15.
#include "tables.h"
#include <string.h>

const standard_rule *standard_rule_for(uint32_t tag) {
    size_t low = 0, high = exact_rule_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rules[middle].tag < tag) low = middle + 1; else high = middle;
    }
    if (low < exact_rule_count && rules[low].tag == tag) return &rules[low];
    for (size_t i = exact_rule_count; i < rule_count; i++)
        if ((tag & rules[i].mask) == rules[i].tag) return &rules[i];
    return NULL;
}

size_t standard_rule_count(void) { return rule_count; }
const standard_rule *standard_rule_at(size_t i) { return i < rule_count ? &rules[i] : NULL; }
const char *standard_edition(void) { return profile_edition; }
const char *standard_digest(void) { return profile_digest; }

static int compare_item(const standard_content_item *item, const char *scheme, const char *code, const char *type) {
    int order = strcmp(item->scheme, scheme);
    if (order == 0) order = strcmp(item->code, code);
    return order ? order : strcmp(item->value_type, type);
}

// The SCT code for a SNOMED-RT one; the code itself when it is none, as some write SCT numbers with an old scheme.
static const char *current_code(const char *code) {
    for (size_t i = 0; i < retired_code_count; i++)
        if (strcmp(retired_codes[i].retired, code) == 0) return retired_codes[i].code;
    return code;
}

const standard_content_item *standard_content_item_for(const char *scheme, const char *code, const char *value_type) {
    if (!scheme || !code || !value_type) return NULL;
    if (strcmp(scheme, "SRT") == 0 || strcmp(scheme, "SNM3") == 0 || strcmp(scheme, "99SDM") == 0) {
        scheme = "SCT";
        code = current_code(code);
    }
    size_t low = 0, high = content_item_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_item(&content_items[middle], scheme, code, value_type) < 0) low = middle + 1; else high = middle;
    }
    if (low == content_item_count || compare_item(&content_items[low], scheme, code, value_type)) return NULL;
    return &content_items[low];
}

size_t standard_content_item_count(void) { return content_item_count; }
const standard_content_item *standard_content_item_at(size_t i) {
    return i < content_item_count ? &content_items[i] : NULL;
}

static int compare_creator(const char *known, const char *creator) {
    size_t length = strlen(creator);
    while (length && creator[length - 1] == ' ') length--;
    int order = strncmp(known, creator, length);
    return order ? order : known[length] != 0;
}

const standard_safe_private *standard_safe_private_for(const char *creator, uint16_t group, uint8_t element) {
    if (!creator) return NULL;
    size_t low = 0, high = safe_private_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const standard_safe_private *known = &safe_private[middle];
        int order = compare_creator(known->creator, creator);
        if (order == 0) order = known->group != group ? (known->group > group) - (known->group < group)
                                                      : (known->element > element) - (known->element < element);
        if (order == 0) return known;
        if (order < 0) low = middle + 1; else high = middle;
    }
    return NULL;
}

size_t standard_safe_private_count(void) { return safe_private_count; }
const standard_safe_private *standard_safe_private_at(size_t i) {
    return i < safe_private_count ? &safe_private[i] : NULL;
}
const char *standard_safe_private_edition(void) { return safe_private_edition; }
