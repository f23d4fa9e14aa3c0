/* Counter-based randomness and what is made of it. Sizes are checked in Swift before each call. Same bits on every processor. */
#ifndef CKERNELS_RANDOM_H
#define CKERNELS_RANDOM_H
#include <stddef.h>
#include <stdint.h>

/* A stream of Philox4x32-10: block b is that of the counter (low half of b, `high` + upper half of b, `stream`). */
typedef struct {
    uint32_t key[2], stream[2], high;
} hk_stream;

/* Values belong to groups of 256: value i of a group is made from word i / 64 of its block i % 64. `first` is the number of the
   first group; n need not be a multiple of 256. */
/* Uniform in (-1, 1), 24 bits. */
void hk_random_uniform(const hk_stream *stream, uint64_t first, size_t n, float *out);
/* Standard normal by Box and Muller. */
void hk_random_normal(const hk_stream *stream, uint64_t first, size_t n, float *out);
/* x += deviation * normal */
void hk_add_normal(const hk_stream *stream, uint64_t first, size_t n, float deviation, float *x);

/* Within an ulp or two. exp for |x| <= 700, log for x > 0, turns in circles of any number. */
double hk_exp(double x);
double hk_log(double x);
void hk_sine_cosine(double turns, double *sine, double *cosine);

/* y = least + range * ((x - least) / range) ^ exponent; values at or below `least` stay. */
void hk_gamma(float *x, size_t n, double least, double range, double exponent);
/* x *= exp(c[0] + c[1] t + c[2] t^2 + ...) with t = start + step * i */
void hk_multiply_by_exp(float *x, size_t n, const double *coefficients, size_t count, double start, double step);
/* Sum of (x - mean)^2 in the order of x. */
double hk_squares(const float *x, size_t n, double mean);
/* y = scale * x + offset, except where x is `kept` or below `least` */
void hk_shift(float *x, size_t n, float scale, float offset, float kept, float least);
#endif
