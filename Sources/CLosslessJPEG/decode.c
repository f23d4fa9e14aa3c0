#include "CLosslessJPEG.h"
#include "markers.h"

enum { RST0 = 0xD0, EOI = 0xD9 };

/* T.81 figure H.1: a is the sample to the left, b the one above, c the one above to the left. Sums are modulo 65536
   (H.1.2.1), so that `seen`, the union of all samples, tells whether one is larger than the precision allows. */
#define ROW(PREDICTION) \
    for (; x < width; x++) { \
        int32_t b = above[x]; \
        a = (uint16_t)((PREDICTION) + huffman_difference(table, &reader, &is_broken)); \
        c = b; \
        (void)c; \
        seen |= (uint32_t)a; \
        out[x] = (uint16_t)a; \
    }

/* One row. `above` is null in the first row of the image and behind a restart, where `initial` begins a row that is
   predicted from the left. */
static int decode_row(
    const huffman_table *table, bit_reader *bits, int predictor, int32_t initial, const uint16_t *above, uint16_t *out,
    uint32_t width, uint32_t *all) {
    bit_reader reader = *bits;
    uint32_t seen = 0, x = 1;
    int is_broken = 0;
    int32_t c = above ? above[0] : 0;
    int32_t a = (uint16_t)((above ? c : initial) + huffman_difference(table, &reader, &is_broken));
    out[0] = (uint16_t)a;
    seen |= (uint32_t)a;
    if (!above) {
        above = out;
        predictor = 1;
    }
    switch (predictor) {
    case 1: ROW(a) break;
    case 2: ROW(b) break;
    case 3: ROW(c) break;
    case 4: ROW(a + b - c) break;
    case 5: ROW(a + ((b - c) >> 1)) break;
    case 6: ROW(b + ((a - c) >> 1)) break;
    default: ROW((a + b) >> 1) break;
    }
    *bits = reader;
    *all |= seen;
    return !is_broken && !bits_overrun(&reader);
}

int lossless_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint16_t *samples) {
    frame_header frame;
    if (!frame_read(&frame, bytes, count) || frame.width != width || frame.height != height) return 0;
    int depth = frame.precision - frame.point_transform;
    const uint8_t *end = bytes + count;
    bit_reader bits;
    bits_begin(&bits, frame.coded, end);
    uint32_t all = 0;
    for (uint32_t row = 0; row < height; row++) {
        uint16_t *out = samples + (size_t)row * width;
        const uint16_t *above = row > 0 ? out - width : NULL;
        if (frame.restart_rows > 0 && row > 0 && row % frame.restart_rows == 0) {
            const uint8_t *marker = bits_marker(&bits);
            if (!marker || marker[1] != RST0 + (row / frame.restart_rows - 1) % 8) return 0;
            bits_begin(&bits, marker + 2, end);
            above = NULL;
        }
        if (!decode_row(&frame.table, &bits, frame.predictor, 1 << (depth - 1), above, out, width, &all)) return 0;
    }
    const uint8_t *marker = bits_marker(&bits);
    if (!marker || marker[1] != EOI || all >> depth) return 0;
    if (frame.point_transform > 0) {
        size_t total = (size_t)width * height;
        for (size_t i = 0; i < total; i++) samples[i] = (uint16_t)(samples[i] << frame.point_transform);
    }
    return 1;
}
