/* oneDNN, loaded when it is asked for, as OpenBLAS is: linked in the usual way it would start OpenMP in every run. One
   thread a call: callers split products into blocks themselves, so that no bit depends on the number of threads. */
#ifndef CONEDNN_H
#define CONEDNN_H
#include <stddef.h>

/* Loads libdnnl once. Returns 0 when the system has none. */
int onednn_load(void);

enum { onednn_bfloat16 = 1, onednn_int8 = 2 };

/* a Wᵀ for a fixed number of rows; a is bfloat16 or uint8 [rows, inner], W bfloat16 or int8 [columns, inner], the result
   float32 or int32 [rows, columns]. */
typedef struct onednn_product onednn_product;

/* NULL when oneDNN has nothing for it. `a_stride` is in elements. Only after onednn_load has succeeded. */
onednn_product *onednn_product_create(int kind, size_t rows, size_t columns, size_t inner, size_t a_stride);
void onednn_product_destroy(onednn_product *product);
/* Bytes of the weights in oneDNN's own order, and of the memory that one call needs for itself. */
size_t onednn_product_packed_bytes(const onednn_product *product);
size_t onednn_product_scratch_bytes(const onednn_product *product);
/* Whether two products read weights in the same order. */
int onednn_product_shares_weights(const onednn_product *a, const onednn_product *b);
/* Both return 0 when oneDNN reports a fault. */
int onednn_product_pack(const onednn_product *product, const void *weights, void *packed);
int onednn_product_run(const onednn_product *product, const void *a, const void *packed, void *scratch, void *out);
#endif
