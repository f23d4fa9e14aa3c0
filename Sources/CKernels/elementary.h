#ifndef ELEMENTARY_H
#define ELEMENTARY_H
#include <stdint.h>
#include <string.h>

/* Functions of one number from additions, products and divisions alone, each rounded as IEEE 754 says and none contracted:
   the same bits on every processor, which no mathematical library promises. To be inlined into loops. */
#define PLAIN static inline __attribute__((always_inline))

/* Fraction and exponent with the fraction in [sqrt(1/2), sqrt(2)); log by the series of 2 artanh((m - 1) / (m + 1)). For x > 0. */
PLAIN double plain_log(double x) {
#pragma clang fp contract(off) reassociate(off)
    uint64_t bits;
    memcpy(&bits, &x, 8);
    bits -= 0x3fe6a09e667f3bcdULL;
    int32_t exponent = (int32_t)((int64_t)bits >> 52);
    bits = (bits & 0xfffffffffffffULL) + 0x3fe6a09e667f3bcdULL;
    double m;
    memcpy(&m, &bits, 8);
    double s = (m - 1) / (m + 1), z = s * s;
    double sum = z * (1.0 / 19) + 1.0 / 17;
    sum = sum * z + 1.0 / 15;
    sum = sum * z + 1.0 / 13;
    sum = sum * z + 1.0 / 11;
    sum = sum * z + 1.0 / 9;
    sum = sum * z + 1.0 / 7;
    sum = sum * z + 1.0 / 5;
    sum = sum * z + 1.0 / 3;
    double tail = s * z * sum, e = (double)exponent;
    return e * 0x1.62e42fefa39efp-1 + (2 * s + 2 * tail);
}

/* 2^k e^r with |r| <= log(2) / 2, e^r by its Taylor series. For |x| <= 700. */
PLAIN double plain_exp(double x) {
#pragma clang fp contract(off) reassociate(off)
    double shifted = x * 0x1.71547652b82fep0 + 0x1.8p52;
    double k = shifted - 0x1.8p52;
    /* log(2) in two parts, the first with zeros at its end: k times it is exact. */
    double r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
    double sum = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = sum * r + 1;
    sum = sum * r + 1;
    uint64_t bits, power;
    memcpy(&power, &shifted, 8);
    memcpy(&bits, &sum, 8);
    bits += power << 52;
    double result;
    memcpy(&result, &bits, 8);
    return result;
}

/* Sine and cosine of |a| <= pi / 4 by their Taylor series. */
PLAIN void plain_octant(double a, double *sine, double *cosine) {
#pragma clang fp contract(off) reassociate(off)
    double z = a * a;
    double s = z * (1.0 / 355687428096000.0) - 1.0 / 1307674368000.0;
    s = s * z + 1.0 / 6227020800.0;
    s = s * z - 1.0 / 39916800.0;
    s = s * z + 1.0 / 362880.0;
    s = s * z - 1.0 / 5040.0;
    s = s * z + 1.0 / 120.0;
    s = s * z - 1.0 / 6.0;
    double c = z * (1.0 / 20922789888000.0) - 1.0 / 87178291200.0;
    c = c * z + 1.0 / 479001600.0;
    c = c * z - 1.0 / 3628800.0;
    c = c * z + 1.0 / 40320.0;
    c = c * z - 1.0 / 720.0;
    c = c * z + 1.0 / 24.0;
    c = c * z - 0.5;
    *sine = a + a * (z * s);
    *cosine = 1 + z * c;
}

#endif
