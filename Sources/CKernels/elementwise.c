#include "CKernels.h"
#include "clones.h"

CLONES void network_add(const float *restrict a, const float *restrict b, float *restrict y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

CLONES void network_accumulate(const float *restrict x, float *restrict y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] += x[i];
}

CLONES void network_multiply(const float *restrict a, const float *restrict b, float *restrict y, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = a[i] * b[i];
}

CLONES void network_add_row(const float *restrict x, const float *restrict row, float *restrict y, size_t rows,
                            size_t columns) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns)
        for (size_t i = 0; i < columns; i++) y[i] = x[i] + row[i];
}

CLONES void network_sum_rows(const float *restrict x, float *restrict row, size_t rows, size_t columns) {
    for (size_t i = 0; i < columns; i++) row[i] = 0;
    for (size_t r = 0; r < rows; r++, x += columns)
        for (size_t i = 0; i < columns; i++) row[i] += x[i];
}
