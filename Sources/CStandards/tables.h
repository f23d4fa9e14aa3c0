// What the generated files define. Counts are in the generated files, so that a table and its size change together.
#ifndef TABLES_H
#define TABLES_H

#include "CStandards.h"

extern const standard_element elements[];
extern const size_t element_count;
// The mask of repeating element i: it stands for every tag with (tag & mask) == repeating[i].tag.
extern const standard_element repeating[];
extern const uint32_t repeating_masks[];
extern const size_t repeating_count;

extern const standard_rule rules[];
extern const size_t rule_count, exact_rule_count;
extern const char profile_edition[], profile_digest[];
extern const standard_content_item content_items[];
extern const size_t content_item_count;
// SNOMED-RT spelling of an SCT code, sorted by the spelling.
typedef struct { const char *retired, *code; } retired_code;
extern const retired_code retired_codes[];
extern const size_t retired_code_count;
extern const standard_safe_private safe_private[];
extern const size_t safe_private_count;
extern const char safe_private_edition[];

// All Types any module gives, sorted by (sequence, tag, type). A module is a run of indices into them, an IOD a run of
// modules; run i ends where run i + 1 starts.
#define NO_IOD 0xFFFF
extern const standard_typed typed[];
extern const size_t typed_count;
extern const uint16_t module_rows[], iod_modules[];
extern const uint32_t module_starts[], iod_starts[];
extern const size_t iod_count;
extern const char types_edition[];
typedef struct { const char *uid; uint16_t iod; } storage_class;
extern const storage_class storage_classes[];
extern const size_t storage_class_count;

typedef struct { const char *uid; uint8_t kind; } known_uid;
extern const known_uid known_uids[];
extern const size_t known_uid_count;
extern const char *const uid_kinds[];

extern const standard_word words[];
extern const size_t word_count;
// Unicode's Latin letters with accents, from the scalar that the name tells.
extern const char folds_00c0[400][2], folds_1e00[256][2];
#endif
