#ifndef CODESTREAM_H
#define CODESTREAM_H
#include "COpenJPEG.h"

/// Fills the status; always 0.
int j2k_fail(j2k_status *status, j2k_code code, const char *text);
/// Moves `bytes` and `count` from a JP2 file to the codestream in it; leaves a bare codestream alone.
int j2k_find(const uint8_t **bytes, size_t *count, j2k_status *status);

#endif
