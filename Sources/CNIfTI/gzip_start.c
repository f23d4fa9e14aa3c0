#include "CNIfTI.h"

#include <limits.h>
#include <zlib.h>

size_t gzip_inflate_start(const unsigned char *bytes, size_t count, unsigned char *out, size_t capacity) {
  if (count > UINT_MAX || capacity > UINT_MAX) return 0;
  z_stream stream = {0};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return 0;  // + 16: gzip and nothing else
  stream.next_in = (unsigned char *)bytes;
  stream.avail_in = (uInt)count;
  stream.next_out = out;
  stream.avail_out = (uInt)capacity;
  // The input may end anywhere; what came out until then is right.
  inflate(&stream, Z_SYNC_FLUSH);
  size_t produced = capacity - stream.avail_out;
  inflateEnd(&stream);
  return produced;
}
