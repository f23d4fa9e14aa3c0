#include "transforms.h"
#include "clones.h"
#include <math.h>
#include <string.h>


CLONES void hk_rescale(float *x, size_t n, double slope, double intercept) {
#pragma clang fp contract(off)
    for (size_t i = 0; i < n; i++) {
        double scaled = slope * (double)x[i];
        x[i] = (float)(scaled + intercept);
    }
}

CLONES void hk_window(float *x, size_t n, double center, double width, double lower, double range) {
#pragma clang fp contract(off)
    double below = center - width / 2, above = center + width / 2, upper = lower + range;
    for (size_t i = 0; i < n; i++) {
        double value = (double)x[i];
        double between = ((value - center) / width + 0.5) * range + lower;
        x[i] = (float)(value <= below ? lower : value > above ? upper : between);
    }
}

CLONES void hk_affine_clamp(float *x, size_t n, double offset, double scale, double lower, double upper) {
#pragma clang fp contract(off)
    for (size_t i = 0; i < n; i++) {
        double value = ((double)x[i] - offset) * scale;
        value = value < lower ? lower : value;
        x[i] = (float)(value > upper ? upper : value);
    }
}

/* The bits of a value that is finite, 0 for others. */
static inline int32_t finite_bits(float value, int32_t *finite) {
    int32_t bits;
    memcpy(&bits, &value, 4);
    *finite = -((bits & 0x7f800000) != 0x7f800000);
    return bits & *finite;
}

/* Comparisons go over whole numbers in the order of the values: those of floats would not be vectorised, since NaN could
   make their order matter. Sums go by themselves, over what is in the cache already, for the same reason. */
CLONES size_t hk_extent(const float *x, size_t n, float *least, float *greatest, double *sum) {
#pragma clang fp reassociate(on)
    int32_t low = 0x7f800000, high = ~0x7f800000;
    double total = 0;
    size_t bad = 0;
    for (size_t block = 0; block < n; block += 4096) {
        size_t count = block + 4096 < n ? 4096 : n - block;
        const float *values = x + block;
        int32_t others = 0, down = low, up = high;
        for (size_t i = 0; i < count; i++) {
            int32_t finite, bits = finite_bits(values[i], &finite), order = bits ^ ((bits >> 31) & 0x7fffffff);
            int32_t above = order | (0x7f800000 & ~finite), below = order | (~0x7f800000 & ~finite);
            down = above < down ? above : down;
            up = below > up ? below : up;
            others += 1 + finite;
        }
        double part = 0;
        for (size_t i = 0; i < count; i++) {
            int32_t finite, bits = finite_bits(values[i], &finite);
            float value;
            memcpy(&value, &bits, 4);
            part += (double)value;
        }
        low = down;
        high = up;
        total += part;
        bad += (size_t)others;
    }
    low ^= (low >> 31) & 0x7fffffff;
    high ^= (high >> 31) & 0x7fffffff;
    memcpy(least, &low, 4);
    memcpy(greatest, &high, 4);
    *sum = total;
    return bad;
}

CLONES double hk_squared_deviation(const float *x, size_t n, double mean) {
#pragma clang fp reassociate(on) contract(fast)
    double total = 0;
    for (size_t i = 0; i < n; i++) { double d = (double)x[i] - mean; total += d * d; }
    return total;
}

/* IEEE 754 bits in an order in which unsigned comparison is comparison of the values. */
static inline uint32_t order_key(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

void hk_histogram_high(const float *x, size_t n, uint32_t *counts) {
    for (size_t i = 0; i < n; i++) counts[order_key(x[i]) >> 16]++;
}

void hk_histogram_low(const float *x, size_t n, uint32_t high, uint32_t *counts) {
    for (size_t i = 0; i < n; i++) {
        uint32_t key = order_key(x[i]);
        if (key >> 16 == high) counts[key & 0xffff]++;
    }
}

/* The number of taps as a constant lets the compiler unroll; the bodies are one. Not vectorised: gathering eight or
   sixteen inputs at once takes AMD's processors twice as long as loading them one by one. */
#define ROW(TAPS) \
    _Pragma("clang loop vectorize(disable) interleave(disable)") \
    for (size_t i = 0; i < count; i++) { \
        const float *p = in + start[i], *w = weights + i * (TAPS); \
        float sum = w[0] * p[0]; \
        for (size_t t = 1; t < (TAPS); t++) sum += w[t] * p[t]; \
        out[i] = sum; \
    }

/* Many taps: sixteen sums side by side, added up in a fixed order, so that no sum waits for the one before. */
static inline float long_sum(const float *restrict p, const float *restrict w, size_t taps) {
    float sums[16];
    for (size_t k = 0; k < 16; k++) sums[k] = w[k] * p[k];
    size_t t = 16;
    for (; t + 16 <= taps; t += 16)
        for (size_t k = 0; k < 16; k++) sums[k] += w[t + k] * p[t + k];
    for (size_t k = 0; t + k < taps; k++) sums[k] += w[t + k] * p[t + k];
    for (size_t half = 8; half > 0; half /= 2)
        for (size_t k = 0; k < half; k++) sums[k] += sums[k + half];
    return sums[0];
}

CLONES void hk_resample_row(const float *restrict in, float *restrict out, size_t count, const int32_t *restrict start, const float *restrict weights, size_t taps) {
    switch (taps) {
    case 2: ROW(2) break;
    case 3: ROW(3) break;
    case 4: ROW(4) break;
    case 8: ROW(8) break;
    default:
        if (taps >= 16) {
            for (size_t i = 0; i < count; i++) out[i] = long_sum(in + start[i], weights + i * taps, taps);
        } else {
            ROW(taps)
        }
    }
}

/* With constant steps, neighbouring inputs are loaded together and sorted in registers. The order of the sum is that of
   hk_resample_row, so that both give the same bits. */
#define EVEN_ROW(STEP, TAPS) \
    for (size_t i = 0; i < count; i++) { \
        const float *p = in + i * (STEP); \
        float sum = weights[0] * p[0]; \
        for (size_t t = 1; t < (TAPS); t++) sum += weights[t] * p[t]; \
        out[i] = sum; \
    }

CLONES void hk_resample_row_evenly(const float *restrict in, float *restrict out, size_t count, size_t step, const float *restrict weights, size_t taps) {
    switch (step * 16 + (taps < 16 ? taps : 0)) {
    case 0x22: EVEN_ROW(2, 2) break;
    case 0x24: EVEN_ROW(2, 4) break;
    case 0x33: EVEN_ROW(3, 3) break;
    case 0x36: EVEN_ROW(3, 6) break;
    case 0x44: EVEN_ROW(4, 4) break;
    case 0x48: EVEN_ROW(4, 8) break;
    default: EVEN_ROW(step, taps) break;
    }
}

/* Four rows at a time, in the order of hk_combine_signed: words and values give the same bits. */
CLONES void hk_combine_rows(const float *restrict in, size_t stride, float *restrict out, size_t count, const float *weights, size_t taps) {
    const float *a = in;
    size_t t = 0;
    for (; t + 4 <= taps; t += 4, a += 4 * stride) {
        const float *b = a + stride, *c = b + stride, *d = c + stride;
        float w0 = weights[t], w1 = weights[t + 1], w2 = weights[t + 2], w3 = weights[t + 3];
        if (t == 0) {
            for (size_t i = 0; i < count; i++) out[i] = w0 * a[i] + w1 * b[i] + w2 * c[i] + w3 * d[i];
        } else {
            for (size_t i = 0; i < count; i++) out[i] += w0 * a[i] + w1 * b[i] + w2 * c[i] + w3 * d[i];
        }
    }
    for (; t < taps; t++, a += stride) {
        float w = weights[t];
        if (t == 0) {
            for (size_t i = 0; i < count; i++) out[i] = 0 + w * a[i];
        } else {
            for (size_t i = 0; i < count; i++) out[i] += w * a[i];
        }
    }
}

CLONES void hk_blend(float *restrict out, const float *restrict a, const float *restrict b, size_t count, float wa, float wb) {
    for (size_t i = 0; i < count; i++) out[i] = wa * a[i] + wb * b[i];
}

CLONES void hk_accumulate(float *restrict out, const float *restrict in, size_t count, float weight, int assign) {
    if (assign) {
        for (size_t i = 0; i < count; i++) out[i] = weight * in[i];
    } else {
        for (size_t i = 0; i < count; i++) out[i] += weight * in[i];
    }
}
