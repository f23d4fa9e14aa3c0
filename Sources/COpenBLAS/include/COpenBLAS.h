/* OpenBLAS, loaded when the first matrix product is near. Linked in the usual way it would start a thread and take its
   buffers, 4 MB, in every run, and few runs multiply matrices. */
#ifndef COPENBLAS_H
#define COPENBLAS_H

/* Loads the library once, set to one thread. Returns 0 when the system has none. */
int openblas_load(void);

/* Row-major c = alpha * op(a) * op(b) + beta * c, as cblas_sgemm; `op` transposes where it is told to. Only after
   openblas_load has succeeded. */
void openblas_multiply(
    int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha, const float *a, int stride_a,
    const float *b, int stride_b, float beta, float *c, int stride_c);
#endif
