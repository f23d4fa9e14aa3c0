#include "cosine.h"
#include "clones.h"
#include <string.h>

/* DCT-II by Makhoul, "A fast cosine transform in one and two dimensions" (1980): even values forwards and odd ones backwards
   through a Fourier transform of the same length. Two real lines make one complex line, 16 pairs a vector: no shuffles, and
   any length with small factors. The Fourier transform is Stockham's, which sorts itself, between two buffers. */

#define LANES 16
#define INLINE static inline __attribute__((always_inline))
typedef float lanes __attribute__((vector_size(4 * LANES)));

INLINE lanes *at(float *work, size_t i, size_t part) { return (lanes *)(work + HK_LINES * i + LANES * part); }

/* (re, im) * (c, s), stored as value i. */
#define PUT(I, RE, IM, C, S) do { \
        lanes re_ = (RE), im_ = (IM); \
        *at(y, (I), r) = re_ * (C) - im_ * (S); \
        *at(y, (I), 1 - r) = re_ * (S) + im_ * (C); \
    } while (0)
#define GET(NAME, I) lanes NAME = *at(x, (I), r), NAME##i = *at(x, (I), 1 - r);

/* One stage: m butterflies of one radix at each of s places. `r` tells which half of a value is the real part: with the
   halves exchanged the transform is the inverse. */
INLINE void stage2(float *x, float *y, size_t m, size_t s, const float *w, size_t r) {
    for (size_t p = 0; p < m; p++, w += 2)
        for (size_t q = 0; q < s; q++) {
            size_t i = q + s * p, o = q + 2 * s * p;
            GET(a, i) GET(b, i + s * m)
            PUT(o, a + b, ai + bi, 1, 0);
            PUT(o + s, a - b, ai - bi, w[0], w[1]);
        }
}

INLINE void stage3(float *x, float *y, size_t m, size_t s, const float *w, size_t r) {
    const float half = 0.5f, sine = 0.866025403784438647f;
    for (size_t p = 0; p < m; p++, w += 4)
        for (size_t q = 0; q < s; q++) {
            size_t i = q + s * p, o = q + 3 * s * p;
            GET(a, i) GET(b, i + s * m) GET(c, i + 2 * s * m)
            lanes t = b + c, ti = bi + ci, u = a - half * t, ui = ai - half * ti;
            lanes v = sine * (b - c), vi = sine * (bi - ci);
            PUT(o, a + t, ai + ti, 1, 0);
            PUT(o + s, u + vi, ui - v, w[0], w[1]);
            PUT(o + 2 * s, u - vi, ui + v, w[2], w[3]);
        }
}

INLINE void stage4(float *x, float *y, size_t m, size_t s, const float *w, size_t r) {
    for (size_t p = 0; p < m; p++, w += 6)
        for (size_t q = 0; q < s; q++) {
            size_t i = q + s * p, o = q + 4 * s * p;
            GET(a, i) GET(b, i + s * m) GET(c, i + 2 * s * m) GET(d, i + 3 * s * m)
            lanes t = a + c, ti = ai + ci, u = a - c, ui = ai - ci;
            lanes v = b + d, vi = bi + di, z = b - d, zi = bi - di;
            PUT(o, t + v, ti + vi, 1, 0);
            PUT(o + s, u + zi, ui - z, w[0], w[1]);
            PUT(o + 2 * s, t - v, ti - vi, w[2], w[3]);
            PUT(o + 3 * s, u - zi, ui + z, w[4], w[5]);
        }
}

INLINE void stage5(float *x, float *y, size_t m, size_t s, const float *w, size_t r) {
    const float c1 = 0.309016994374947424f, c2 = -0.809016994374947424f;
    const float s1 = 0.951056516295153572f, s2 = 0.587785252292473129f;
    for (size_t p = 0; p < m; p++, w += 8)
        for (size_t q = 0; q < s; q++) {
            size_t i = q + s * p, o = q + 5 * s * p;
            GET(a, i) GET(b, i + s * m) GET(c, i + 2 * s * m) GET(d, i + 3 * s * m) GET(e, i + 4 * s * m)
            lanes t = b + e, ti = bi + ei, u = c + d, ui = ci + di;
            lanes f = b - e, fi = bi - ei, g = c - d, gi = ci - di;
            lanes h = a + c1 * t + c2 * u, hi = ai + c1 * ti + c2 * ui;
            lanes k = a + c2 * t + c1 * u, ki = ai + c2 * ti + c1 * ui;
            lanes n = s1 * f + s2 * g, ni = s1 * fi + s2 * gi;
            lanes l = s2 * f - s1 * g, li = s2 * fi - s1 * gi;
            PUT(o, a + t + u, ai + ti + ui, 1, 0);
            PUT(o + s, h + ni, hi - n, w[0], w[1]);
            PUT(o + 2 * s, k + li, ki - l, w[2], w[3]);
            PUT(o + 3 * s, k - li, ki + l, w[4], w[5]);
            PUT(o + 4 * s, h - ni, hi + n, w[6], w[7]);
        }
}

/* Fourier transform of 16 complex lines; returns where the result lies, x or y. */
INLINE float *fourier(const hk_cosine_plan *plan, float *x, float *y, size_t r) {
    const float *w = plan->twiddles;
    size_t rest = plan->n, s = 1;
    for (size_t stage = 0; stage < plan->stages; stage++) {
        size_t radix = plan->radices[stage], m = rest / radix;
        switch (radix) {
        case 2: stage2(x, y, m, s, w, r); break;
        case 3: stage3(x, y, m, s, w, r); break;
        case 4: stage4(x, y, m, s, w, r); break;
        default: stage5(x, y, m, s, w, r); break;
        }
        w += 2 * (radix - 1) * m;
        rest = m;
        s *= radix;
        float *other = x;
        x = y;
        y = other;
    }
    return x;
}

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

INLINE void load_rows(const float *data, size_t stride, size_t rows, float *out) {
    for (size_t j = 0; j < rows; j++) out[j] = data[j * stride];
    for (size_t j = rows; j < HK_LINES; j++) out[j] = 0;
}

INLINE void store_rows(const float *in, float *data, size_t stride, size_t rows) {
    for (size_t j = 0; j < rows; j++) data[j * stride] = in[j];
}

CLONES void hk_cosine_rows(const hk_cosine_plan *plan, float *data, size_t stride, size_t rows, size_t count, int inverse, float *work) {
#pragma clang fp contract(fast)
    size_t n = plan->n;
    float *other = work + HK_LINES * n;
    if (inverse) {
        for (size_t i = 0; i < n; i++) load_rows(data + i, stride, rows, work + HK_LINES * i);
        from_cosines(plan, work);
        float *result = fourier(plan, work, other, 1);
        for (size_t i = 0; i < count; i++) store_rows(result + HK_LINES * place(i, n), data + i, stride, rows);
    } else {
        for (size_t i = 0; i < n; i++)
            load_rows(data + reflected(i, count), stride, rows, work + HK_LINES * place(i, n));
        float *result = fourier(plan, work, other, 0);
        to_cosines(plan, result);
        for (size_t i = 0; i < n; i++) store_rows(result + HK_LINES * i, data + i, stride, rows);
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
