// Tables of the DICOM standard as constants, sorted, with binary searches. Made by Scripts/standards/generate.py.
//
// Tags are 0xGGGGEEEE. Nothing here allocates but `standard_types_for`, and every function may be called from any thread.
#ifndef CSTANDARDS_H
#define CSTANDARDS_H

#include <stddef.h>
#include <stdint.h>

// — Data dictionary (PS3.6)

// One data element. Repeating groups and elements (50xx, 60xx, 7Fxx, 0020,31xx ...) have the tag with 0 for each x.
typedef struct {
    uint32_t tag;
    char vr[2];          // 0 for the item delimiters, which have none
    char vr2[2];         // second possible VR, 0 if none: "OB"/"OW", "US"/"SS"
    char vr3[2];         // third possible VR, 0 if none: "US"/"SS"/"OW"
    uint8_t is_multi;    // more than one value is allowed
    uint8_t is_retired;
    const char *keyword; // "" for the few retired elements that have none
} standard_element;

// NULL when the element is private, a group length (gggg,0000) outside groups 0000 and 0002, or unknown.
const standard_element *standard_element_for(uint32_t tag);
// First all single elements by tag, then the repeating ones by tag.
size_t standard_element_count(void);
const standard_element *standard_element_at(size_t i);

// — Confidentiality profiles (PS3.15, Table E.1-1)

// X_Z is "X unless Type 2", X_Z_U "X/Z/U*".
typedef enum {
    ACTION_NONE, ACTION_D, ACTION_Z, ACTION_X, ACTION_K, ACTION_C, ACTION_U,
    ACTION_Z_D, ACTION_X_Z, ACTION_X_D, ACTION_X_Z_D, ACTION_X_Z_U
} standard_action;

// Options in the table's order: 0 safe private, 1 UIDs, 2 device identity, 3 institution identity,
// 4 patient characteristics, 5 full dates, 6 modified dates, 7 clean descriptors, 8 clean structured content,
// 9 clean graphics. ACTION_NONE where the option says nothing.
typedef struct {
    uint32_t tag;
    uint32_t mask; // the rule holds where (tag & mask) == rule.tag: 0xFFFFFFFF, less for 50xx, 60xx and private groups
    uint8_t basic;
    uint8_t option[10];
    uint8_t is_retired;
} standard_rule;

// NULL: no rule. Every element of an odd group, creators included, has the rule of private attributes.
const standard_rule *standard_rule_for(uint32_t tag);
// Rules of single elements by tag, then those with a mask.
size_t standard_rule_count(void);
const standard_rule *standard_rule_at(size_t i);
// The edition of PS3.15 ("2026d"), and the lower-case hexadecimal SHA-256 of its XML.
const char *standard_edition(void);
const char *standard_digest(void);

// — Structured content (PS3.15, Table E.3.4-1)

// A content item by its concept name code. Options in the table's order: 0 UIDs, 1 device identity, 2 institution
// identity, 3 patient characteristics, 4 full dates, 5 modified dates, 6 clean descriptors.
typedef struct {
    const char *scheme;
    const char *code;
    const char *value_type;
    uint8_t basic;
    uint8_t option[7];
} standard_content_item;

// NULL: no rule. Coding schemes SRT, SNM3 and 99SDM stand for SCT: their codes are found by the SNOMED-RT spelling
// (PS3.16 Annex O) and by the SNOMED CT number.
const standard_content_item *standard_content_item_for(const char *scheme, const char *code, const char *value_type);
size_t standard_content_item_count(void);
const standard_content_item *standard_content_item_at(size_t i); // sorted by scheme, code, value type

// — Safe private attributes (PS3.15, Table E.3.10-1)

// `element` is the low byte: the block's high byte moves from file to file. `vr` is 0 where the table leaves it open.
typedef struct {
    const char *creator;
    uint16_t group;
    uint8_t element;
    char vr[2];
} standard_safe_private;

// Spaces at the end of `creator` do not matter. NULL: not known to be safe.
const standard_safe_private *standard_safe_private_for(const char *creator, uint16_t group, uint8_t element);
size_t standard_safe_private_count(void);
const standard_safe_private *standard_safe_private_at(size_t i); // sorted by creator, group, element
const char *standard_safe_private_edition(void); // "2025b"

// — Attribute Types by IOD (PS3.3)

// In order of strictness.
typedef enum { TYPE_NONE, TYPE_3, TYPE_2C, TYPE_2, TYPE_1C, TYPE_1 } standard_type;

typedef struct {
    uint32_t sequence; // innermost enclosing sequence, 0 at top level
    uint32_t tag;      // x is 0 in repeating groups (60xx)
    uint8_t type;
} standard_typed;

// All typed attributes of a SOP class's IOD, functional groups included, sorted by (sequence, tag), each once with the
// strictest Type that any of the IOD's modules gives it. NULL and 0 when the SOP class is unknown. The array is made at
// the first call for an IOD, and lives as long as the process.
const standard_typed *standard_types_for(const char *sop_class_uid, size_t *count);
// 1 for a storage SOP class that the standard defines, retired ones included; DICOMDIR, DICOS and DICONDE are none.
int standard_is_sop_class(const char *uid);
const char *standard_types_edition(void); // "2020", the year of PS3.3 that the Types are from

// — Unique identifiers (PS3.6, Tables)

// What a UID of the standard is: "SOP Class", "Transfer Syntax", "Coding Scheme", "Context Group Name", "Template" ...
// NULL for all others. The known ones are vocabulary and never replaced.
const char *standard_uid_kind(const char *uid);

// — Words of the field (PS3.16, PS3.6 and Scripts/standards/words)

// What a word is to who looks for names in a text. A word that is a name as well is kept or not by what stands beside it.
typedef enum {
    WORD_NONE,       // no word of the field
    WORD_PLAIN,
    WORD_SURNAME,    // a word, and rarely a surname: "bone", "loop"
    WORD_BESIDE,     // a word, and often a surname or given name: "hand", "case"
    WORD_NAME,       // as often a name: "long", "young"
    WORD_GIVEN,      // as often a given name: "mark", "may"
    WORD_EPONYM,     // a name, and a word with what it names: "crohn"
    WORD_PARTICLE,   // an article, and part of names: "la", "von"
    WORD_GIVEN_NAME, // no word, and a usual given name: "mary"
} standard_word_kind;

// What a word means for those beside it, word or not; Scripts/standards/words/roles.txt explains each.
typedef enum {
    ROLE_TITLE = 1 << 0, ROLE_AMBIGUOUS_TITLE = 1 << 1, ROLE_PERSON = 1 << 2, ROLE_WEAK_PERSON = 1 << 3,
    ROLE_CREDENTIAL = 1 << 4, ROLE_PLACE = 1 << 5, ROLE_IDENTIFIER = 1 << 6, ROLE_STREET = 1 << 7,
    ROLE_SURE_STREET = 1 << 8, ROLE_STREET_FIRST = 1 << 9, ROLE_INSTITUTION = 1 << 10,
    ROLE_INSTITUTION_PART = 1 << 11, ROLE_INSTITUTION_END = 1 << 12, ROLE_MONTH = 1 << 13, ROLE_CLOCK = 1 << 14,
    ROLE_UNIT = 1 << 15, ROLE_AGE = 1 << 16, ROLE_LABEL = 1 << 17, ROLE_EPONYM_HEAD = 1 << 18,
    ROLE_EPONYM_OF = 1 << 19, ROLE_DOMAIN = 1 << 20, ROLE_SAINT = 1 << 21,
} standard_word_role;

typedef struct {
    const char *text; // small letters without accents
    uint8_t kind;     // standard_word_kind
    uint32_t roles;   // of standard_word_role
} standard_word;

// NULL: neither a word nor of a role. `folded` is small letters a to z, or with digits between; it needs no 0 at its end.
const standard_word *standard_word_for(const char *folded, size_t length);
// 1 for a word of the field, though it may be a name as well.
int standard_is_word(const char *folded, size_t length);
size_t standard_word_count(void);
const standard_word *standard_word_at(size_t i); // sorted by text
// The one or two small letters a to z that a Latin letter with an accent is without it ("é" e, "ß" ss), into `letters`;
// returns how many, 0 for every scalar that is none.
size_t standard_fold(uint32_t scalar, char letters[2]);

#endif
