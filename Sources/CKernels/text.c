#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "clones.h"

typedef float lanes4 __attribute__((vector_size(16), aligned(4)));
typedef float lanes8 __attribute__((vector_size(32), aligned(4)));
typedef float lanes16 __attribute__((vector_size(64), aligned(4)));

/* Inlined into each clone, so that its vectors are that clone's. */
#define INLINE static inline __attribute__((always_inline))
#define FMA __builtin_elementwise_fma
#define MAX __builtin_elementwise_max
#define MIN __builtin_elementwise_min

CLONES void text_block_moments(const float *image, size_t rows, size_t columns, float *mean, float *square) {
    size_t width = 8 * columns;
    for (size_t by = 0; by < rows; by++)
        for (size_t bx = 0; bx < columns; bx++) {
            const float *block = image + by * 8 * width + bx * 8;
            lanes8 sums = {0}, squares = {0};
            for (size_t y = 0; y < 8; y++) {
                lanes8 values = *(const lanes8 *)(block + y * width);
                sums += values;
                squares = FMA(values, values, squares);
            }
            float sum = 0, total = 0;
            for (size_t x = 0; x < 8; x++) { sum += sums[x]; total += squares[x]; }
            mean[by * columns + bx] = sum / 64;
            square[by * columns + bx] = total / 64;
        }
}

void text_box(float *grid, size_t rows, size_t columns, float *scratch) {
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < columns; x++) {
            float sum = 0;
            for (ptrdiff_t k = -2; k <= 2; k++) {
                ptrdiff_t at = (ptrdiff_t)y + k, last = (ptrdiff_t)rows - 1;
                sum += grid[(size_t)(at < 0 ? 0 : at > last ? last : at) * columns + x];
            }
            scratch[y * columns + x] = sum;
        }
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < columns; x++) {
            float sum = 0;
            for (ptrdiff_t k = -2; k <= 2; k++) {
                ptrdiff_t at = (ptrdiff_t)x + k, last = (ptrdiff_t)columns - 1;
                sum += scratch[y * columns + (size_t)(at < 0 ? 0 : at > last ? last : at)];
            }
            grid[y * columns + x] = sum / 25;
        }
}

/* Where pixel `i` lies between the centres of n blocks of 8: the lower block and the share of the upper one. */
INLINE size_t between(size_t i, size_t n, float *share) {
    float at = ((float)i - 3.5f) / 8;
    at = at < 0 ? 0 : at > (float)(n - 1) ? (float)(n - 1) : at;
    size_t low = (size_t)at;
    if (low + 1 >= n) low = n >= 2 ? n - 2 : 0;
    *share = at - (float)low;
    return low;
}

CLONES void text_local_contrast(const float *image, size_t rows, size_t columns, const float *mean, const float *scale,
                                float limit, size_t first, size_t count, float *line, float *out, size_t row) {
    size_t width = 8 * columns;
    float *means = line, *scales = line + columns;
    for (size_t y = first; y < first + count; y++) {
        float below;
        size_t low = between(y, rows, &below), high = low + (rows > 1);
        for (size_t b = 0; b < columns; b++) {
            means[b] = FMA(below, mean[high * columns + b] - mean[low * columns + b], mean[low * columns + b]);
            scales[b] = FMA(below, scale[high * columns + b] - scale[low * columns + b], scale[low * columns + b]);
        }
        const float *in = image + y * width;
        float *to = out + (y - first) * row;
        /* Between the centres of two blocks lie eight pixels with shares 1/16, 3/16, ... 15/16; half a block at each edge. */
        for (size_t x = 0; x < 4; x++) to[x] = MAX(-limit, MIN(limit, (in[x] - means[0]) * scales[0]));
        for (size_t x = width - 4; x < width; x++)
            to[x] = MAX(-limit, MIN(limit, (in[x] - means[columns - 1]) * scales[columns - 1]));
        const lanes8 shares = {0.0625f, 0.1875f, 0.3125f, 0.4375f, 0.5625f, 0.6875f, 0.8125f, 0.9375f};
        const lanes8 most = {limit, limit, limit, limit, limit, limit, limit, limit};
        for (size_t b = 0; b + 1 < columns; b++) {
            lanes8 m = FMA(shares, (lanes8){0} + (means[b + 1] - means[b]), (lanes8){0} + means[b]);
            lanes8 s = FMA(shares, (lanes8){0} + (scales[b + 1] - scales[b]), (lanes8){0} + scales[b]);
            size_t x = 8 * b + 4;
            *(lanes8 *)(to + x) = MAX(-most, MIN(most, (*(const lanes8 *)(in + x) - m) * s));
        }
    }
}

/* One row of a convolution, P pixels at a time; the last tile is moved left until it fits. */
#define CONVOLUTION_ROW(LANES, COUNT, P)                                                                             \
    for (size_t o = 0; o < outputs; o += COUNT)                                                                      \
        for (size_t tile = 0; tile < width; tile += P) {                                                             \
            size_t x = tile + P <= width ? tile : width - P;                                                         \
            LANES sums[P];                                                                                           \
            for (size_t p = 0; p < P; p++) sums[p] = *(const LANES *)(bias + o);                                     \
            for (size_t ky = 0; ky < kernel; ky++) {                                                                 \
                const float *taps = in + ky * in_row + x * step;                                                     \
                const float *weight = weights + ky * run * outputs + o;                                              \
                for (size_t t = 0; t < run; t++, weight += outputs) {                                                \
                    LANES w = *(const LANES *)weight;                                                                \
                    for (size_t p = 0; p < P; p++) sums[p] = FMA((LANES){0} + taps[p * step + t], w, sums[p]);       \
                }                                                                                                    \
            }                                                                                                        \
            for (size_t p = 0; p < P; p++)                                                                           \
                *(LANES *)(out + (x + p) * outputs + o) = rectify ? MAX(sums[p], (LANES){0}) : sums[p];              \
        }

INLINE void row16(const float *in, size_t in_row, float *out, size_t outputs, size_t width, size_t kernel, size_t run,
                  size_t step, const float *weights, const float *bias, int rectify) {
    CONVOLUTION_ROW(lanes16, 16, 6)
}

INLINE void row8(const float *in, size_t in_row, float *out, size_t outputs, size_t width, size_t kernel, size_t run,
                 size_t step, const float *weights, const float *bias, int rectify) {
    CONVOLUTION_ROW(lanes8, 8, 8)
}

CLONES void text_convolution(const float *in, size_t in_row, size_t inputs, float *out, size_t out_row, size_t outputs,
                             size_t height, size_t width, size_t kernel, size_t stride, const float *weights,
                             const float *bias, int rectify) {
    for (size_t y = 0; y < height; y++, in += stride * in_row, out += out_row)
        if (outputs == 8) row8(in, in_row, out, 8, width, kernel, kernel * inputs, stride * inputs, weights, bias, rectify);
        else if (outputs == 16) row16(in, in_row, out, 16, width, kernel, kernel * inputs, stride * inputs, weights, bias, rectify);
        else row16(in, in_row, out, outputs, width, kernel, kernel * inputs, stride * inputs, weights, bias, rectify);
}

CLONES void text_separable(const float *in, size_t in_row, float *out, size_t out_row, size_t height, size_t width,
                           size_t dilation, const float *depthwise, const float *depthwise_bias, const float *pointwise,
                           const float *pointwise_bias, float *line) {
    for (size_t y = 0; y < height; y++, in += in_row, out += out_row) {
        for (size_t half = 0; half < 32; half += 16) {
            lanes16 taps[9];
            for (size_t k = 0; k < 9; k++) taps[k] = *(const lanes16 *)(depthwise + 32 * k + half);
            for (size_t x = 0; x < width; x++) {
                lanes16 sum = *(const lanes16 *)(depthwise_bias + half);
                for (ptrdiff_t ky = -1; ky <= 1; ky++)
                    for (ptrdiff_t kx = -1; kx <= 1; kx++) {
                        const float *at = in + ky * (ptrdiff_t)(dilation * in_row)
                            + ((ptrdiff_t)x + kx * (ptrdiff_t)dilation) * 32 + half;
                        sum = FMA(*(const lanes16 *)at, taps[3 * (ky + 1) + kx + 1], sum);
                    }
                *(lanes16 *)(line + 32 * x + half) = sum;
            }
        }
        row16(line, 0, out, 32, width, 1, 32, 32, pointwise, pointwise_bias, 0);
        for (size_t i = 0; i < 32 * width; i += 16) {
            lanes16 sum = *(const lanes16 *)(in + i) + *(const lanes16 *)(out + i);
            *(lanes16 *)(out + i) = MAX(sum, (lanes16){0});
        }
    }
}

CLONES void text_raise(const float *coarse, size_t coarse_row, float *fine, size_t fine_row, size_t height,
                       size_t width, const float *weights, const float *bias, float *line) {
    for (size_t y = 0; y < height; y++, coarse += coarse_row) {
        row16(coarse, 0, line, 16, width, 1, 32, 32, weights, bias, 0);
        for (size_t below = 0; below < 2; below++, fine += fine_row)
            for (size_t x = 0; x < 2 * width; x++) {
                lanes16 sum = *(const lanes16 *)(fine + 16 * x) + *(const lanes16 *)(line + 16 * (x / 2));
                *(lanes16 *)(fine + 16 * x) = MAX(sum, (lanes16){0});
            }
    }
}

CLONES void text_logits(const float *in, size_t in_row, size_t height, size_t width, const float *weights,
                        const float *bias, float *out) {
    for (size_t y = 0; y < height; y++, in += in_row, out += 4 * width)
        for (size_t x = 0; x < width; x++) {
            lanes4 sum = *(const lanes4 *)bias;
            for (size_t c = 0; c < 16; c++)
                sum = FMA((lanes4){0} + in[16 * x + c], *(const lanes4 *)(weights + 4 * c), sum);
            out[2 * x] = sum[0];
            out[2 * x + 1] = sum[1];
            out[2 * width + 2 * x] = sum[2];
            out[2 * width + 2 * x + 1] = sum[3];
        }
}
