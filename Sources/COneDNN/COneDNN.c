#include "COneDNN.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdlib.h>

/* Every function of the library that is used here. */
#define FUNCTIONS(each)                  \
    each(dnnl_engine_create)             \
    each(dnnl_stream_create)             \
    each(dnnl_stream_wait)               \
    each(dnnl_stream_destroy)            \
    each(dnnl_memory_desc_init_by_strides) \
    each(dnnl_memory_desc_init_by_tag)   \
    each(dnnl_memory_desc_equal)         \
    each(dnnl_memory_desc_get_size)      \
    each(dnnl_memory_create)             \
    each(dnnl_memory_destroy)            \
    each(dnnl_matmul_desc_init)          \
    each(dnnl_primitive_attr_create)     \
    each(dnnl_primitive_attr_destroy)    \
    each(dnnl_primitive_attr_set_scratchpad_mode) \
    each(dnnl_primitive_desc_create)     \
    each(dnnl_primitive_desc_destroy)    \
    each(dnnl_primitive_desc_query_md)   \
    each(dnnl_reorder_primitive_desc_create) \
    each(dnnl_primitive_create)          \
    each(dnnl_primitive_destroy)         \
    each(dnnl_primitive_execute)

#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)
static void (*set_threads)(int);
static dnnl_engine_t engine;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libdnnl.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define FIND(name) \
    if (!(p_##name = (__typeof__(name) *)dlsym(library, #name))) return;
    FUNCTIONS(FIND)
    /* Of libgomp, which Debian's oneDNN runs on; absent in a build without OpenMP. */
    set_threads = (void (*)(int))dlsym(library, "omp_set_num_threads");
    dnnl_engine_t made;
    if (p_dnnl_engine_create(&made, dnnl_cpu, 0) == dnnl_success) engine = made;
}

int onednn_load(void) {
    pthread_once(&once, load);
    return engine != NULL;
}

struct onednn_product {
    dnnl_memory_desc_t a, plain, packed, out, scratch;
    dnnl_primitive_t primitive;
};

onednn_product *onednn_product_create(int kind, size_t rows, size_t columns, size_t inner, size_t a_stride) {
    onednn_product *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    dnnl_data_type_t operand = kind == onednn_bfloat16 ? dnnl_bf16 : dnnl_u8;
    dnnl_data_type_t weight = kind == onednn_bfloat16 ? dnnl_bf16 : dnnl_s8;
    dnnl_data_type_t result = kind == onednn_bfloat16 ? dnnl_f32 : dnnl_s32;
    dnnl_dims_t a = {(dnnl_dim_t)rows, (dnnl_dim_t)inner}, w = {(dnnl_dim_t)inner, (dnnl_dim_t)columns};
    dnnl_dims_t c = {(dnnl_dim_t)rows, (dnnl_dim_t)columns}, strides = {(dnnl_dim_t)a_stride, 1};
    dnnl_memory_desc_t any;
    dnnl_matmul_desc_t product;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    int good = p_dnnl_memory_desc_init_by_strides(&p->a, 2, a, operand, strides) == dnnl_success &&
               p_dnnl_memory_desc_init_by_tag(&p->plain, 2, w, weight, dnnl_ba) == dnnl_success &&
               p_dnnl_memory_desc_init_by_tag(&any, 2, w, weight, dnnl_format_tag_any) == dnnl_success &&
               p_dnnl_memory_desc_init_by_tag(&p->out, 2, c, result, dnnl_ab) == dnnl_success &&
               p_dnnl_matmul_desc_init(&product, &p->a, &any, NULL, &p->out) == dnnl_success &&
               p_dnnl_primitive_attr_create(&attributes) == dnnl_success &&
               /* The library's own scratch is not safe where threads share a primitive. */
               p_dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success &&
               p_dnnl_primitive_desc_create(&description, &product, attributes, engine, NULL) == dnnl_success;
    if (good) {
        p->packed = *p_dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
        p->scratch = *p_dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
        good = p_dnnl_primitive_create(&p->primitive, description) == dnnl_success;
    }
    if (description) p_dnnl_primitive_desc_destroy(description);
    if (attributes) p_dnnl_primitive_attr_destroy(attributes);
    if (good) return p;
    free(p);
    return NULL;
}

void onednn_product_destroy(onednn_product *p) {
    p_dnnl_primitive_destroy(p->primitive);
    free(p);
}

size_t onednn_product_packed_bytes(const onednn_product *p) { return p_dnnl_memory_desc_get_size(&p->packed); }
size_t onednn_product_scratch_bytes(const onednn_product *p) { return p_dnnl_memory_desc_get_size(&p->scratch); }

int onednn_product_shares_weights(const onednn_product *a, const onednn_product *b) {
    return p_dnnl_memory_desc_equal(&a->packed, &b->packed);
}

/* Runs a primitive on the caller's thread alone. */
static int execute(dnnl_primitive_t primitive, int count, const int *names, const dnnl_memory_desc_t **shapes,
                   void **data) {
    dnnl_exec_arg_t arguments[4];
    dnnl_stream_t stream = NULL;
    int made = 0, good = p_dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) == dnnl_success;
    if (set_threads) set_threads(1);
    for (; good && made < count; made++) {
        arguments[made].arg = names[made];
        good = p_dnnl_memory_create(&arguments[made].memory, shapes[made], engine, data[made]) == dnnl_success;
        if (!good) break;
    }
    good = good && p_dnnl_primitive_execute(primitive, stream, count, arguments) == dnnl_success &&
           p_dnnl_stream_wait(stream) == dnnl_success;
    for (int i = 0; i < made; i++) p_dnnl_memory_destroy(arguments[i].memory);
    if (stream) p_dnnl_stream_destroy(stream);
    return good;
}

int onednn_product_pack(const onednn_product *p, const void *weights, void *packed) {
    dnnl_primitive_desc_t description;
    if (p_dnnl_reorder_primitive_desc_create(&description, &p->plain, engine, &p->packed, engine, NULL) != dnnl_success)
        return 0;
    dnnl_primitive_t reorder;
    int good = p_dnnl_primitive_create(&reorder, description) == dnnl_success;
    p_dnnl_primitive_desc_destroy(description);
    if (!good) return 0;
    const int names[] = {DNNL_ARG_FROM, DNNL_ARG_TO};
    const dnnl_memory_desc_t *shapes[] = {&p->plain, &p->packed};
    void *data[] = {(void *)weights, packed};
    good = execute(reorder, 2, names, shapes, data);
    p_dnnl_primitive_destroy(reorder);
    return good;
}

int onednn_product_run(const onednn_product *p, const void *a, const void *packed, void *scratch, void *out) {
    const int names[] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD};
    const dnnl_memory_desc_t *shapes[] = {&p->a, &p->packed, &p->out, &p->scratch};
    void *data[] = {(void *)a, (void *)packed, out, scratch};
    return execute(p->primitive, 4, names, shapes, data);
}
