#ifndef OPTIMISER_H
#define OPTIMISER_H
#include <stddef.h>

/* Loops over parameters (module Training). */

/* One step of AdamW (Loshchilov and Hutter 2019) as PyTorch computes it: `shrink` = 1 - rate * decay,
   `step` = rate / (1 - beta1^t), `root` = sqrt(1 - beta2^t). m and v are the moments. */
void optimiser_adamw(float *p, const float *g, float *m, float *v, size_t n, float shrink, float step, float root,
                     float beta1, float beta2, float epsilon);
/* x += part * (y - x) */
void optimiser_approach(float *x, const float *y, size_t n, float part);
void optimiser_scale(float *x, size_t n, float factor);
/* The sum of squares in double precision, in one order on every processor: sixteen lanes, then their sum. */
double optimiser_square_sum(const float *x, size_t n);

#endif
