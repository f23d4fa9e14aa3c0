#ifndef MIXED_H
#define MIXED_H
#include <stddef.h>
#include <stdint.h>

/* Products of float32 matrices whose numbers are rounded to bfloat16 and whose sums are float32: mixed precision in training.
   Both matrices are first written as units, two neighbours along the inner dimension in 4 bytes; an odd inner dimension ends
   with a zero. Needs AVX-512 with BF16; the caller asks (module Tensors, MixedProduct) and otherwise rounds with
   `mixed_round` and multiplies in float32. */

/* Units of an inner dimension. */
static inline size_t mixed_units(size_t inner) { return (inner + 1) / 2; }
/* Numbers of 4 bytes that `n` rows or columns take. */
static inline size_t mixed_size(size_t n, size_t inner) { return (n + 15) / 16 * 16 * mixed_units(inner); }

/* [n, inner] to rows of units. */
void mixed_rows(const float *x, size_t n, size_t inner, uint32_t *out);
/* [n, inner] or, transposed, [inner, n] to panels of 16: for each 16 of n, for each unit, those 16. What lies beyond n is zero. */
void mixed_panels(const float *x, size_t n, size_t inner, int transposed, uint32_t *out);

/* c [rows, columns] = a bᵀ + bias (may be NULL). a is in rows or in panels, b in panels. */
void mixed_product(const uint32_t *a, int a_in_panels, const uint32_t *b, size_t rows, size_t columns, size_t inner,
                   const float *bias, float *c);

/* Rounds to bfloat16, kept as float32. */
void mixed_round(const float *x, float *y, size_t n);
#endif
