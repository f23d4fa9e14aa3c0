#include "cosine.h"
#include "clones.h"
#include "fourier.h"
#include <string.h>

/* DCT-II by Makhoul, "A fast cosine transform in one and two dimensions" (1980): even values forwards and odd ones backwards
   through a Fourier transform of the same length. Two real lines make one complex line. */

/* Spectrum of pairs of lines to their cosine coefficients, in place: with Z[k] = (p, q) and Z[n - k] = (t, u) the spectra of
   the two lines are ((p + t) + i (q - u)) / 2 and ((q + u) + i (t - p)) / 2. */
INLINE void to_cosines(const hk_cosine_plan *plan, float *x) {
    size_t n = plan->n;
    *at(x, 0, 0) *= 2;
    *at(x, 0, 1) *= 2;
    for (size_t k = 1; k <= n - k; k++) {
        float c = plan->quarters[2 * k], s = plan->quarters[2 * k + 1];
        lanes p = *at(x, k, 0), q = *at(x, k, 1), t = *at(x, n - k, 0), u = *at(x, n - k, 1);
        lanes a = p + t, b = q - u, d = q + u, e = t - p;
        *at(x, k, 0) = c * a + s * b;
        *at(x, k, 1) = c * d + s * e;
        if (k == n - k) break;
        *at(x, n - k, 0) = s * a - c * b;
        *at(x, n - k, 1) = s * d - c * e;
    }
}

INLINE void from_cosines(const hk_cosine_plan *plan, float *x) {
    size_t n = plan->n;
    *at(x, 0, 0) *= 0.5f;
    *at(x, 0, 1) *= 0.5f;
    for (size_t k = 1; k <= n - k; k++) {
        float c = 0.5f * plan->quarters[2 * k], s = 0.5f * plan->quarters[2 * k + 1];
        lanes f = *at(x, k, 0), g = *at(x, n - k, 0), h = *at(x, k, 1), l = *at(x, n - k, 1);
        lanes a = c * f + s * g, b = s * f - c * g, d = c * h + s * l, e = s * h - c * l;
        *at(x, k, 0) = a - e;
        *at(x, k, 1) = d + b;
        if (k == n - k) break;
        *at(x, n - k, 0) = a + e;
        *at(x, n - k, 1) = d - b;
    }
}

/* Where value i of a line goes before the Fourier transform. */
INLINE size_t place(size_t i, size_t n) { return i % 2 ? n - 1 - i / 2 : i / 2; }
/* The value that stands at i when `count` values continue by reflection. */
INLINE size_t reflected(size_t i, size_t count) { return i < count ? i : 2 * count - 1 - i; }

/* Sixteen rows of sixteen values become columns: each round interleaves the first eight rows with the last. */
INLINE void transpose(lanes *v) {
    for (int round = 0; round < 4; round++) {
        lanes w[LANES];
        for (int i = 0; i < LANES / 2; i++) {
            lanes a = v[i], b = v[i + LANES / 2];
            w[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            w[2 * i + 1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        for (int i = 0; i < LANES; i++) v[i] = w[i];
    }
}

/* Sixteen values of each of sixteen rows, as vectors across the rows, or back. */
INLINE void load_square(const float *data, size_t stride, lanes *v) {
    for (size_t j = 0; j < LANES; j++) memcpy(v + j, data + j * stride, sizeof(lanes));
    transpose(v);
}

INLINE void store_square(lanes *v, float *data, size_t stride) {
    transpose(v);
    for (size_t j = 0; j < LANES; j++) memcpy(data + j * stride, v + j, sizeof(lanes));
}

INLINE void load_rows(const float *data, size_t stride, size_t rows, float *out) {
    for (size_t j = 0; j < rows; j++) out[j] = data[j * stride];
    for (size_t j = rows; j < HK_LINES; j++) out[j] = 0;
}

INLINE void store_rows(const float *in, float *data, size_t stride, size_t rows) {
    for (size_t j = 0; j < rows; j++) data[j * stride] = in[j];
}

/* Whole rows into work, value i at its place, or in the order in which they stand. */
INLINE void gather(const float *data, size_t stride, size_t rows, size_t count, size_t n, int sorted, float *work) {
    size_t i = 0;
    lanes v[LANES];
    for (; rows == HK_LINES && i + LANES <= count; i += LANES)
        for (size_t part = 0; part < 2; part++) {
            load_square(data + i + part * LANES * stride, stride, v);
            for (size_t j = 0; j < LANES; j++) *at(work, sorted ? i + j : place(i + j, n), part) = v[j];
        }
    for (; i < n; i++)
        load_rows(data + reflected(i, count), stride, rows, work + HK_LINES * (sorted ? i : place(i, n)));
}

INLINE void scatter(float *work, size_t n, int sorted, float *data, size_t stride, size_t rows, size_t count) {
    size_t i = 0;
    lanes v[LANES];
    for (; rows == HK_LINES && i + LANES <= count; i += LANES)
        for (size_t part = 0; part < 2; part++) {
            for (size_t j = 0; j < LANES; j++) v[j] = *at(work, sorted ? i + j : place(i + j, n), part);
            store_square(v, data + i + part * LANES * stride, stride);
        }
    for (; i < count; i++) store_rows(work + HK_LINES * (sorted ? i : place(i, n)), data + i, stride, rows);
}

CLONES void hk_cosine_rows(const hk_cosine_plan *plan, float *data, size_t stride, size_t rows, size_t count, int inverse, float *work) {
#pragma clang fp contract(fast)
    size_t n = plan->n;
    float *other = work + HK_LINES * n;
    if (inverse) {
        gather(data, stride, rows, n, n, 1, work);
        from_cosines(plan, work);
        scatter(fourier(plan, work, other, 1), n, 0, data, stride, rows, count);
    } else {
        gather(data, stride, rows, count, n, 0, work);
        float *result = fourier(plan, work, other, 0);
        to_cosines(plan, result);
        scatter(result, n, 1, data, stride, rows, n);
    }
}

INLINE void load_columns(const float *data, size_t columns, float *out) {
    if (columns == HK_LINES) {
        memcpy(out, data, HK_LINES * sizeof(float));
    } else {
        memcpy(out, data, columns * sizeof(float));
        memset(out + columns, 0, (HK_LINES - columns) * sizeof(float));
    }
}

INLINE void store_columns(const float *in, float *data, size_t columns) {
    if (columns == HK_LINES) memcpy(data, in, HK_LINES * sizeof(float));
    else memcpy(data, in, columns * sizeof(float));
}

CLONES void hk_cosine_columns(const hk_cosine_plan *plan, float *data, size_t stride, size_t columns, size_t count, int inverse, float *work) {
#pragma clang fp contract(fast)
    size_t n = plan->n;
    float *other = work + HK_LINES * n;
    if (inverse) {
        for (size_t i = 0; i < n; i++) load_columns(data + i * stride, columns, work + HK_LINES * i);
        from_cosines(plan, work);
        float *result = fourier(plan, work, other, 1);
        for (size_t i = 0; i < count; i++) store_columns(result + HK_LINES * place(i, n), data + i * stride, columns);
    } else {
        for (size_t i = 0; i < n; i++)
            load_columns(data + reflected(i, count) * stride, columns, work + HK_LINES * place(i, n));
        float *result = fourier(plan, work, other, 0);
        to_cosines(plan, result);
        for (size_t i = 0; i < n; i++) store_columns(result + HK_LINES * i, data + i * stride, columns);
    }
}

/* value *= gain at the squared frequencies across + along. */
INLINE void weigh(const hk_butterworth *filter, lanes *value, const lanes *across, float along) {
    lanes f2 = *across + along, below = {0}, above = {0};
    if (filter->low2 > 0) {
        lanes ratio = filter->low2 / f2;
        below = ratio;
        for (size_t i = 1; i < filter->order; i++) below *= ratio;
    }
    if (filter->high2 > 0) {
        lanes ratio = f2 / filter->high2;
        above = ratio;
        for (size_t i = 1; i < filter->order; i++) above *= ratio;
    }
    *value *= filter->scale / ((1 + below) * (1 + above));
}

CLONES void hk_butterworth_columns(const hk_cosine_plan *plan, float *data, size_t stride, size_t columns, size_t count,
                                   const hk_butterworth *filter, const float *across, float step2, float *work) {
#pragma clang fp contract(fast)
    size_t n = plan->n;
    float *other = work + HK_LINES * n;
    lanes f, g;
    memcpy(&f, across, sizeof f);
    memcpy(&g, across + LANES, sizeof g);
    for (size_t i = 0; i < n; i++)
        load_columns(data + reflected(i, count) * stride, columns, work + HK_LINES * place(i, n));
    float *spectrum = fourier(plan, work, other, 0);
    to_cosines(plan, spectrum);
    for (size_t k = 0; k < n; k++) {
        float along = step2 * (float)k * (float)k;
        weigh(filter, at(spectrum, k, 0), &f, along);
        weigh(filter, at(spectrum, k, 1), &g, along);
    }
    from_cosines(plan, spectrum);
    float *result = fourier(plan, spectrum, spectrum == work ? other : work, 1);
    for (size_t i = 0; i < count; i++) store_columns(result + HK_LINES * place(i, n), data + i * stride, columns);
}
