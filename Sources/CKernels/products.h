#ifndef PRODUCTS_H
#define PRODUCTS_H
#include "CKernels.h"

/* See inference_tile. */
void product_plain(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels, size_t rows,
                   void *out);
void product_avx512(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels, size_t rows,
                    void *out);
void product_amx(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels, size_t rows,
                 void *out);
void product_tile_model(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels,
                        size_t rows, void *out);
#endif
