#include "markers.h"
#include <string.h>

enum { SOF3 = 0xC3, DHT = 0xC4, SOI = 0xD8, SOS = 0xDA, DRI = 0xDD, APP0 = 0xE0, APP15 = 0xEF, COM = 0xFE };

/* What the segments have said so far. */
typedef struct {
    frame_header *frame;
    uint8_t component;
    uint32_t restart_interval;
    /* Table definitions by destination, pointing into the frame; later ones replace earlier ones. */
    const uint8_t *tables[4];
} state;

static uint32_t word(const uint8_t *p) { return (uint32_t)p[0] << 8 | p[1]; }

/* B.2.4.2: several tables may stand in one segment. */
static int read_tables(state *state, const uint8_t *p, const uint8_t *end) {
    while (p < end) {
        if (end - p < 17 || p[0] > 3) return 0;
        uint32_t total = 0;
        for (int i = 1; i <= 16; i++) total += p[i];
        if (total > 256 || (size_t)(end - p) < 17 + total) return 0;
        state->tables[p[0]] = p + 1;
        p += 17 + total;
    }
    return 1;
}

/* B.2.2 */
static int read_frame(state *state, const uint8_t *p, size_t length) {
    frame_header *frame = state->frame;
    if (frame->width > 0 || length != 9 || p[5] != 1) return 0;
    frame->precision = p[0];
    frame->height = word(p + 1);
    frame->width = word(p + 3);
    state->component = p[6];
    return frame->precision >= 2 && frame->precision <= 16 && frame->width > 0 && frame->height > 0 && p[7] == 0x11;
}

/* B.2.3 */
static int read_scan(state *state, const uint8_t *p, size_t length) {
    frame_header *frame = state->frame;
    if (frame->width == 0 || length != 6 || p[0] != 1 || p[1] != state->component) return 0;
    if (p[2] & 0x0F || p[2] >> 4 > 3 || p[4] != 0 || p[5] >> 4) return 0;
    frame->predictor = p[3];
    frame->point_transform = p[5] & 0x0F;
    frame->coded = p + length;
    if (frame->predictor < 1 || frame->predictor > 7 || frame->point_transform >= frame->precision) return 0;
    if (state->restart_interval % frame->width != 0) return 0;
    frame->restart_rows = state->restart_interval / frame->width;
    const uint8_t *table = state->tables[p[2] >> 4];
    return table && huffman_make(&frame->table, table, table + LONGEST_CODE);
}

int frame_read(frame_header *frame, const uint8_t *bytes, size_t count) {
    state state = {.frame = frame};
    frame->width = 0;
    if (count < 4 || bytes[0] != 0xFF || bytes[1] != SOI) return 0;
    const uint8_t *p = bytes + 2, *end = bytes + count;
    while (end - p >= 4 && p[0] == 0xFF) {
        uint8_t marker = p[1];
        uint32_t length = word(p + 2);
        if (length < 2 || (size_t)(end - p) < 2 + length) return 0;
        const uint8_t *segment = p + 4;
        p += 2 + length;
        if (marker == SOS) return read_scan(&state, segment, length - 2);
        if (marker == DHT) {
            if (!read_tables(&state, segment, p)) return 0;
        } else if (marker == SOF3) {
            if (!read_frame(&state, segment, length - 2)) return 0;
        } else if (marker == DRI) {
            if (length != 4) return 0;
            state.restart_interval = word(segment);
        } else if (!(marker >= APP0 && marker <= APP15) && marker != COM) {
            return 0;
        }
    }
    return 0;
}
