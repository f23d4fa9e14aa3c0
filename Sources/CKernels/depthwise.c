#include <string.h>

#include "CKernels.h"
#include "bfloat16.h"
#include "clones.h"

#pragma clang fp contract(fast)

#define INLINE static inline __attribute__((always_inline))

/* Taps (ky, kx) of an output position that lie in the image, at (y, x). Unsigned: a place left of or above it wraps to a huge
   number. */
#define FOR_TAPS(s, oy, ox)                                                                  \
    for (size_t ky = 0; ky < (s).kernel; ky++)                                               \
        for (size_t kx = 0, y = (oy) * (s).stride + ky - (s).padding; kx < (s).kernel; kx++) \
            for (size_t x = (ox) * (s).stride + kx - (s).padding, once = y < (s).height && x < (s).width; once; once = 0)

CLONES void network_depthwise(const float *restrict image, const float *restrict weight, const float *restrict bias,
                              float *restrict out, network_patch_shape s) {
    size_t channels = s.channels;
    for (size_t b = 0; b < s.batch; b++, image += s.height * s.width * channels)
        for (size_t oy = 0; oy < s.outHeight; oy++)
            for (size_t ox = 0; ox < s.outWidth; ox++, out += channels) {
                memcpy(out, bias, channels * sizeof(float));
                FOR_TAPS(s, oy, ox) {
                    const float *restrict pixel = image + (y * s.width + x) * channels;
                    const float *restrict w = weight + (ky * s.kernel + kx) * channels;
                    for (size_t c = 0; c < channels; c++) out[c] += w[c] * pixel[c];
                }
            }
}

CLONES void network_depthwise_backward_image(const float *restrict dy, const float *restrict weight,
                                             float *restrict image, network_patch_shape s) {
    size_t channels = s.channels;
    memset(image, 0, s.batch * s.height * s.width * channels * sizeof(float));
    for (size_t b = 0; b < s.batch; b++, image += s.height * s.width * channels)
        for (size_t oy = 0; oy < s.outHeight; oy++)
            for (size_t ox = 0; ox < s.outWidth; ox++, dy += channels)
                FOR_TAPS(s, oy, ox) {
                    float *restrict pixel = image + (y * s.width + x) * channels;
                    const float *restrict w = weight + (ky * s.kernel + kx) * channels;
                    for (size_t c = 0; c < channels; c++) pixel[c] += w[c] * dy[c];
                }
}

CLONES void network_depthwise_backward_weight(const float *restrict image, const float *restrict dy,
                                              float *restrict weight, network_patch_shape s) {
    size_t channels = s.channels;
    memset(weight, 0, s.kernel * s.kernel * channels * sizeof(float));
    for (size_t b = 0; b < s.batch; b++, image += s.height * s.width * channels)
        for (size_t oy = 0; oy < s.outHeight; oy++)
            for (size_t ox = 0; ox < s.outWidth; ox++, dy += channels)
                FOR_TAPS(s, oy, ox) {
                    const float *restrict pixel = image + (y * s.width + x) * channels;
                    float *restrict w = weight + (ky * s.kernel + kx) * channels;
                    for (size_t c = 0; c < channels; c++) w[c] += pixel[c] * dy[c];
                }
}

INLINE float clipped(float v) { return v < 0 ? 0 : v > 6 ? 6 : v; }

/* Channels whose sums fit into registers. */
enum { RUN = 64 };

/* `count` channels, at most RUN, of one output position. */
INLINE void run(int kind, const char *image, size_t stride, const float *restrict weight, const float *restrict bias,
                size_t first, size_t count, size_t oy, size_t ox, network_patch_shape s, char *restrict out) {
    float sum[RUN];
    for (size_t c = 0; c < count; c++) sum[c] = bias[first + c];
    FOR_TAPS(s, oy, ox) {
        const char *pixel = image + (y * s.width + x) * stride;
        const float *restrict w = weight + (ky * s.kernel + kx) * s.channels + first;
        if (kind == inference_float32)
            for (size_t c = 0; c < count; c++) sum[c] += w[c] * clipped(((const float *)pixel)[first + c]);
        else
            for (size_t c = 0; c < count; c++)
                sum[c] += w[c] * clipped(from_bfloat16(((const uint16_t *)pixel)[first + c]));
    }
    if (kind == inference_float32)
        for (size_t c = 0; c < count; c++) ((float *)out)[first + c] = clipped(sum[c]);
    else
        for (size_t c = 0; c < count; c++) ((uint16_t *)out)[first + c] = to_bfloat16(clipped(sum[c]));
}

CLONES void inference_depthwise(int kind, const void *x, size_t x_stride, const float *weight, const float *bias,
                                network_patch_shape s, size_t first_row, size_t rows, void *y, size_t y_stride) {
    size_t size = kind == inference_float32 ? 4 : 2;
    char *out = y;
    for (size_t row = first_row; row < first_row + rows; row++, out += y_stride) {
        size_t oy = row / s.outWidth, ox = row % s.outWidth, c = 0;
        for (; c + RUN <= s.channels; c += RUN) run(kind, x, x_stride, weight, bias, c, RUN, oy, ox, s, out);
        if (c < s.channels) run(kind, x, x_stride, weight, bias, c, s.channels - c, oy, ox, s, out);
        memset(out + s.channels * size, 0, y_stride - s.channels * size);
    }
}
