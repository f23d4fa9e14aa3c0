// The Types of an IOD are those of its modules. Modules share rows and IODs share modules, so the tables hold each once
// (200 KB instead of 2 MB), and the array of an IOD is put together when a file of it is met.
#include "tables.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define MAX_IODS 256

typedef struct { size_t count; standard_typed rows[]; } merged;
static _Atomic(merged *) merged_iods[MAX_IODS];

static merged *merge(uint16_t iod) {
    uint8_t *present = calloc(typed_count, 1);
    merged *result = malloc(sizeof(merged) + typed_count * sizeof(standard_typed));
    if (!present || !result) abort();
    for (uint32_t m = iod_starts[iod]; m < iod_starts[iod + 1]; m++)
        for (uint32_t r = module_starts[iod_modules[m]]; r < module_starts[iod_modules[m] + 1]; r++)
            present[module_rows[r]] = 1;
    size_t count = 0;
    for (size_t i = 0; i < typed_count; i++) {
        if (!present[i]) continue;
        // Rows of one attribute follow each other, the strictest last.
        int again = count && result->rows[count - 1].sequence == typed[i].sequence
            && result->rows[count - 1].tag == typed[i].tag;
        if (again) count--;
        result->rows[count++] = typed[i];
    }
    free(present);
    result->count = count;
    merged *smaller = realloc(result, sizeof(merged) + count * sizeof(standard_typed));
    return smaller ? smaller : result;
}

static const storage_class *storage_class_for(const char *uid) {
    if (!uid) return NULL;
    size_t low = 0, high = storage_class_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(storage_classes[middle].uid, uid) < 0) low = middle + 1; else high = middle;
    }
    return low < storage_class_count && strcmp(storage_classes[low].uid, uid) == 0 ? &storage_classes[low] : NULL;
}

const standard_typed *standard_types_for(const char *sop_class_uid, size_t *count) {
    *count = 0;
    const storage_class *known = storage_class_for(sop_class_uid);
    if (!known || known->iod == NO_IOD || known->iod >= MAX_IODS) return NULL;
    merged *rows = atomic_load_explicit(&merged_iods[known->iod], memory_order_acquire);
    if (!rows) {
        merged *made = merge(known->iod);
        // Two threads may merge the same IOD at once: the first one's stays.
        if (atomic_compare_exchange_strong(&merged_iods[known->iod], &rows, made)) rows = made; else free(made);
    }
    *count = rows->count;
    return rows->rows;
}

int standard_is_sop_class(const char *uid) { return storage_class_for(uid) != NULL; }
const char *standard_types_edition(void) { return types_edition; }
