#include "registration.h"
#include "clones.h"
#include <math.h>

static inline uint64_t splitmix(uint64_t n) {
    uint64_t z = (n + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void hk_points_in_cells(const size_t counts[3], const double edges[3], const double last[3], int jittered, float *points) {
    size_t total = counts[0] * counts[1] * counts[2];
    for (size_t n = 0; n < total; n++) {
        size_t cell[3] = {n % counts[0], n / counts[0] % counts[1], n / (counts[0] * counts[1])};
        uint64_t draw = splitmix(n);
        for (int axis = 0; axis < 3; axis++) {
            double place = jittered ? (double)(draw >> (21 * axis) & 0x1fffff) * 0x1p-21 : 0.5;
            double index = ((double)cell[axis] + place) * edges[axis] - 0.5;
            points[(size_t)axis * total + n] = (float)(index < 0 ? 0 : index > last[axis] ? last[axis] : index);
        }
    }
}

size_t hk_points_in_mask(const float *points, size_t n, const double map[12], const uint8_t *labels, const size_t size[3], uint32_t *chosen) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        double x = points[i], y = points[n + i], z = points[2 * n + i];
        double u = map[0] * x + map[1] * y + map[2] * z + map[3] + 0.5;
        double v = map[4] * x + map[5] * y + map[6] * z + map[7] + 0.5;
        double w = map[8] * x + map[9] * y + map[10] * z + map[11] + 0.5;
        if (!(u >= 0 && v >= 0 && w >= 0 && u < (double)size[0] && v < (double)size[1] && w < (double)size[2])) continue;
        if (labels[((size_t)w * size[1] + (size_t)v) * size[0] + (size_t)u]) chosen[count++] = (uint32_t)i;
    }
    return count;
}

/* Eight neighbours loaded one by one: gathering them in vector registers takes AMD's processors longer. */
CLONES void hk_interpolate_points(const float *restrict values, const size_t size[3], const double map[12], const float *restrict points, size_t stride, size_t n, float *restrict out, float *restrict gradients, size_t gradient_stride) {
#pragma clang fp reassociate(on) contract(fast)
    float m[12];
    for (int i = 0; i < 12; i++) m[i] = (float)map[i];
    const float *px = points, *py = points + stride, *pz = points + 2 * stride;
    float lastx = (float)(size[0] - 1), lasty = (float)(size[1] - 1), lastz = (float)(size[2] - 1);
    size_t row = size[0], slice = size[0] * size[1];
    size_t right = size[0] > 1, down = size[1] > 1 ? row : 0, next = size[2] > 1 ? slice : 0;
    for (size_t i = 0; i < n; i++) {
        float x = m[0] * px[i] + m[1] * py[i] + m[2] * pz[i] + m[3];
        float y = m[4] * px[i] + m[5] * py[i] + m[6] * pz[i] + m[7];
        float z = m[8] * px[i] + m[9] * py[i] + m[10] * pz[i] + m[11];
        if (!(x >= -0.5f && y >= -0.5f && z >= -0.5f && x < lastx + 0.5f && y < lasty + 0.5f && z < lastz + 0.5f)) {
            out[i] = NAN;
            if (gradients) gradients[i] = gradients[gradient_stride + i] = gradients[2 * gradient_stride + i] = 0;
            continue;
        }
        /* Where the edge is repeated, nothing changes along that axis. */
        float alongx = x >= 0 && x <= lastx, alongy = y >= 0 && y <= lasty, alongz = z >= 0 && z <= lastz;
        x = x < 0 ? 0 : x > lastx ? lastx : x;
        y = y < 0 ? 0 : y > lasty ? lasty : y;
        z = z < 0 ? 0 : z > lastz ? lastz : z;
        int ix = (int)x, iy = (int)y, iz = (int)z;
        /* The last centre belongs to the voxel before it, so that all eight neighbours exist. */
        ix -= ix == (int)size[0] - 1 && ix > 0; iy -= iy == (int)size[1] - 1 && iy > 0; iz -= iz == (int)size[2] - 1 && iz > 0;
        float fx = x - (float)ix, fy = y - (float)iy, fz = z - (float)iz;
        const float *p = values + (size_t)iz * slice + (size_t)iy * row + (size_t)ix;
        const float *q = p + next;
        float dx00 = p[right] - p[0], dx10 = p[down + right] - p[down];
        float dx01 = q[right] - q[0], dx11 = q[down + right] - q[down];
        float c00 = p[0] + fx * dx00, c10 = p[down] + fx * dx10;
        float c01 = q[0] + fx * dx01, c11 = q[down] + fx * dx11;
        float dy0 = c10 - c00, dy1 = c11 - c01;
        float c0 = c00 + fy * dy0, c1 = c01 + fy * dy1;
        out[i] = c0 + fz * (c1 - c0);
        if (gradients) {
            float gx0 = dx00 + fy * (dx10 - dx00), gx1 = dx01 + fy * (dx11 - dx01);
            gradients[i] = alongx * (gx0 + fz * (gx1 - gx0));
            gradients[gradient_stride + i] = alongy * (dy0 + fz * (dy1 - dy0));
            gradients[2 * gradient_stride + i] = alongz * (c1 - c0);
        }
    }
}

/* Position in bins, kept where all four weights have a bin, and the first of the four. */
static inline float bin_position(float value, float scale, float offset, float limit, size_t *first) {
    float position = value * scale - offset;
    position = position < 2 ? 2 : position > limit ? limit : position;
    size_t bin = (size_t)position;
    *first = bin - 1;
    return position - (float)bin;
}

CLONES size_t hk_joint_parzen(const float *restrict values, const uint8_t *restrict fixed, size_t n, float scale, float offset, size_t bins, float *restrict joint) {
#pragma clang fp reassociate(on) contract(fast)
    size_t counted = 0;
    float limit = nextafterf((float)(bins - 2), 0);
    for (size_t i = 0; i < n; i++) {
        if (values[i] != values[i]) continue;
        size_t first;
        float t = bin_position(values[i], scale, offset, limit, &first), s = 1 - t;
        float *bin = joint + fixed[i] * bins + first;
        bin[0] += s * s * s * (1.0f / 6);
        bin[1] += (4 - 6 * t * t + 3 * t * t * t) * (1.0f / 6);
        bin[2] += (4 - 6 * s * s + 3 * s * s * s) * (1.0f / 6);
        bin[3] += t * t * t * (1.0f / 6);
        counted++;
    }
    return counted;
}

CLONES void hk_add_floats(const float *restrict values, size_t n, size_t rows, double *restrict sums) {
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < n; i++) sums[i] += (double)values[row * n + i];
}

double hk_mutual_information(const double *joint, size_t bins, double total, float *table) {
    double fixed[256] = {0}, moving[256] = {0}, sum = 0;
    for (size_t l = 0; l < bins; l++)
        for (size_t k = 0; k < bins; k++) {
            fixed[l] += joint[l * bins + k] / total;
            moving[k] += joint[l * bins + k] / total;
        }
    for (size_t l = 0; l < bins; l++)
        for (size_t k = 0; k < bins; k++) {
            double p = joint[l * bins + k] / total;
            table[l * bins + k] = 0;
            if (p < 1e-16) continue;
            double ratio = log(p / moving[k]);
            table[l * bins + k] = (float)ratio;
            sum += p * (ratio - log(fixed[l]));
        }
    return sum;
}

CLONES void hk_parzen_gradient(const float *restrict values, const float *restrict gradients, size_t gradient_stride, const uint8_t *restrict fixed, const float *restrict points, size_t stride, size_t n, float scale, float offset, size_t bins, const float *restrict table, double total[12]) {
#pragma clang fp reassociate(on) contract(fast)
    const float *gx = gradients, *gy = gradients + gradient_stride, *gz = gradients + 2 * gradient_stride;
    const float *px = points, *py = points + stride, *pz = points + 2 * stride;
    float limit = nextafterf((float)(bins - 2), 0), least = 2;
    enum { BLOCK = 256 };
    float weights[BLOCK];
    for (size_t begin = 0; begin < n; begin += BLOCK) {
        size_t count = n - begin < BLOCK ? n - begin : BLOCK;
        for (size_t j = 0; j < count; j++) {
            float value = values[begin + j], position = value * scale - offset;
            size_t first;
            float t = bin_position(value == value ? value : 0, scale, offset, limit, &first), s = 1 - t;
            const float *bin = table + fixed[begin + j] * bins + first;
            /* d/dt of the four weights: the kernel's derivative with the sign of bins moving past the value. */
            float w = -0.5f * s * s * bin[0] + (1.5f * t * t - 2 * t) * bin[1] + (2 * s - 1.5f * s * s) * bin[2]
                + 0.5f * t * t * bin[3];
            /* Outside the range the weight is constant; NaN compares false. */
            weights[j] = position >= least && position <= limit ? w * scale : 0;
        }
        float sums[12] = {0};
        for (size_t j = 0; j < count; j++) {
            size_t i = begin + j;
            float a = weights[j] * gx[i], b = weights[j] * gy[i], c = weights[j] * gz[i];
            sums[0] += a * px[i]; sums[1] += a * py[i]; sums[2] += a * pz[i]; sums[3] += a;
            sums[4] += b * px[i]; sums[5] += b * py[i]; sums[6] += b * pz[i]; sums[7] += b;
            sums[8] += c * px[i]; sums[9] += c * py[i]; sums[10] += c * pz[i]; sums[11] += c;
        }
        for (int k = 0; k < 12; k++) total[k] += (double)sums[k];
    }
}

static inline size_t clamped(int index, size_t size) {
    return index < 0 ? 0 : (size_t)index >= size ? size - 1 : (size_t)index;
}

CLONES void hk_resample_oblique_row(const float *restrict values, const size_t size[3], const double start[3], const double step[3], size_t n, int nearest, float fill, float *restrict out) {
    size_t row = size[0], slice = size[0] * size[1];
    double endx = (double)size[0] - 0.5, endy = (double)size[1] - 0.5, endz = (double)size[2] - 0.5;
    for (size_t i = 0; i < n; i++) {
        double x = start[0] + (double)i * step[0], y = start[1] + (double)i * step[1], z = start[2] + (double)i * step[2];
        if (!(x >= -0.5 && y >= -0.5 && z >= -0.5 && x <= endx && y <= endy && z <= endz)) {
            out[i] = fill;
            continue;
        }
        if (nearest) {
            out[i] = values[clamped((int)(z + 0.5), size[2]) * slice + clamped((int)(y + 0.5), size[1]) * row
                + clamped((int)(x + 0.5), size[0])];
            continue;
        }
        /* Shifted by one, because conversion rounds towards zero. */
        int ix = (int)(x + 1) - 1, iy = (int)(y + 1) - 1, iz = (int)(z + 1) - 1;
        float fx = (float)(x - ix), fy = (float)(y - iy), fz = (float)(z - iz);
        size_t x0 = clamped(ix, size[0]), x1 = clamped(ix + 1, size[0]);
        size_t y0 = clamped(iy, size[1]) * row, y1 = clamped(iy + 1, size[1]) * row;
        size_t z0 = clamped(iz, size[2]) * slice, z1 = clamped(iz + 1, size[2]) * slice;
        float c00 = values[z0 + y0 + x0], c10 = values[z0 + y1 + x0], c01 = values[z1 + y0 + x0], c11 = values[z1 + y1 + x0];
        c00 += fx * (values[z0 + y0 + x1] - c00);
        c10 += fx * (values[z0 + y1 + x1] - c10);
        c01 += fx * (values[z1 + y0 + x1] - c01);
        c11 += fx * (values[z1 + y1 + x1] - c11);
        c00 += fy * (c10 - c00);
        c01 += fy * (c11 - c01);
        out[i] = c00 + fz * (c01 - c00);
    }
}
