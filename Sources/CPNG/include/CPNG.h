#ifndef CPNG_H
#define CPNG_H
#include <stddef.h>
#include <stdint.h>

// PNG images through libpng's full API. Its errors are long jumps, which Swift cannot take part in, so that they stay
// in this file. The simplified png_image API would do without, but converts by gamma: 16-bit samples and
// colours with a gAMA chunk would not come back as they are stored.

typedef struct {
  uint32_t width, height;
  int bit_depth;    // after expansion: 8 or 16
  int channels;     // after expansion and without alpha: 1 or 3
  int has_alpha;    // the file has an alpha channel or transparent colours, which are left out
} png_description;

/// Reads the header. 0 on failure, with libpng's words in `message`.
int png_describe(
    const uint8_t *bytes, size_t count, png_description *out, char *message, size_t message_capacity);

/// Decodes all rows, top first, channels interleaved, 16-bit samples in the byte order of this machine, into exactly
/// height * width * channels * bit_depth / 8 bytes. Every checksum and the end of the file are verified. With `keeps_alpha`,
/// for files that have alpha, it is one channel more, the last of each pixel.
int png_decode(
    const uint8_t *bytes, size_t count, int keeps_alpha, uint8_t *pixels, size_t pixel_count, char *message,
    size_t message_capacity);

/// Encodes gray (1) or RGB (3) rows of 8- or 16-bit samples in the byte order of this machine. `*out` is to be freed
/// with `png_release`. The same pixels always give the same bytes.
int png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int bit_depth, uint8_t **out,
    size_t *out_count, char *message, size_t message_capacity);
void png_release(uint8_t *bytes);

/// The checksum of a chunk's type and data (W3C PNG, annex D).
uint32_t png_checksum(const uint8_t *bytes, size_t count);

#endif
