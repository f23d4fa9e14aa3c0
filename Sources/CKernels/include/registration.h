/* Hot loops of Transforms/Registration. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_REGISTRATION_H
#define CKERNELS_REGISTRATION_H
#include <stddef.h>
#include <stdint.h>

/* One point in each cell of a grid of counts[0] x counts[1] x counts[2] cells of the given edges (in voxels, x fastest), as
   voxel indices within [0, last]: at a place drawn for the cell, or in its middle. The draw is SplitMix64's n-th number for
   cell n: 21 bits for each axis. Planar: three runs of all cells. */
void hk_points_in_cells(const size_t counts[3], const double edges[3], const double last[3], int jittered, float *points);

/* Of n points (planar, in voxels of one grid) those that lie in voxels of `labels` [size[2], size[1], size[0]] that are not 0,
   under `map` (three rows of four): their positions in `points`, ascending. Returns how many. */
size_t hk_points_in_mask(const float *points, size_t n, const double map[12], const uint8_t *labels, const size_t size[3], uint32_t *chosen);

/* Trilinear interpolation of `values` [size[2], size[1], size[0]] at n points, and its derivatives by voxel index.
   `map` is three rows of four, from a point (x, y, z) to a voxel index (x fastest). `points` and `gradients` are planar,
   three runs `stride` apart; `gradients` may be null. Within half a voxel of the outermost centres the edge is repeated, as
   ITK has it; beyond that the value is NaN and the gradient 0. */
void hk_interpolate_points(const float *values, const size_t size[3], const double map[12], const float *points, size_t stride, size_t n, float *out, float *gradients, size_t gradient_stride);

/* Adds to joint[fixed][moving] (bins x bins) each sample's cubic B-spline weights, at value * scale - offset in bins,
   kept within [2, bins - 3]. Samples whose value is NaN are left out. Returns how many counted. */
size_t hk_joint_parzen(const float *values, const uint8_t *fixed, size_t n, float scale, float offset, size_t bins, float *joint);

/* sums[i] += the i-th of each of `rows` rows of n values, rows in order. */
void hk_add_floats(const float *values, size_t n, size_t rows, double *sums);

/* Sum of p log(p / (p_f p_m)) over a joint histogram [fixed][moving] of `total` samples, and log(p / p_m) of each bin; 0
   where p is. */
double hk_mutual_information(const double *joint, size_t bins, double total, float *table);

/* Adds to total[12] (three rows of four) the sum over samples of w g (x, y, z, 1), where w is the sum over bins of
   table[fixed][bin] times the derivative of the B-spline weight by the moving value, and g the moving gradient. */
void hk_parzen_gradient(const float *values, const float *gradients, size_t gradient_stride, const uint8_t *fixed, const float *points, size_t stride, size_t n, float scale, float offset, size_t bins, const float *table, double total[12]);

/* One row of a resampled volume: voxel i lies at start + i * step in `values` [size[2], size[1], size[0]]. Trilinear, or the
   nearest voxel. Within half a voxel of the outermost centres the edge is repeated; beyond that comes `fill`. */
void hk_resample_oblique_row(const float *values, const size_t size[3], const double start[3], const double step[3], size_t n, int nearest, float fill, float *out);
#endif
