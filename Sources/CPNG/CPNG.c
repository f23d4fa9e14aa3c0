#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint8_t *bytes;
  size_t count, position;
} source;

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} sink;

typedef struct {
  char *message;
  size_t capacity;
} complaint;

static void fail(png_structp png, png_const_charp text) {
  complaint *to = png_get_error_ptr(png);
  if (to->capacity) {
    strncpy(to->message, text ? text : "", to->capacity - 1);
    to->message[to->capacity - 1] = 0;
  }
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void take(png_structp png, png_bytep out, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->count - from->position) png_error(png, "the file ends too early");
  memcpy(out, from->bytes + from->position, count);
  from->position += count;
}

// Sets up the conversions of png_description and reads up to the pixels.
static void start(png_structp png, png_infop info, source *from, int keeps_alpha, png_description *out) {
  // What libpng would forgive (wrong zlib checksum, too much or too little image data) means damaged pixels.
  png_set_benign_errors(png, 0);
  // Chunks about colour, text and time are not needed, and an odd one must not stop the reading.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_QUIET_USE);
  png_set_user_limits(png, 1 << 20, 1 << 20);
  png_set_read_fn(png, from, take);
  png_read_info(png, info);
  int color = png_get_color_type(png, info);
  out->width = png_get_image_width(png, info);
  out->height = png_get_image_height(png, info);
  out->has_alpha = (color & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && png_get_bit_depth(png, info) < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (keeps_alpha)
    png_set_tRNS_to_alpha(png);
  else
    png_set_strip_alpha(png);
  const uint16_t probe = 1;
  if (png_get_bit_depth(png, info) == 16 && *(const uint8_t *)&probe == 1) png_set_swap(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  out->bit_depth = png_get_bit_depth(png, info);
  out->channels = png_get_channels(png, info);
}

// Without `pixels` only the header is read.
static int read_image(
    const uint8_t *bytes, size_t count, int keeps_alpha, png_description *out, uint8_t *pixels, size_t pixel_count,
    complaint to) {
  source from = {bytes, count, 0};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &to, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  png_bytep *volatile rows = NULL;
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    return 0;
  }
  start(png, info, &from, keeps_alpha, out);
  if (pixels) {
    size_t row_size = png_get_rowbytes(png, info);
    if (!out->height || pixel_count != row_size * out->height) png_error(png, "the header changed while reading");
    rows = malloc(out->height * sizeof *rows);
    if (!rows) png_error(png, "out of memory");
    for (uint32_t y = 0; y < out->height; y++) rows[y] = pixels + y * row_size;
    png_read_image(png, rows);
    png_read_end(png, NULL);
  }
  png_destroy_read_struct(&png, &info, NULL);
  free(rows);
  return 1;
}

int png_describe(
    const uint8_t *bytes, size_t count, png_description *out, char *message, size_t message_capacity) {
  return read_image(bytes, count, 0, out, NULL, 0, (complaint){message, message_capacity});
}

int png_decode(
    const uint8_t *bytes, size_t count, int keeps_alpha, uint8_t *pixels, size_t pixel_count, char *message,
    size_t message_capacity) {
  png_description description;
  complaint to = {message, message_capacity};
  return read_image(bytes, count, keeps_alpha, &description, pixels, pixel_count, to);
}

static void give(png_structp png, png_bytep bytes, size_t count) {
  sink *to = png_get_io_ptr(png);
  if (count > to->capacity - to->count) {
    size_t capacity = to->capacity * 2 + count;
    uint8_t *larger = realloc(to->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    to->bytes = larger;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->count, bytes, count);
  to->count += count;
}

static void flush(png_structp png) { (void)png; }

int png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int bit_depth, uint8_t **out,
    size_t *out_count, char *message, size_t message_capacity) {
  complaint to = {message, message_capacity};
  sink target = {NULL, 0, 0};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &to, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(target.bytes);
    return 0;
  }
  png_set_write_fn(png, &target, give, flush);
  png_set_IHDR(
      png, info, width, height, bit_depth, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
      PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 6);
  png_write_info(png, info);
  const uint16_t probe = 1;
  if (bit_depth == 16 && *(const uint8_t *)&probe == 1) png_set_swap(png);
  size_t row_size = (size_t)width * channels * (bit_depth / 8);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, pixels + y * row_size);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  *out = target.bytes;
  *out_count = target.count;
  return 1;
}

void png_release(uint8_t *bytes) { free(bytes); }

uint32_t png_checksum(const uint8_t *bytes, size_t count) {
  uint32_t table[256];
  for (uint32_t i = 0; i < 256; i++) {
    table[i] = i;
    for (int bit = 0; bit < 8; bit++) table[i] = table[i] & 1 ? 0xEDB88320u ^ table[i] >> 1 : table[i] >> 1;
  }
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < count; i++) crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
  return ~crc;
}
