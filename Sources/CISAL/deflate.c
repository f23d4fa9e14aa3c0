#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <stdlib.h>

#include "CISAL.h"

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
    stream->end_of_stream = 1;
    stream->flush = NO_FLUSH;
    stream->next_in = (unsigned char *)bytes;
    stream->avail_in = (unsigned)count;
    stream->next_out = out;
    stream->avail_out = (unsigned)capacity;
    // The state says "end" only when the last block was written whole.
    if (isal_deflate(stream) == COMP_OK && stream->avail_in == 0 && stream->internal_state.state == ZSTATE_END)
      produced = stream->total_out;
  }
  free(level_buffer);
  free(stream);
  return produced;
}
