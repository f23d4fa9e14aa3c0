/* Hot loops of Transforms/Registration. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_REGISTRATION_H
#define CKERNELS_REGISTRATION_H
#include <stddef.h>
#include <stdint.h>

/* Trilinear interpolation of `values` [size[2], size[1], size[0]] at n points, and its derivatives by voxel index.
   `map` is three rows of four, from a point (x, y, z) to a voxel index (x fastest). `points` and `gradients` are planar,
   three runs of n; `gradients` may be null. Where a point lies beyond the outermost voxel centres the value is NaN and
   the gradient 0. */
void hk_interpolate_points(const float *values, const size_t size[3], const double map[12], const float *points, size_t stride, size_t n, float *out, float *gradients, size_t gradient_stride);

/* Adds to joint[fixed][moving] (bins x bins) each sample's cubic B-spline weights, at value * scale - offset in bins,
   kept within [2, bins - 3]. Samples whose value is NaN are left out. Returns how many counted. */
size_t hk_joint_parzen(const float *values, const uint8_t *fixed, size_t n, float scale, float offset, size_t bins, float *joint);

/* Adds to total[12] (three rows of four) the sum over samples of w g (x, y, z, 1), where w is the sum over bins of
   table[fixed][bin] times the derivative of the B-spline weight by the moving value, and g the moving gradient. */
void hk_parzen_gradient(const float *values, const float *gradients, size_t gradient_stride, const uint8_t *fixed, const float *points, size_t stride, size_t n, float scale, float offset, size_t bins, const float *table, double total[12]);

/* One row of a resampled volume: voxel i lies at start + i * step in `values` [size[2], size[1], size[0]]. Trilinear, or the
   nearest voxel. Within half a voxel of the outermost centres the edge is repeated; beyond that comes `fill`. */
void hk_resample_oblique_row(const float *values, const size_t size[3], const double start[3], const double step[3], size_t n, int nearest, float fill, float *out);
#endif
