/* The headers of a frame (T.81 B.2), read until its only scan begins. */
#ifndef MARKERS_H
#define MARKERS_H
#include "huffman.h"

typedef struct {
    uint32_t width, height;
    int precision;
    int predictor;             /* 1 to 7: the scan's selection value */
    int point_transform;       /* bits that were shifted out */
    uint32_t restart_rows;     /* rows between restart markers; 0 for none */
    huffman_table table;       /* that of the component */
    const uint8_t *coded;      /* the first coded byte */
} frame_header;

/* 0 when this is anything but a frame that `lossless_jpeg_decode` knows. */
int frame_read(frame_header *frame, const uint8_t *bytes, size_t count);
#endif
