#include <string.h>

#include "bfloat16.h"
#include "products.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* 8 tiles of 16 rows of 64 bytes: palette 1, then the bytes a row and the rows of each. */
typedef struct {
    uint8_t palette, start, reserved[14];
    uint16_t bytes[16];
    uint8_t rows[16];
} tile_shape;

#define TILES(type) __attribute__((target("avx512f,amx-tile,amx-bf16,amx-int8"))) type
#define TILE_NAME product_amx
#define TILE_BEGIN()                        \
    tile_shape shape;                       \
    memset(&shape, 0, sizeof shape);        \
    shape.palette = 1;                      \
    for (int tile = 0; tile < 8; tile++) {  \
        shape.bytes[tile] = 64;             \
        shape.rows[tile] = 16;              \
    }                                       \
    _tile_loadconfig(&shape)
#define TILE_END() _tile_release()
#define TILE_ZERO(t) _tile_zero(t)
#define TILE_LOAD(t, from, stride) _tile_loadd(t, from, stride)
#define TILE_STORE(t, to, stride) _tile_stored(t, to, stride)
#define TILE_BFLOAT16(c, a, b) _tile_dpbf16ps(c, a, b)
#define TILE_INT8(c, a, b) _tile_dpbusd(c, a, b)
#include "tiles.h"
#else
void product_amx(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels, size_t rows,
                 void *out) {
    product_plain(kind, a, a_stride, b, units, panels, rows, out);
}
#endif

/* The model: Intel's Architecture Instruction Set Extensions manual, TDPBF16PS and TDPBUSD. */
typedef struct {
    uint8_t row[16][64];
} tile;

static void model_bfloat16(tile *c, const tile *a, const tile *b) {
    for (int m = 0; m < 16; m++)
        for (int k = 0; k < 16; k++)
            for (int n = 0; n < 16; n++) {
                uint16_t x[2], y[2];
                float sum;
                memcpy(x, a->row[m] + 4 * k, 4);
                memcpy(y, b->row[k] + 4 * n, 4);
                memcpy(&sum, c->row[m] + 4 * n, 4);
                sum += from_bfloat16(x[0]) * from_bfloat16(y[0]) + from_bfloat16(x[1]) * from_bfloat16(y[1]);
                memcpy(c->row[m] + 4 * n, &sum, 4);
            }
}

static void model_int8(tile *c, const tile *a, const tile *b) {
    for (int m = 0; m < 16; m++)
        for (int k = 0; k < 16; k++)
            for (int n = 0; n < 16; n++) {
                int32_t sum;
                memcpy(&sum, c->row[m] + 4 * n, 4);
                for (int i = 0; i < 4; i++) sum += (int)a->row[m][4 * k + i] * (int8_t)b->row[k][4 * n + i];
                memcpy(c->row[m] + 4 * n, &sum, 4);
            }
}

static void model_load(tile *t, const void *from, size_t stride) {
    for (int row = 0; row < 16; row++) memcpy(t->row[row], (const char *)from + row * stride, 64);
}

static void model_store(const tile *t, void *to, size_t stride) {
    for (int row = 0; row < 16; row++) memcpy((char *)to + row * stride, t->row[row], 64);
}

#define TILES(type) type
#define TILE_NAME product_tile_model
#define TILE_BEGIN() tile tiles[8]
#define TILE_END()
#define TILE_ZERO(t) memset(&tiles[t], 0, sizeof(tile))
#define TILE_LOAD(t, from, stride) model_load(&tiles[t], from, stride)
#define TILE_STORE(t, to, stride) model_store(&tiles[t], to, stride)
#define TILE_BFLOAT16(c, a, b) model_bfloat16(&tiles[c], &tiles[a], &tiles[b])
#define TILE_INT8(c, a, b) model_int8(&tiles[c], &tiles[a], &tiles[b])
#include "tiles.h"
