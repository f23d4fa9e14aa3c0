#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Gzip members (RFC 1952) inflated piece by piece, each with its checksum and length verified.
typedef struct gzip_stream gzip_stream;

/// NULL when memory is short.
gzip_stream *gzip_stream_new(void);
void gzip_stream_free(gzip_stream *stream);

enum {
  GZIP_STREAM_DAMAGED = -1,
  /// Give more input when all was used, more room when all of it was filled.
  GZIP_STREAM_MORE = 0,
  /// `*used` ends just behind a member's trailer; the next call begins another member.
  GZIP_STREAM_MEMBER_END = 1,
};

/// Goes on where the last call stopped.
/// `*used` and `*made` say how much of `in` was consumed and of `out` was filled.
int gzip_stream_inflate(
    gzip_stream *stream, const unsigned char *in, size_t in_count, size_t *used, unsigned char *out, size_t capacity,
    size_t *made);

/// Compresses `count` bytes into one raw deflate stream (RFC 1951) at ISA-L's level 1.
/// The same bytes always; on a processor without SSE 4.2 other ones.
/// Returns its length, or 0 when `capacity` or memory did not suffice.
size_t isal_deflate_whole(const unsigned char *bytes, size_t count, unsigned char *out, size_t capacity);

#ifdef __cplusplus
}
#endif
