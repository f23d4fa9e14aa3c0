#ifndef INFERENCE_H
#define INFERENCE_H
#include <stddef.h>
#include <stdint.h>

#include "network.h"

/* Networks without derivatives: products with packed weights, attention and row operations, block of rows by block of
   rows. Sizes and addresses are checked by the caller (module Tensors, folder Inference).

   Rows are as long as their elements, padded to 64 bytes; the padding of operands is zero. A row of bytes (uint8) carries
   its scale, one float, after its padding: value = scale * (byte - 128). Buffers hold a multiple of 16 rows. */

enum { inference_float32 = 0, inference_bfloat16 = 1, inference_int8 = 2 };

/* Who multiplies: plain loops, AVX-512 (with BF16 and VNNI), AMX tiles, or a model of these tiles in plain C. */
enum { inference_plain = 0, inference_avx512 = 1, inference_amx = 2, inference_tile_model = 3 };

enum { inference_no_activation = 0, inference_gelu = 1 };

/* processor.c: what this processor offers and the system lets us use. */
enum { processor_avx512 = 1, processor_bfloat16 = 2, processor_vnni = 4, processor_amx = 8 };
unsigned processor_features(void);

/* Packed weights W [columns, inner]: for each 16 columns, for each unit of 4 bytes of inner (1 float, 2 bfloat16 or 4 int8),
   16 such units. `units` is inner padded to 64 bytes, in units. int8: one scale a column, and offsets 128 * sum(W). */
typedef struct {
    int kernel, kind, activation;
    size_t units, columns;
    const void *packed;
    const float *bias, *scales;
    const int32_t *offsets;
} inference_weights;

/* packing.c */
size_t inference_packed_bytes(int kind, size_t columns, size_t inner);
void inference_pack(int kind, const float *weights, size_t columns, size_t inner, void *packed, float *scales,
                    int32_t *offsets);

/* What becomes of a product's rows: stored as float32 or bfloat16, after adding a row of `residual` (float32; may be NULL).
   Row r adds residual row `rows[r]`, or r when `rows` is NULL. */
typedef struct {
    void *out;
    size_t out_stride;
    int kind;
    const float *residual;
    size_t residual_stride;
    const int32_t *rows;
} inference_target;

/* products.c: out = activation(a Wᵀ + bias) + residual. `scratch` holds 128 x 64 floats. */
void inference_product(const inference_weights *weights, const void *a, size_t a_stride, size_t rows,
                       const inference_target *target, float *scratch);
/* The same after the product was made elsewhere: `product` is [rows, columns], rows `stride` floats apart. */
void inference_finish(const inference_weights *weights, const float *product, size_t stride, const void *a,
                      size_t a_stride, size_t rows, const inference_target *target);

/* Up to 4 panels of 16 columns for some rows; each row of `out` is 64 numbers long (int32 for int8). Tiles write rows in
   sixteens. */
typedef void (*inference_tile)(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels,
                               size_t rows, void *out);
inference_tile inference_tile_of(int kernel);

/* attention.c: softmax(scale q kᵀ) v of one head, in blocks of keys: scores of a block are all that exists of them. */
typedef struct {
    int kernel, kind;
    size_t keys, width;
    const void *q, *k, *v;
    size_t q_stride, k_stride, v_stride;
    void *out;
    size_t out_stride, padding;
    float scale;
} inference_head;
size_t inference_attention_scratch(int kind, size_t keys, size_t width);
void inference_attention(const inference_head *head, size_t queries, void *scratch);

/* depthwise.c: a depthwise convolution between two ReLU6: what is read is clipped to [0, 6], and what is written. One image,
   `shape.batch` is not looked at; rows are its positions, row by row, of `kind` float32 or bfloat16 both. Weights are
   [kernel, kernel, channels]. */
void inference_depthwise(int kind, const void *x, size_t x_stride, const float *weight, const float *bias,
                         network_patch_shape shape, size_t first_row, size_t rows, void *y, size_t y_stride);

/* rows.c: `from` and `to` are kinds; rows are padded as said above. `gain` may be NULL: then no normalisation. `addend` may
   be NULL, or holds a row of `columns` for each row, added last. */
void inference_convert(int from, const void *x, size_t x_stride, int to, void *y, size_t y_stride, size_t rows,
                       size_t columns, const float *gain, const float *bias, int activation, const float *addend);
/* Row r is `parts` rows of x side by side, those at table[r * parts + part], zeros where it says -1. */
void inference_gather(int kind, const void *x, size_t x_stride, size_t columns, const int32_t *table, size_t parts,
                      void *y, size_t y_stride, size_t rows);
#endif
