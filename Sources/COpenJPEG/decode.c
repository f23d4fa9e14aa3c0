#include <openjpeg-2.5/openjpeg.h>
#include <stdlib.h>
#include <string.h>

#include "codestream.h"

typedef struct {
  const uint8_t *bytes;
  size_t count, position;
} source;

static OPJ_SIZE_T take(void *out, OPJ_SIZE_T count, void *user) {
  source *from = user;
  size_t left = from->count - from->position;
  if (left == 0) return (OPJ_SIZE_T)-1;
  if (count > left) count = left;
  memcpy(out, from->bytes + from->position, count);
  from->position += count;
  return count;
}

static OPJ_OFF_T skip(OPJ_OFF_T count, void *user) {
  source *from = user;
  if (count < 0) return -1;
  size_t left = from->count - from->position;
  size_t step = (uint64_t)count > left ? left : (size_t)count;
  from->position += step;
  return (OPJ_OFF_T)step;
}

static OPJ_BOOL seek(OPJ_OFF_T position, void *user) {
  source *from = user;
  if (position < 0 || (uint64_t)position > from->count) return OPJ_FALSE;
  from->position = (size_t)position;
  return OPJ_TRUE;
}

// The first complaint is kept. Its text comes from OpenJPEG and holds numbers of the codestream only.
static void complain(const char *text, void *user) {
  char *message = user;
  if (message[0]) return;
  size_t i = 0;
  for (; text[i] && i < 100; i++) message[i] = text[i] >= ' ' && text[i] < 127 ? text[i] : ' ';
  while (i > 0 && message[i - 1] == ' ') i--;
  message[i] = 0;
}

// Old encoders number tile-parts from 1 where the standard starts at 0; OpenJPEG corrects that, and the tile-parts
// have been counted before it sees them.
static void warn(const char *text, void *user) {
  if (strncmp(text, "Non conformant codestream TPsot==TNsot", 38) != 0) complain(text, user);
}

static void ignore(const char *text, void *user) {
  (void)text;
  (void)user;
}

static int matches(const opj_image_t *image, const j2k_description *expected) {
  if (!image || image->numcomps != expected->component_count) return 0;
  for (OPJ_UINT32 i = 0; i < image->numcomps; i++) {
    const opj_image_comp_t *component = &image->comps[i];
    if (component->w != expected->width || component->h != expected->height || component->dx != 1 ||
        component->dy != 1 || component->prec != expected->precision || !!component->sgnd != !!expected->is_signed)
      return 0;
  }
  return 1;
}

int j2k_decode(
    const uint8_t *bytes, size_t count, const j2k_limits *limits, const j2k_description *expected, int32_t *out,
    j2k_status *status) {
  j2k_description found;
  if (!j2k_describe(bytes, count, limits, &found, status)) return 0;
  if (memcmp(&found, expected, sizeof found) != 0)
    return j2k_fail(status, J2K_MALFORMED, "the codestream is not the one that was announced");
  if (!j2k_find(&bytes, &count, status)) return 0;
  char error[128] = "", warning[128] = "";
  source from = {bytes, count, 0};
  opj_image_t *image = NULL;
  opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_J2K);
  opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_TRUE);
  int done = 0;
  if (!codec || !stream) {
    j2k_fail(status, J2K_OUT_OF_MEMORY, "no memory for the decoder");
  } else {
    opj_stream_set_read_function(stream, take);
    opj_stream_set_skip_function(stream, skip);
    opj_stream_set_seek_function(stream, seek);
    opj_stream_set_user_data(stream, &from, NULL);
    opj_stream_set_user_data_length(stream, count);
    opj_set_info_handler(codec, ignore, NULL);
    opj_set_warning_handler(codec, warn, warning);
    opj_set_error_handler(codec, complain, error);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    // Strict: a partial bit stream is an error, not an image with holes.
    int is_ready = opj_setup_decoder(codec, &parameters) && opj_decoder_set_strict_mode(codec, OPJ_TRUE) &&
                   opj_read_header(stream, codec, &image);
    if (!is_ready || !matches(image, expected)) {
      j2k_fail(status, J2K_DECODE_FAILED, error[0] ? error : "damaged header");
    } else if (!opj_decode(codec, stream, image) || !opj_end_decompress(codec, stream)) {
      j2k_fail(status, J2K_DECODE_FAILED, error[0] ? error : warning[0] ? warning : "damaged coded data");
    } else if (error[0] || warning[0]) {
      // OpenJPEG conceals damage and only warns of it.
      j2k_fail(status, J2K_DECODE_FAILED, error[0] ? error : warning);
    } else if (!matches(image, expected)) {
      j2k_fail(status, J2K_DECODE_FAILED, "decoding gave another size than announced");
    } else {
      size_t pixels = (size_t)expected->width * expected->height;
      done = 1;
      for (OPJ_UINT32 i = 0; i < image->numcomps; i++) {
        if (!image->comps[i].data) {
          done = j2k_fail(status, J2K_DECODE_FAILED, "a component was not decoded");
          break;
        }
        memcpy(out + i * pixels, image->comps[i].data, pixels * sizeof *out);
      }
    }
  }
  if (image) opj_image_destroy(image);
  if (stream) opj_stream_destroy(stream);
  if (codec) opj_destroy_codec(codec);
  return done;
}
