/* Runs every kernel of random.h and warp.h on a made-up volume and prints a digest of each result's bits. */
#include "random.h"
#include "warp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { D = 20, H = 61, W = 333, N = D * H * W };

static void digest(const char *name, const float *x, size_t n) {
    uint64_t sum = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], 4);
        sum = (sum ^ bits) * 0x100000001b3ULL;
    }
    printf("%s %016llx ", name, (unsigned long long)sum);
}

int main(void) {
    float *noise = malloc(3 * N * sizeof(float)), *image = malloc(2 * N * sizeof(float)), *out = malloc(N * sizeof(float));
    hk_stream stream = {{1, 2}, {3, 4}, 1u << 28};
    hk_random_uniform(&stream, 0, 3 * N, noise);
    digest("uniform", noise, 3 * N);
    hk_random_normal(&stream, 5, N, image);
    digest("normal", image, N);
    memcpy(image + N, image, N * sizeof(float));
    hk_add_normal(&stream, 9, N, 0.37f, image);
    digest("add", image, N);
    float weights[33];
    for (int t = 0; t < 33; t++) weights[t] = (float)hk_exp(-0.01 * (t - 16) * (t - 16));
    for (int row = 0; row + 33 < D * H; row++) hk_convolve(image + row * W, W, out + row * W, W, weights, 33, row & 1);
    digest("convolve", out, (D * H - 34) * W);
    for (size_t i = 0; i < 3 * N; i++) noise[i] *= 7;
    hk_grid grid = {W, H, D};
    for (int z = 0; z < D; z++)
        for (int y = 0; y < H; y++) {
            size_t row = (size_t)(z * H + y) * W;
            hk_warp_field(image, &grid, out + row, W, noise + row, noise + N + row, noise + 2 * N + row, y, z, 0);
        }
    digest("field", out, N);
    for (int z = 0; z < D; z++)
        for (int y = 0; y < H; y++) {
            double sine, cosine;
            hk_sine_cosine(0.03, &sine, &cosine);
            double start[3] = {-sine * y, cosine * y, z + 0.1 * y}, step[3] = {cosine, sine, 0.01};
            hk_warp_affine(image, &grid, out + (size_t)(z * H + y) * W, W, start, step, -1, 0);
        }
    digest("affine", out, N);
    hk_gamma(image, N, -7, 15, 1.37);
    digest("gamma", image, N);
    double coefficients[4] = {0.1, -0.2, hk_log(1.3), 0.07};
    hk_multiply_by_exp(image, N, coefficients, 4, -1, 2.0 / N);
    digest("bias", image, N);
    hk_shift(image, N, 1.1f, -0.3f, 2, -5);
    digest("shift", image, N);
    out[0] = (float)hk_squares(image, N, 0.1);
    digest("squares", out, 1);
    puts("");
    return 0;
}
