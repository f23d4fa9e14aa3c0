#include "tables.h"
#include <string.h>

// An arc with one number under it, as PS3.6 registers context groups and templates: by number, not one by one.
static int is_numbered(const char *uid, const char *arc) {
    size_t length = strlen(arc);
    if (strncmp(uid, arc, length) != 0 || uid[length] == 0) return 0;
    return uid[length + strspn(uid + length, "0123456789")] == 0;
}

const char *standard_uid_kind(const char *uid) {
    if (!uid) return NULL;
    size_t low = 0, high = known_uid_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(known_uids[middle].uid, uid) < 0) low = middle + 1; else high = middle;
    }
    if (low < known_uid_count && strcmp(known_uids[low].uid, uid) == 0) return uid_kinds[known_uids[low].kind];
    if (is_numbered(uid, "1.2.840.10008.6.1.")) return "Context Group Name";
    if (is_numbered(uid, "1.2.840.10008.9.")) return "Template";
    return NULL;
}
