#include "codestream.h"

#include <stdio.h>
#include <string.h>

static uint32_t big16(const uint8_t *p) { return (uint32_t)p[0] << 8 | p[1]; }
static uint32_t big32(const uint8_t *p) { return big16(p) << 16 | big16(p + 2); }
static uint64_t quotient(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

int j2k_fail(j2k_status *status, j2k_code code, const char *text) {
  status->code = code;
  snprintf(status->message, sizeof status->message, "%s", text);
  return 0;
}

int j2k_find(const uint8_t **bytes, size_t *count, j2k_status *status) {
  static const uint8_t signature[8] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
  const uint8_t *p = *bytes, *end = *bytes + *count;
  if (*count >= 12 && memcmp(p, signature, 8) == 0) {
    for (p += 12;;) {
      if (end - p < 8) return j2k_fail(status, J2K_TRUNCATED, "JP2 file without a codestream");
      uint64_t length = big32(p);
      int is_codestream = memcmp(p + 4, "jp2c", 4) == 0;
      uint64_t header = 8;
      if (length == 1) {
        if (end - p < 16) return j2k_fail(status, J2K_TRUNCATED, "JP2 box ends too early");
        length = (uint64_t)big32(p + 8) << 32 | big32(p + 12);
        header = 16;
      } else if (length == 0) {
        length = (uint64_t)(end - p);
      }
      if (length < header) return j2k_fail(status, J2K_MALFORMED, "JP2 box of impossible length");
      if (length > (uint64_t)(end - p)) return j2k_fail(status, J2K_TRUNCATED, "JP2 box ends too early");
      if (is_codestream) {
        *bytes = p + header;
        *count = (size_t)(length - header);
        break;
      }
      p += length;
    }
  }
  if (*count < 4 || memcmp(*bytes, "\xFF\x4F\xFF\x51", 4) != 0)
    return j2k_fail(status, J2K_MALFORMED, "no JPEG 2000 codestream (SOC and SIZ markers)");
  return 1;
}

typedef struct {
  j2k_description description;
  uint64_t tiles;
} size_marker;

// SIZ (A.5.1): length, capabilities, then sizes and offsets of image and tiles, then three bytes a component.
static int read_size(
    const uint8_t *p, size_t length, const j2k_limits *limits, size_marker *out, j2k_status *status) {
  if (length < 41) return j2k_fail(status, J2K_MALFORMED, "SIZ marker of impossible length");
  uint32_t right = big32(p + 4), bottom = big32(p + 8), left = big32(p + 12), top = big32(p + 16);
  uint32_t tile_width = big32(p + 20), tile_height = big32(p + 24), tile_left = big32(p + 28), tile_top = big32(p + 32);
  uint32_t components = big16(p + 36);
  if (length != 38 + 3 * (size_t)components || components == 0)
    return j2k_fail(status, J2K_MALFORMED, "SIZ marker contradicts its component count");
  if (right <= left || bottom <= top || tile_width == 0 || tile_height == 0 || tile_left > left || tile_top > top)
    return j2k_fail(status, J2K_MALFORMED, "SIZ marker with impossible sizes");
  j2k_description *description = &out->description;
  description->width = right - left;
  description->height = bottom - top;
  description->component_count = components;
  description->precision = (p[38] & 0x7Fu) + 1;
  description->is_signed = p[38] >> 7;
  for (uint32_t i = 0; i < components; i++) {
    const uint8_t *component = p + 38 + 3 * i;
    if (component[1] != 1 || component[2] != 1)
      return j2k_fail(status, J2K_UNSUPPORTED, "subsampled components in JPEG 2000 are not read");
    if (component[0] != p[38])
      return j2k_fail(status, J2K_UNSUPPORTED, "components of different precision or sign are not read");
  }
  out->tiles = quotient(right - tile_left, tile_width) * quotient(bottom - tile_top, tile_height);
  if (out->tiles > limits->tiles) return j2k_fail(status, J2K_UNSUPPORTED, "more tiles than the limit");
  return 1;
}

// What COD (A.6.1) and COC (A.6.2) have in common, from the number of levels on. Precincts are counted because a decoder
// allocates each of them, whether coded data follows or not; as if this style were that of all components and tiles.
static int read_style(
    const uint8_t *p, size_t length, int has_precincts, const j2k_limits *limits, const j2k_description *image,
    j2k_status *status) {
  uint32_t levels = p[0];
  if (levels > 32 || (has_precincts && length < 6 + levels))
    return j2k_fail(status, J2K_MALFORMED, "a coding style contradicts its level count");
  uint64_t precincts = 0;
  for (uint32_t level = 0; level <= levels; level++) {
    uint32_t exponents = has_precincts ? p[5 + level] : 0xFF;
    uint64_t scale = 1ull << (levels - level);
    uint64_t across = quotient(quotient(image->width, scale), 1ull << (exponents & 15)) + 1;
    uint64_t down = quotient(quotient(image->height, scale), 1ull << (exponents >> 4)) + 1;
    precincts += across * down;
  }
  precincts *= image->component_count;
  if (precincts > limits->precincts) return j2k_fail(status, J2K_UNSUPPORTED, "more precincts than the limit");
  return 1;
}

static int read_coding(
    const uint8_t *p, size_t length, const j2k_limits *limits, j2k_description *image, j2k_status *status) {
  if (length < 12) return j2k_fail(status, J2K_MALFORMED, "COD marker of impossible length");
  image->has_color_transform = p[6] == 1;
  image->is_reversible = p[11] == 1;
  return read_style(p + 7, length - 7, p[2] & 1, limits, image, status);
}

// The number of the component takes two bytes where there are more than 256.
static int read_component_coding(
    const uint8_t *p, size_t length, const j2k_limits *limits, const j2k_description *image, j2k_status *status) {
  size_t style = image->component_count > 256 ? 4 : 3;
  if (length < style + 6) return j2k_fail(status, J2K_MALFORMED, "COC marker of impossible length");
  return read_style(p + style + 1, length - style - 1, p[style] & 1, limits, image, status);
}

// A tile-part may have a coding style of its own (A.4.2, table A.2) before its data, which SOD announces.
static int read_tile_header(
    const uint8_t *p, const uint8_t *end, const j2k_limits *limits, j2k_description image, j2k_status *status) {
  while (end - p >= 4 && big16(p) != 0xFF93) {
    uint32_t marker = big16(p);
    size_t length = big16(p + 2);
    if (marker < 0xFF30 || length < 2 || length > (size_t)(end - p - 2)) break;
    if (marker == 0xFF52 && !read_coding(p + 2, length, limits, &image, status)) return 0;
    if (marker == 0xFF53 && !read_component_coding(p + 2, length, limits, &image, status)) return 0;
    p += 2 + length;
  }
  if (end - p < 2 || big16(p) != 0xFF93) return j2k_fail(status, J2K_MALFORMED, "damaged tile-part header");
  return 1;
}

// Tile-parts (A.4.2) from `p`, the first SOT marker, to the end of codestream. A decoder fills what is missing with
// gray, so completeness is decided here: every tile has a part, and every part lies inside the codestream.
static int walk_tiles(
    const uint8_t *p, const uint8_t *end, const j2k_limits *limits, const size_marker *size, j2k_status *status) {
  uint8_t seen[(1 << 16) / 8] = {0};
  uint64_t found = 0;
  while (end - p >= 2 && big16(p) == 0xFF90) {
    if (end - p < 12) return j2k_fail(status, J2K_TRUNCATED, "tile-part header ends too early");
    uint32_t index = big16(p + 4), length = big32(p + 6);
    if (index >= size->tiles) return j2k_fail(status, J2K_MALFORMED, "tile-part of a tile that does not exist");
    if (!(seen[index / 8] >> (index % 8) & 1)) found++;
    seen[index / 8] |= (uint8_t)(1 << (index % 8));
    if (length == 0) {
      // The last part may leave its length open; then only the end marker shows that it is whole.
      if (end - p >= 1 && end[-1] == 0) end--;
      if (end - p < 14 || big16(end - 2) != 0xFFD9)
        return j2k_fail(status, J2K_TRUNCATED, "the codestream has no end marker");
      if (!read_tile_header(p + 12, end, limits, size->description, status)) return 0;
      p = end - 2;
      break;
    }
    if (length < 14) return j2k_fail(status, J2K_MALFORMED, "tile-part of impossible length");
    if (length > (size_t)(end - p)) return j2k_fail(status, J2K_TRUNCATED, "a tile-part ends too early");
    if (!read_tile_header(p + 12, p + length, limits, size->description, status)) return 0;
    p += length;
  }
  if (found != size->tiles) return j2k_fail(status, J2K_TRUNCATED, "tiles are missing");
  if (end - p >= 2 && big16(p) != 0xFFD9)
    return j2k_fail(status, J2K_MALFORMED, "neither a tile-part nor the end where one must be");
  return 1;
}

int j2k_describe(
    const uint8_t *bytes, size_t count, const j2k_limits *limits, j2k_description *out, j2k_status *status) {
  memset(status, 0, sizeof *status);
  if (!j2k_find(&bytes, &count, status)) return 0;
  size_marker size;
  memset(&size, 0, sizeof size);
  int has_size = 0, has_coding = 0;
  const uint8_t *p = bytes + 2, *end = bytes + count;
  while (end - p >= 4) {
    uint32_t marker = big16(p);
    if (marker == 0xFF90) {
      if (!has_size || !has_coding) return j2k_fail(status, J2K_MALFORMED, "no COD marker before the first tile");
      *out = size.description;
      return walk_tiles(p, end, limits, &size, status);
    }
    size_t length = big16(p + 2);
    if (marker < 0xFF30 || length < 2) return j2k_fail(status, J2K_MALFORMED, "damaged main header");
    if (length > (size_t)(end - p - 2)) break;
    if (marker == 0xFF51) {
      if (has_size++ || !read_size(p + 2, length, limits, &size, status))
        return status->code ? 0 : j2k_fail(status, J2K_MALFORMED, "two SIZ markers");
    } else if (marker == 0xFF52) {
      has_coding = 1;
      if (!read_coding(p + 2, length, limits, &size.description, status)) return 0;
    } else if (marker == 0xFF53) {
      if (!read_component_coding(p + 2, length, limits, &size.description, status)) return 0;
    }
    p += 2 + length;
  }
  return j2k_fail(status, J2K_TRUNCATED, "the main header ends too early");
}
