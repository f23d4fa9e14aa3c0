/* Hot loops of BurnedInText: local contrast and a small convolutional network. Sizes are checked in Swift.
 *
 * Feature maps are [height][width][channels], `row` floats from one row to the next, with borders of zeros where a kernel
 * reaches out. Every product is a fused multiply-add in one order: the same picture gives the same bits on every machine. */
#ifndef CKERNELS_TEXT_H
#define CKERNELS_TEXT_H
#include <stddef.h>
#include <stdint.h>

/* Mean and mean square of blocks of 8 x 8 pixels; an image of [8 * rows][8 * columns]. */
void text_block_moments(const float *image, size_t rows, size_t columns, float *mean, float *square);

/* Mean over 5 x 5 blocks with the edges repeated, in place; `scratch` holds rows * columns. */
void text_box(float *grid, size_t rows, size_t columns, float *scratch);

/* clamp((image - mean) * scale, -limit, limit), mean and scale linear between the centres of their blocks: `count` rows
   from `first` on. `line` holds 2 * columns floats; rows of `out` are `row` floats apart. */
void text_local_contrast(const float *image, size_t rows, size_t columns, const float *mean, const float *scale,
                         float limit, size_t first, size_t count, float *line, float *out, size_t row);

/* One layer: kernel x kernel taps from `in` (where the first tap of the first output stands), biases, and below zero
   cut off when `rectify`. Weights are [kernel][kernel][inputs][outputs]; outputs are 8, or a multiple of 16. `width` is
   at least 8. */
void text_convolution(const float *in, size_t in_row, size_t inputs, float *out, size_t out_row, size_t outputs,
                      size_t height, size_t width, size_t kernel, size_t stride, const float *weights,
                      const float *bias, int rectify);

/* out = max(0, in + pointwise(depthwise(in))) of 32 channels, 3 x 3 taps `dilation` apart. `line` holds 32 * width. */
void text_separable(const float *in, size_t in_row, float *out, size_t out_row, size_t height, size_t width,
                    size_t dilation, const float *depthwise, const float *depthwise_bias, const float *pointwise,
                    const float *pointwise_bias, float *line);

/* fine = max(0, fine + up(coarse)): 32 channels become 16, each pixel standing for 2 x 2. `line` holds 16 * width. */
void text_raise(const float *coarse, size_t coarse_row, float *fine, size_t fine_row, size_t height, size_t width,
                const float *weights, const float *bias, float *line);

/* 16 channels to the four logits of each pixel's quarters: [2 * height][2 * width]. */
void text_logits(const float *in, size_t in_row, size_t height, size_t width, const float *weights, const float *bias,
                 float *out);
#endif
