#ifndef EXPONENTIAL_H
#define EXPONENTIAL_H
#include <stdint.h>
#include <string.h>

/* exp(x) to about 2 units in the last place, clamped to [-87.3, 88.3]; branch-free, so that loops vectorise.
   Range reduction by ln 2 in two parts, then the degree 5 polynomial of Cephes' expf. */
static inline __attribute__((always_inline)) float exponential(float x) {
#pragma clang fp reassociate(off) contract(fast)
    x = x < -87.3f ? -87.3f : x;
    x = x > 88.3f ? 88.3f : x;
    float k = x * 1.44269504088896341f + 12582912.0f; /* 1.5 * 2^23: rounds to the nearest whole number */
    int32_t bits;
    memcpy(&bits, &k, 4);
    k -= 12582912.0f;
    float r = x - k * 0.693359375f;
    r = r + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    int32_t exponent = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
    float scale;
    memcpy(&scale, &exponent, 4);
    return p * scale;
}

#endif
