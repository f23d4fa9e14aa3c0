/* Hot loops of Transforms. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_TRANSFORMS_H
#define CKERNELS_TRANSFORMS_H
#include <stddef.h>
#include <stdint.h>

/* y = (float)(slope * x + intercept), computed in double without contraction: bit-equal to a double reference. */
void hk_rescale(float *x, size_t n, double slope, double intercept);

/* PS3.3 C.11.2.1.2.1 with centre and width already reduced (LINEAR: c - 1/2, w - 1), output lower + t * range. */
void hk_window(float *x, size_t n, double center, double width, double lower, double range);

/* y = clamp((x - offset) * scale, lower, upper), in double precision and rounded once */
void hk_affine_clamp(float *x, size_t n, double offset, double scale, double lower, double upper);

/* Least, greatest and sum of values; returns the number of values that are NaN or infinite (left out). */
size_t hk_extent(const float *x, size_t n, float *least, float *greatest, double *sum);
double hk_squared_deviation(const float *x, size_t n, double mean);

/* counts[key >> 16] over order-preserving keys of the values; counts[key & 0xffff] of those in one high bin. */
void hk_histogram_high(const float *x, size_t n, uint32_t *counts);
void hk_histogram_low(const float *x, size_t n, uint32_t high, uint32_t *counts);

/* out[i] = sum over t of weights[i * taps + t] * in[start[i] + t], one row of `count` outputs. */
void hk_resample_row(const float *in, float *out, size_t count, const int32_t *start, const float *weights, size_t taps);
/* The same with one set of weights and inputs `step` apart: out[i] = sum over t of weights[t] * in[i * step + t]. */
void hk_resample_row_evenly(const float *in, float *out, size_t count, size_t step, const float *weights, size_t taps);
/* out[i] = sum over t of weights[t] * in[t * stride + i] */
void hk_combine_rows(const float *in, size_t stride, float *out, size_t count, const float *weights, size_t taps);
/* out[i] = wa * a[i] + wb * b[i] */
void hk_blend(float *out, const float *a, const float *b, size_t count, float wa, float wb);
/* out[i] += weight * in[i], or out[i] = weight * in[i] */
void hk_accumulate(float *out, const float *in, size_t count, float weight, int assign);
#endif
