#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <stdlib.h>

struct gzip_stream {
  struct inflate_state state;
};

static void begin_member(struct inflate_state *state) {
  isal_inflate_reset(state);
  state->crc_flag = ISAL_GZIP;  // header, CRC and ISIZE are checked by the library
}

gzip_stream *gzip_stream_new(void) {
  // Zeroed: the tables of the state are only filled when a block needs them.
  gzip_stream *stream = calloc(1, sizeof *stream);
  if (!stream) return NULL;
  isal_inflate_init(&stream->state);
  begin_member(&stream->state);
  return stream;
}

void gzip_stream_free(gzip_stream *stream) { free(stream); }

int gzip_stream_inflate(
    gzip_stream *stream, const unsigned char *in, size_t in_count, size_t *used, unsigned char *out, size_t capacity,
    size_t *made) {
  struct inflate_state *state = &stream->state;
  unsigned available = in_count > INT_MAX ? INT_MAX : (unsigned)in_count;
  unsigned room = capacity > INT_MAX ? INT_MAX : (unsigned)capacity;
  state->next_in = (unsigned char *)in;
  state->avail_in = available;
  state->next_out = out;
  state->avail_out = room;
  int result = isal_inflate(state);
  *used = available - state->avail_in;
  *made = room - state->avail_out;
  if (result != ISAL_DECOMP_OK && result != ISAL_END_INPUT) return GZIP_STREAM_DAMAGED;
  if (state->block_state != ISAL_BLOCK_FINISH) return GZIP_STREAM_MORE;
  begin_member(state);
  return GZIP_STREAM_MEMBER_END;
}
