#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <stdlib.h>

#include "CISAL.h"

/// Gives a piece to the stream. The state says "end" only when the last block was written whole.
static int put(struct isal_zstream *stream, const unsigned char *bytes, size_t count, int flush, int is_last) {
  stream->flush = flush;
  stream->end_of_stream = is_last;
  stream->next_in = (unsigned char *)bytes;
  stream->avail_in = (unsigned)count;
  return isal_deflate(stream) == COMP_OK && stream->avail_in == 0 &&
         (!is_last || stream->internal_state.state == ZSTATE_END);
}

size_t isal_deflate_whole(const unsigned char *bytes, size_t count, unsigned char *out, size_t capacity) {
  if (count > INT_MAX || capacity > INT_MAX) return 0;
  struct isal_zstream *stream = malloc(sizeof *stream);
  unsigned char *level_buffer = malloc(ISAL_DEF_LVL1_DEFAULT);
  size_t produced = 0;
  if (stream && level_buffer) {
    isal_deflate_init(stream);
    stream->level = 1;
    stream->level_buf = level_buffer;
    stream->level_buf_size = ISAL_DEF_LVL1_DEFAULT;
    stream->gzip_flag = IGZIP_DEFLATE;
    stream->next_out = out;
    stream->avail_out = (unsigned)capacity;
    // Eight bytes go ahead alone, for some ten bytes of output: at a stream's start ISA-L 2.30 takes the hash of position
    // 2 from bits 16 to 47 of the stream's address (isal_deflate_icf_body_hash_hist_04 uses rcx, which holds it, for the
    // input), so that in one of a thousand places in memory it finds other matches (Tests/Peers/deflate).
    size_t first = count > 8 ? 8 : 0;
    if ((!first || put(stream, bytes, first, SYNC_FLUSH, 0)) && put(stream, bytes + first, count - first, NO_FLUSH, 1))
      produced = stream->total_out;
  }
  free(level_buffer);
  free(stream);
  return produced;
}
