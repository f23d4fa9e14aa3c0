/* Connected parts of sets of voxels, as runs along rows. Images are [depth, height, width], x fastest; `size` is x, y, z.
   A run is two numbers, [first, end) along x; row r has the runs row_first[r] up to row_first[r + 1]. Bytes that are not 0
   are in the set, those that are 0 when `inverted`. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_COMPONENTS_H
#define CKERNELS_COMPONENTS_H
#include <stddef.h>
#include <stdint.h>

size_t hk_count_runs(const uint8_t *mask, size_t rows, size_t width, int inverted);
/* `row_first` has room for rows + 1 numbers, `runs` for two a run. */
void hk_find_runs(const uint8_t *mask, size_t rows, size_t width, int inverted, uint32_t *row_first, uint32_t *runs);
/* labels[run] from 1 in the order in which parts begin; returns their number. Neighbours share a face, or also an edge or a
   corner when `corners`. Slices are kept apart unless `across`. */
size_t hk_label_runs(const uint32_t *row_first, const uint32_t *runs, const size_t size[3], int corners, int across,
                     uint32_t *labels);
/* sizes[label] += voxels of each run. */
void hk_run_sizes(const uint32_t *runs, size_t n, const uint32_t *labels, size_t *sizes);
/* flags[label] = 1 where a part has a voxel at the first or last place along an axis a with along[a]. */
void hk_runs_at_border(const uint32_t *row_first, const uint32_t *runs, const size_t size[3], const uint8_t along[3],
                       const uint32_t *labels, uint8_t *flags);
/* sums[label] += the values at each run; overlaps[label] += its voxels that are in the set. */
void hk_run_sums(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                 const float *values, double *sums);
void hk_run_overlaps(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                     const uint8_t *set, size_t *overlaps);
/* out = label at each run, 0 elsewhere. */
void hk_paint_runs(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                   uint32_t *out);
/* out = 1 at runs whose label is kept; other places stay as they are. */
void hk_mark_runs(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                  const uint8_t *is_kept, uint8_t *out);
/* First and last place along x, y, z of bytes that are not 0; returns whether there is one. */
int hk_set_extent(const uint8_t *mask, const size_t size[3], size_t first[3], size_t last[3]);
#endif
