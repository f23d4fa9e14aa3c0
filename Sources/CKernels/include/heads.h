#ifndef CKERNELS_HEADS_H
#define CKERNELS_HEADS_H
#include <stddef.h>
#include <stdint.h>

/* Loops of Faces. Images are [depth, height, width], x fastest; `size` is x, y, z. Maps are three rows of four from
   one image's voxel indices to another's. Sizes are checked in Swift before each call. */

/* out[i] = value at map(i), linear between voxel centres; `outside` where that lies more than half a voxel beyond them. */
void hk_sample_through(const float *in, const size_t size[3], const double map[12], float *out, const size_t out_size[3],
                       float outside);

/* Adds each point of a template to counts[level * levels + subject level], shared between the two nearest subject levels;
   `points` are x, y, z index by index. Returns how many points fall into the subject. */
size_t hk_joint_counts(const uint8_t *subject, const size_t size[3], const double map[12], const float *points,
                       const uint8_t *level, size_t n, size_t levels, float *counts);

/* Normalised mutual information (H(a) + H(b)) / H(a, b) of joint counts; 1 when there are none. */
double hk_normalized_information(const float *counts, size_t levels);

/* Squared distance in voxels to the nearest voxel that is not 0, at most `most`: exact, axis by axis over the reach that
   `most` leaves, which is a few voxels here. `scratch` has room for size x * max(size y, size z). */
void hk_squared_distance(const uint8_t *mask, const size_t size[3], float most, float *out, float *scratch);

/* out[i] = x[i] from lower...upper to 0...most, clamped, rounded. */
void hk_levels(const float *x, size_t n, float lower, float upper, uint8_t most, uint8_t *out);
/* counts[bin] over `bins` equal bins of lower...upper; values beyond are left out. */
void hk_histogram(const float *x, size_t n, float lower, float upper, size_t bins, uint32_t *counts);
/* How many values lie in lower...upper. */
size_t hk_count_between(const float *x, size_t n, float lower, float upper);

/* Sets of voxels: bytes that are 0 or 1. */
void hk_unite_sets(uint8_t *a, const uint8_t *b, size_t n);
void hk_intersect_sets(uint8_t *a, const uint8_t *b, size_t n);
void hk_subtract_sets(uint8_t *a, const uint8_t *b, size_t n);
void hk_flip_set(uint8_t *a, size_t n);
size_t hk_count_set(const uint8_t *a, size_t n);
/* out[i] = value where x[i] <= limit, else 1 - value. NaN is above every limit. */
void hk_mark_below(const float *x, size_t n, float limit, uint8_t value, uint8_t *out);
/* out[i] = lower <= x[i] && x[i] <= upper. */
void hk_mark_between(const float *x, size_t n, float lower, float upper, uint8_t *out);
size_t hk_count_zero(const uint8_t *a, size_t n);
/* x[first + i] = value where labels[label + i] is not 0. */
void hk_fill_floats(float *x, size_t first, size_t n, const uint8_t *labels, size_t label, float value);
void hk_fill_words(uint16_t *x, size_t first, size_t n, const uint8_t *labels, size_t label, uint16_t value);
/* sizes[label] += 1 for each voxel, or for each that is in the set; flags[label] = 1 where a label meets the set; out[i] = is_kept[labels[i]]. */
void hk_label_sizes(const uint32_t *labels, size_t n, size_t *sizes);
void hk_label_overlaps(const uint32_t *labels, size_t n, const uint8_t *set, size_t *sizes);
void hk_labels_touching(const uint32_t *labels, size_t n, const uint8_t *set, uint8_t *flags);
void hk_choose_labels(const uint32_t *labels, size_t n, const uint8_t *is_kept, uint8_t *out);

/* The values at voxels of the set, one after the other; returns how many. */
size_t hk_gather(const float *x, const uint8_t *set, size_t n, float *out);
/* No value above `most` outside the set. */
void hk_lower_outside(float *x, const uint8_t *set, size_t n, float most);
/* Distance in voxels along each ray to where values rise above `border`, -1 where they never do. Rays begin at
   first + row * row_stride + column * column_stride and have n voxels, `stride` apart. out[rows, columns]. */
void hk_first_surface(const float *values, size_t n, ptrdiff_t stride, size_t rows, ptrdiff_t row_stride, size_t columns,
                      ptrdiff_t column_stride, size_t first, float border, float *out);
/* A surface lit from the viewer: brighter where it faces him, darker with distance, black where there is none. The last
   row of distances comes first in the picture; columns are reversed when asked. */
void hk_shade(const float *distances, size_t rows, size_t columns, int reversed, uint8_t *out);

/* Normal equations [10, 11], right side last, of log(value) over 1 x y z xx yy zz xy xz yz at the voxels of a set with
   values above `floor`; coordinates run from -1 to 1 along each axis. */
void hk_coil_normal_equations(const float *values, const uint8_t *set, const size_t size[3], float floor, double *out);
/* values /= exp(polynomial without its constant), at most by 4 either way. */
void hk_divide_coil_field(float *values, const size_t size[3], const double *coefficients);

/* One row of `n` voxels; voxel x lies at start + x * step in indices of a grid of `size`. Where it lies within a convex
   body (normal . p + offset <= 0 for each of its planes) and no corner of its cell of the grid is kept,
   out[x] = the body's label; other voxels stay as they are. Nothing is kept outside the grid. */
void hk_mark_row(uint8_t *out, size_t n, const double start[3], const double step[3], const uint8_t *kept,
                 const size_t size[3], const double *planes, const size_t *plane_counts, const uint8_t *body_labels,
                 size_t bodies);
#endif
