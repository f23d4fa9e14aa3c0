/* Filters along an axis, and voxels from elsewhere. Sizes are checked in Swift before each call. Same bits on every processor. */
#ifndef CKERNELS_WARP_H
#define CKERNELS_WARP_H
#include <stddef.h>
#include <stdint.h>

/* out[i] = sum over t of weights[t] * in[t * stride + i], in the order of t; added to `out` when `accumulate` is not 0. */
void hk_convolve(const float *in, size_t stride, float *out, size_t count, const float *weights, size_t taps, int accumulate);

typedef struct {
    int64_t width, height, depth;
} hk_grid;

/* One row of outputs; output i is taken at voxel (x, y, z) = start + i * step of `in`. Within the outer faces of the image
   the nearest voxel stands in where there is no neighbour; beyond them stands `fill`. */
void hk_warp_affine(const float *in, const hk_grid *grid, float *out, size_t count, const double *start, const double *step, float fill, int nearest);

/* One row of outputs; output i is taken at voxel (i + dx[i], y + dy[i], z + dz[i]) of `in`, clamped to it. */
void hk_warp_field(const float *in, const hk_grid *grid, float *out, size_t count, const float *dx, const float *dy, const float *dz, int64_t y, int64_t z, int nearest);

/* Largest of |x[i]|; none may be NaN. */
float hk_largest_magnitude(const float *x, size_t n);
#endif
