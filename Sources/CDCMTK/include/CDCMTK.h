#ifndef CDCMTK_H
#define CDCMTK_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
#define DCMTK_NOEXCEPT noexcept
extern "C" {
#else
#define DCMTK_NOEXCEPT
#endif

// DICOM files through DCMTK. No exception and no log line leaves this module: every entry point is noexcept and
// reports through `dcmtk_status`. A file belongs to one thread at a time; different files may be used at once.

typedef enum {
  DCMTK_OK = 0,
  DCMTK_UNREADABLE,         // the file system refused
  DCMTK_TRUNCATED,          // the file or its pixel data end too early
  DCMTK_MALFORMED,          // not parsable as DICOM
  DCMTK_ABSENT,             // the element asked for is not there
  DCMTK_DECODE_FAILED,      // a codec refused the compressed frame
  DCMTK_OUT_OF_MEMORY,
  DCMTK_TOO_LARGE,          // more than one of dcmtk_limits
  DCMTK_NO_DICTIONARY,      // DCMTK's data dictionary file was not found
  DCMTK_INTERNAL,           // an exception of another kind
} dcmtk_code;

typedef struct {
  dcmtk_code code;
  char message[160];  // DCMTK's words, NUL-terminated; never attribute values
} dcmtk_status;

typedef struct dcmtk_file dcmtk_file;  // an open file
typedef struct dcmtk_item dcmtk_item;  // a data set or an item of a sequence, borrowed from its file

/// What a file may ask of the parser; more is refused before it is parsed.
typedef struct {
  uint64_t inflated_bytes;  // of a deflated data set (PS3.5 A.5)
  uint64_t elements;        // elements and items, nested ones included
  uint64_t depth;           // levels of sequences and items
} dcmtk_limits;

/// Reads the data dictionary, which the first `dcmtk_open` does otherwise: some 8,000 lines of text.
void dcmtk_prepare(void) DCMTK_NOEXCEPT;

/// Opens a DICOM file, with or without preamble. With `header_only`, parsing stops before Pixel Data (7FE0,0010).
/// NULL on failure. Values over 4 KiB stay in the file until they are asked for.
dcmtk_file *dcmtk_open(
    const char *path, int header_only, const dcmtk_limits *limits, dcmtk_status *status) DCMTK_NOEXCEPT;
void dcmtk_close(dcmtk_file *file) DCMTK_NOEXCEPT;

/// Where a `header_only` parse stopped: behind tag and length of the pixel data element when the file has one and is
/// not deflated, so at its first byte.
uint64_t dcmtk_stop_offset(const dcmtk_file *file) DCMTK_NOEXCEPT;

/// Byte order and Value Representation with which the data set was really parsed, as a transfer syntax UID. DCMTK
/// takes every unknown syntax for explicit little endian, so (0002,0010) has the last word.
size_t dcmtk_parsed_syntax(const dcmtk_file *file, char *out, size_t capacity) DCMTK_NOEXCEPT;

const dcmtk_item *dcmtk_meta(const dcmtk_file *file) DCMTK_NOEXCEPT;
const dcmtk_item *dcmtk_dataset(const dcmtk_file *file) DCMTK_NOEXCEPT;
/// Item `index` of a sequence, or NULL.
const dcmtk_item *dcmtk_sequence_item(
    const dcmtk_item *item, uint16_t group, uint16_t element, size_t index) DCMTK_NOEXCEPT;
/// Items in a sequence; 0 when it is absent.
size_t dcmtk_sequence_count(const dcmtk_item *item, uint16_t group, uint16_t element) DCMTK_NOEXCEPT;

/// All values of an element as text, separated by backslashes. Copies at most `capacity` bytes and returns the full
/// length, or -1 when the element is absent or has no text form.
ptrdiff_t dcmtk_text(
    const dcmtk_item *item, uint16_t group, uint16_t element, char *out, size_t capacity) DCMTK_NOEXCEPT;
int dcmtk_has(const dcmtk_item *item, uint16_t group, uint16_t element) DCMTK_NOEXCEPT;

/// Copies at most `capacity` 16-bit words of an US, SS or OW element, in the byte order of this machine, and returns
/// how many it has, or -1 when it is absent or of another kind.
ptrdiff_t dcmtk_words(
    const dcmtk_item *item, uint16_t group, uint16_t element, uint16_t *out, size_t capacity) DCMTK_NOEXCEPT;

/// What a pixel data element holds before decoding.
typedef struct {
  int is_encapsulated;
  uint64_t byte_count;      // of a native value; 0 when encapsulated
  uint64_t fragment_count;  // without the offset table; 0 when native
  int is_big_endian;        // native pixels as they lie in the file
} dcmtk_pixel_info;
/// `element`: 0x0010 Pixel Data, 0x0008 Float Pixel Data, 0x0009 Double Float Pixel Data, all of group 7FE0.
int dcmtk_pixels(
    const dcmtk_file *file, uint16_t element, dcmtk_pixel_info *out, dcmtk_status *status) DCMTK_NOEXCEPT;

/// Native pixel data: `count` bytes from `offset`, in the byte order of this machine word by word as the element's
/// VR has it (4 bytes for OF, 8 for OD, 2 for OW, 1 for OB).
int dcmtk_native_bytes(
    const dcmtk_file *file, uint16_t element, uint32_t offset, uint32_t count, void *out,
    dcmtk_status *status) DCMTK_NOEXCEPT;

/// Bytes of one fragment (from 0; -1 is the Basic Offset Table) as they are stored; borrowed from the file.
const uint8_t *dcmtk_fragment(
    const dcmtk_file *file, int64_t index, size_t *count, dcmtk_status *status) DCMTK_NOEXCEPT;

/// Decodes one frame (from 0) of encapsulated pixel data into `capacity` bytes. `fragment` is 0 for the first frame
/// and is moved on to the next frame's first fragment. `color_model` receives the photometric interpretation of
/// the decoded frame, which need not be the one in the header.
int dcmtk_decode_frame(
    const dcmtk_file *file, uint32_t frame, uint32_t *fragment, void *out, uint32_t capacity, char *color_model,
    size_t color_capacity, dcmtk_status *status) DCMTK_NOEXCEPT;

/// Block (0x10 to 0xFF) that a private creator has reserved in an odd group (PS3.5 7.8.1); 0 when there is none.
uint16_t dcmtk_private_block(const dcmtk_item *item, uint16_t group, const char *creator) DCMTK_NOEXCEPT;

/// Bytes of an element whose VR is OB or UN. Copies at most `capacity` bytes and returns the full length, or -1 when
/// the element is absent or has another VR.
ptrdiff_t dcmtk_bytes(
    const dcmtk_item *item, uint16_t group, uint16_t element, uint8_t *out, size_t capacity) DCMTK_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
