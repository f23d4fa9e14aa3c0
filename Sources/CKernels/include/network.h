#ifndef NETWORK_H
#define NETWORK_H
#include <stddef.h>

/* Loops of the network's operations over contiguous float32. Sizes are checked by the caller (module Tensors).
   Names: forward `network_x`, backward `network_x_backward`. `dy` is the gradient of the output. */

/* activation.c */
void network_gelu(const float *x, float *y, size_t n);
void network_gelu_backward(const float *x, const float *dy, float *dx, size_t n);
void network_relu6(const float *x, float *y, size_t n);
void network_relu6_backward(const float *x, const float *dy, float *dx, size_t n);
void network_sigmoid(const float *x, float *y, size_t n);
void network_sigmoid_backward(const float *y, const float *dy, float *dx, size_t n);

/* softmax.c: over rows; y may be x, and dx may be dy. */
void network_softmax(const float *x, float *y, size_t rows, size_t columns);
void network_softmax_backward(const float *y, const float *dy, float *dx, size_t rows, size_t columns);

/* normalization.c: over rows. The backward adds to dgain and dbias (may be NULL) and writes dx. */
void network_layer_norm(const float *x, const float *gain, const float *bias, float epsilon, float *y, size_t rows,
                        size_t columns);
void network_layer_norm_backward(const float *x, const float *gain, float epsilon, const float *dy, float *dx,
                                 float *dgain, float *dbias, size_t rows, size_t columns);

/* elementwise.c */
void network_add(const float *a, const float *b, float *y, size_t n);
void network_accumulate(const float *x, float *y, size_t n);
void network_multiply(const float *a, const float *b, float *y, size_t n);
void network_add_row(const float *x, const float *row, float *y, size_t rows, size_t columns);
void network_sum_rows(const float *x, float *row, size_t rows, size_t columns);

/* patches.c: image [batch, height, width, channels]; patches [batch * outHeight * outWidth, kernel * kernel * channels]. */
typedef struct {
    size_t batch, height, width, channels, kernel, stride, padding, outHeight, outWidth;
} network_patch_shape;
void network_patches(const float *image, float *patches, network_patch_shape shape);
void network_patches_backward(const float *patches, float *image, network_patch_shape shape);

/* depthwise.c: each channel by itself; weights [kernel, kernel, channels], out [batch, outHeight, outWidth, channels]. */
void network_depthwise(const float *image, const float *weight, const float *bias, float *out, network_patch_shape shape);
void network_depthwise_backward_image(const float *dy, const float *weight, float *image, network_patch_shape shape);
void network_depthwise_backward_weight(const float *image, const float *dy, float *weight, network_patch_shape shape);

#endif
