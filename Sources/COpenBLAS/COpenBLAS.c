#include "COpenBLAS.h"
#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static __typeof__(cblas_sgemm) *sgemm;

static void load(void) {
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    __typeof__(openblas_set_num_threads) *set_threads =
        (__typeof__(openblas_set_num_threads) *)dlsym(library, "openblas_set_num_threads");
    __typeof__(cblas_sgemm) *found = (__typeof__(cblas_sgemm) *)dlsym(library, "cblas_sgemm");
    if (!set_threads || !found) return;
    set_threads(1);
    sgemm = found;
}

int openblas_load(void) {
    pthread_once(&once, load);
    return sgemm != 0;
}

void openblas_multiply(
    int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha, const float *a, int stride_a,
    const float *b, int stride_b, float beta, float *c, int stride_c) {
    sgemm(
        CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, rows, columns,
        inner, alpha, a, stride_a, b, stride_b, beta, c, stride_c);
}
