#include "warp.h"
#include "clones.h"
#include <math.h>
#include <string.h>

#define COLUMNS 64
#define PART 256

CLONES void hk_convolve(const float *restrict in, size_t stride, float *restrict out, size_t count, const float *weights, size_t taps, int accumulate) {
#pragma clang fp contract(off) reassociate(off)
    size_t i = 0;
    for (; i + COLUMNS <= count; i += COLUMNS) {
        float sum[COLUMNS];
        for (int j = 0; j < COLUMNS; j++) sum[j] = accumulate ? out[i + j] : 0;
        const float *row = in + i;
        for (size_t t = 0; t < taps; t++, row += stride) {
            float w = weights[t];
            for (int j = 0; j < COLUMNS; j++) sum[j] += w * row[j];
        }
        for (int j = 0; j < COLUMNS; j++) out[i + j] = sum[j];
    }
    for (; i < count; i++) {
        float sum = accumulate ? out[i] : 0;
        for (size_t t = 0; t < taps; t++) sum += weights[t] * in[t * stride + i];
        out[i] = sum;
    }
}

/* Where outputs come from: the voxel below, and how far to the next along each axis. */
typedef struct {
    int64_t base[PART];
    float x[PART], y[PART], z[PART];
    uint8_t inside[PART];
} places;

static inline int64_t clamp_index(int64_t i, int64_t least, int64_t greatest) { return i < least ? least : i > greatest ? greatest : i; }

/* The distance to the next voxel along each axis; 0 where there is only one. */
#define NEIGHBOURS \
    const int64_t nx = grid->width > 1, ny = grid->height > 1 ? grid->width : 0; \
    const int64_t nz = grid->depth > 1 ? grid->width * grid->height : 0;

/* Weighted means of both neighbours, not a difference: exact where the fraction is 0 or 1. */
#define BETWEEN(a, b, f) ((1 - (f)) * (a) + (f) * (b))

#define GATHER_LINEAR(n) \
    for (size_t i = 0; i < (n); i++) { \
        const float *p = in + at.base[i]; \
        float x = at.x[i], y = at.y[i], z = at.z[i]; \
        float a = BETWEEN(p[0], p[nx], x), b = BETWEEN(p[ny], p[ny + nx], x); \
        const float *q = p + nz; \
        float c = BETWEEN(q[0], q[nx], x), d = BETWEEN(q[ny], q[ny + nx], x); \
        out[i] = BETWEEN(BETWEEN(a, b, y), BETWEEN(c, d, y), z); \
    }

#define LOCATE(index, fraction, coordinate, size) { \
        double limited = (coordinate) < 0 ? 0 : (coordinate) > (double)((size) - 1) ? (double)((size) - 1) : (coordinate); \
        index = (int64_t)limited; \
        index = index > (size) - 2 && (size) > 1 ? (size) - 2 : index; \
        fraction = (float)(limited - (double)index); \
    }

CLONES void hk_warp_affine(const float *restrict in, const hk_grid *grid, float *restrict out, size_t count, const double *start, const double *step, float fill, int nearest) {
#pragma clang fp contract(off) reassociate(off)
    NEIGHBOURS
    const int64_t w = grid->width, h = grid->height, d = grid->depth;
    for (size_t first = 0; first < count; first += PART, out += PART) {
        size_t n = count - first < PART ? count - first : PART;
        places at;
        for (size_t i = 0; i < n; i++) {
            double place = (double)(first + i);
            double x = start[0] + place * step[0], y = start[1] + place * step[1], z = start[2] + place * step[2];
            at.inside[i] = x >= -0.5 && x <= (double)w - 0.5 && y >= -0.5 && y <= (double)h - 0.5 && z >= -0.5 && z <= (double)d - 0.5;
            int64_t column, row, slice;
            if (nearest) {
                column = clamp_index((int64_t)floor(x + 0.5), 0, w - 1);
                row = clamp_index((int64_t)floor(y + 0.5), 0, h - 1);
                slice = clamp_index((int64_t)floor(z + 0.5), 0, d - 1);
            } else {
                LOCATE(column, at.x[i], x, w)
                LOCATE(row, at.y[i], y, h)
                LOCATE(slice, at.z[i], z, d)
            }
            at.base[i] = (slice * h + row) * w + column;
        }
        if (nearest) {
            for (size_t i = 0; i < n; i++) out[i] = in[at.base[i]];
        } else {
            GATHER_LINEAR(n)
        }
        for (size_t i = 0; i < n; i++) out[i] = at.inside[i] ? out[i] : fill;
    }
}

/* floor(d) and d - floor(d) are exact: no digit is lost to the size of the coordinate. */
#define DISPLACE(index, fraction, own, displacement, size) { \
        float below = floorf(displacement); \
        index = (own) + (int64_t)(int32_t)below; \
        fraction = (displacement) - below; \
        int64_t last = (size) > 1 ? (size) - 2 : 0; \
        fraction = index < 0 || (size) == 1 ? 0 : index > last ? 1 : fraction; \
        index = clamp_index(index, 0, last); \
    }

CLONES void hk_warp_field(const float *restrict in, const hk_grid *grid, float *restrict out, size_t count, const float *dx, const float *dy, const float *dz, int64_t y, int64_t z, int nearest) {
#pragma clang fp contract(off) reassociate(off)
    NEIGHBOURS
    const int64_t w = grid->width, h = grid->height, d = grid->depth;
    for (size_t first = 0; first < count; first += PART, out += PART) {
        size_t n = count - first < PART ? count - first : PART;
        places at;
        if (nearest) {
            for (size_t i = 0; i < n; i++) {
                int64_t column = (int64_t)(first + i) + (int64_t)floorf(dx[first + i] + 0.5f);
                int64_t row = y + (int64_t)floorf(dy[first + i] + 0.5f), slice = z + (int64_t)floorf(dz[first + i] + 0.5f);
                out[i] = in[(clamp_index(slice, 0, d - 1) * h + clamp_index(row, 0, h - 1)) * w + clamp_index(column, 0, w - 1)];
            }
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            int64_t column, row, slice;
            DISPLACE(column, at.x[i], (int64_t)(first + i), dx[first + i], w)
            DISPLACE(row, at.y[i], y, dy[first + i], h)
            DISPLACE(slice, at.z[i], z, dz[first + i], d)
            at.base[i] = (slice * h + row) * w + column;
        }
        GATHER_LINEAR(n)
    }
}

/* Bits without the sign are in the order of magnitudes, and whole numbers have a vector maximum. */
CLONES float hk_largest_magnitude(const float *x, size_t n) {
    uint32_t largest = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], 4);
        bits &= 0x7fffffffu;
        largest = bits > largest ? bits : largest;
    }
    float magnitude;
    memcpy(&magnitude, &largest, 4);
    return magnitude;
}
