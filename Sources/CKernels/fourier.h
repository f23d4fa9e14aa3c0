#ifndef FOURIER_H
#define FOURIER_H
#include "cosine.h"

/* Fourier transforms of 16 complex lines at once, one vector for the real and one for the imaginary parts of a value: no
   shuffles, and any length with small factors. By Stockham's method, which sorts itself, between two buffers. */

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

#undef PUT
#undef GET
#endif
