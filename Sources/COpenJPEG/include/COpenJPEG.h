#ifndef COPENJPEG_H
#define COPENJPEG_H
#include <stddef.h>
#include <stdint.h>

// JPEG 2000 (ISO/IEC 15444-1) and HTJ2K (15444-15) codestreams through OpenJPEG, from memory to memory. What a
// codestream announces is read and checked by this module before OpenJPEG allocates anything. No line is logged.

typedef enum {
  J2K_OK = 0,
  J2K_TRUNCATED,      // the codestream, or a tile of it, ends too early or is missing
  J2K_MALFORMED,      // not a codestream, or one whose markers contradict each other
  J2K_UNSUPPORTED,    // subsampled, offset or mixed components; more tiles or precincts than the limits
  J2K_DECODE_FAILED,  // OpenJPEG refused, or warned about, the coded data
  J2K_OUT_OF_MEMORY,
} j2k_code;

typedef struct {
  j2k_code code;
  char message[160];  // NUL-terminated, printable ASCII
} j2k_status;

/// What the main header says (15444-1 A.5.1, A.6.1).
typedef struct {
  uint32_t width, height;
  uint32_t component_count;
  uint32_t precision;        // bits of a sample, the same in all components
  int is_signed;
  int has_color_transform;   // RCT or ICT, which decoding undoes
  int is_reversible;         // the 5/3 wavelet
} j2k_description;

/// Largest counts that a codestream may announce; more is refused before memory is spent on it.
typedef struct {
  uint32_t tiles;
  uint64_t precincts;
} j2k_limits;

/// Reads the main header and walks the tile-parts: every tile must be there and whole. Takes a bare codestream or
/// one in a JP2 file (15444-1 Annex I), which some writers put into DICOM against PS3.5 A.4.4. Nonzero on success.
int j2k_describe(
    const uint8_t *bytes, size_t count, const j2k_limits *limits, j2k_description *out, j2k_status *status);

/// Decodes into planes of `width * height` values, one component after the other. The codestream must be what
/// `expected` says. Nonzero on success.
int j2k_decode(
    const uint8_t *bytes, size_t count, const j2k_limits *limits, const j2k_description *expected, int32_t *out,
    j2k_status *status);

#endif
