/* Float32 to the smaller types that tensors are written in. Sizes are checked in Swift before each call. */
#ifndef CKERNELS_TYPES_H
#define CKERNELS_TYPES_H
#include <stddef.h>
#include <stdint.h>

/* IEEE 754 binary16, rounded to nearest even; NaN becomes a quiet NaN and infinity stays. Returns the number of finite
   values that become infinite. */
size_t hk_to_half(const float *x, size_t n, uint16_t *out);
/* The upper half of binary32 (bfloat16), likewise. */
size_t hk_to_bfloat16(const float *x, size_t n, uint16_t *out);
/* 255 x in Float32, rounded to nearest even. Returns the number of values outside [0, 1], NaN among them; what they become
   is not defined. */
size_t hk_to_unit_bytes(const float *x, size_t n, uint8_t *out);
/* Number of values that are NaN or infinite. */
size_t hk_count_not_finite(const float *x, size_t n);
#endif
