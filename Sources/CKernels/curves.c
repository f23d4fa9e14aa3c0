#include "random.h"
#include "clones.h"
#include "elementary.h"

double hk_exp(double x) { return plain_exp(x); }

double hk_log(double x) { return plain_log(x); }

void hk_sine_cosine(double turns, double *sine, double *cosine) {
#pragma clang fp contract(off) reassociate(off)
    double rest = turns - __builtin_floor(turns);
    double quadrant = __builtin_floor(4 * rest + 0.5), s, c;
    plain_octant((rest - 0.25 * quadrant) * 0x1.921fb54442d18p2, &s, &c);
    switch ((int)quadrant & 3) {
    case 0: *sine = s; *cosine = c; break;
    case 1: *sine = c; *cosine = -s; break;
    case 2: *sine = -s; *cosine = -c; break;
    default: *sine = -c; *cosine = s; break;
    }
}

CLONES void hk_gamma(float *x, size_t n, double least, double range, double exponent) {
#pragma clang fp contract(off) reassociate(off)
    for (size_t i = 0; i < n; i++) {
        double share = ((double)x[i] - least) / range;
        double power = plain_exp(exponent * plain_log(share > 1e-30 ? share : 1e-30));
        x[i] = share > 1e-30 ? (float)(power * range + least) : x[i];
    }
}

CLONES void hk_multiply_by_exp(float *x, size_t n, const double *coefficients, size_t count, double start, double step) {
#pragma clang fp contract(off) reassociate(off)
    for (size_t i = 0; i < n; i++) {
        double t = start + step * (double)i, sum = 0;
        for (size_t c = count; c-- > 0;) sum = sum * t + coefficients[c];
        x[i] = (float)((double)x[i] * plain_exp(sum));
    }
}

CLONES void hk_shift(float *x, size_t n, float scale, float offset, float kept, float least) {
#pragma clang fp contract(off) reassociate(off)
    for (size_t i = 0; i < n; i++) {
        float value = scale * x[i] + offset;
        x[i] = x[i] == kept || x[i] < least ? x[i] : value;
    }
}

CLONES double hk_squares(const float *x, size_t n, double mean) {
#pragma clang fp contract(off) reassociate(off)
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double d = (double)x[i] - mean, square = d * d;
        sum += square;
    }
    return sum;
}
