/* Cosine transforms of many lines at once, and a filter between them. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_COSINE_H
#define CKERNELS_COSINE_H
#include <stddef.h>
#include <stdint.h>

/* Lines that are transformed together: 16 in the real and 16 in the imaginary parts of one complex Fourier transform. */
#define HK_LINES 32

/* What a transform of n values needs. The product of the radices (2, 3, 4 or 5) is n. `twiddles` holds for each stage, with
   `length` the product of its radix and all later ones, cos and -sin of 2 pi p j / length for p in 0..<length / radix and
   j in 1..<radix; `quarters` cos and sin of pi k / 2n for k in 0...n / 2. */
typedef struct {
    size_t n, stages;
    const uint32_t *radices;
    const float *twiddles, *quarters;
} hk_cosine_plan;

/* DCT-II (inverse: DCT-III) of up to 32 lines in place; there and back multiplies by n. Rows lie `stride` apart and are
   contiguous; columns are contiguous beside each other with their values `stride` apart. `count` values of each line exist;
   the transform continues them to n by reflection at their end, and the inverse gives back `count`.
   `work` has room for 2 * 32 * n floats, aligned to 64 bytes. */
void hk_cosine_rows(const hk_cosine_plan *plan, float *data, size_t stride, size_t rows, size_t count, int inverse, float *work);
void hk_cosine_columns(const hk_cosine_plan *plan, float *data, size_t stride, size_t columns, size_t count, int inverse, float *work);

/* scale / ((1 + (low2 / f2)^order) (1 + (f2 / high2)^order)): low2 0 leaves its factor out, and so does high2 0. */
typedef struct {
    float low2, high2, scale;
    size_t order;
} hk_butterworth;

/* There, times the filter, and back along columns. The squared frequency of coefficient k of a column is
   across[column] + step2 * k * k; `across` has 32 values. */
void hk_butterworth_columns(const hk_cosine_plan *plan, float *data, size_t stride, size_t columns, size_t count,
                            const hk_butterworth *filter, const float *across, float step2, float *work);
#endif
