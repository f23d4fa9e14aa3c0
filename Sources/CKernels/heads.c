#include "heads.h"
#include "clones.h"
#include <math.h>
#include <string.h>

/* The lower neighbour of a position and the weight of the upper one; positions up to half a voxel beyond the ends count
   as on them. */
static inline int place(float p, size_t n, size_t *lower, float *weight) {
    if (!(p > -0.5f) || !(p < (float)n - 0.5f)) return 0;
    float last = (float)(n - 1);
    p = p < 0 ? 0 : p > last ? last : p;
    size_t l = (size_t)p;
    if (l + 1 >= n) l = n > 1 ? n - 2 : 0;
    *lower = l;
    *weight = n > 1 ? p - (float)l : 0;
    return 1;
}

void hk_sample_through(const float *in, const size_t size[3], const double map[12], float *out, const size_t out_size[3],
                       float outside) {
    size_t sy = size[0], sz = size[0] * size[1];
    size_t dx = size[0] > 1, dy = size[1] > 1 ? sy : 0, dz = size[2] > 1 ? sz : 0;
    for (size_t z = 0; z < out_size[2]; z++)
        for (size_t y = 0; y < out_size[1]; y++)
            for (size_t x = 0; x < out_size[0]; x++, out++) {
                float p[3];
                for (int a = 0; a < 3; a++)
                    p[a] = (float)(map[4 * a] * (double)x + map[4 * a + 1] * (double)y + map[4 * a + 2] * (double)z +
                                   map[4 * a + 3]);
                size_t i, j, k;
                float u, v, w;
                if (!place(p[0], size[0], &i, &u) || !place(p[1], size[1], &j, &v) || !place(p[2], size[2], &k, &w)) {
                    *out = outside;
                    continue;
                }
                const float *s = in + i + j * sy + k * sz;
                float a = s[0] + u * (s[dx] - s[0]), b = s[dy] + u * (s[dy + dx] - s[dy]);
                float c = s[dz] + u * (s[dz + dx] - s[dz]), d = s[dz + dy] + u * (s[dz + dy + dx] - s[dz + dy]);
                a += v * (b - a);
                c += v * (d - c);
                *out = a + w * (c - a);
            }
}

size_t hk_joint_counts(const uint8_t *subject, const size_t size[3], const double map[12], const float *points,
                       const uint8_t *level, size_t n, size_t levels, float *counts) {
    float m[12];
    for (int a = 0; a < 12; a++) m[a] = (float)map[a];
    size_t sy = size[0], sz = size[0] * size[1], inside = 0;
    size_t dx = size[0] > 1, dy = size[1] > 1 ? sy : 0, dz = size[2] > 1 ? sz : 0;
    for (size_t t = 0; t < n; t++, points += 3) {
        size_t i, j, k;
        float u, v, w;
        if (!place(m[0] * points[0] + m[1] * points[1] + m[2] * points[2] + m[3], size[0], &i, &u) ||
            !place(m[4] * points[0] + m[5] * points[1] + m[6] * points[2] + m[7], size[1], &j, &v) ||
            !place(m[8] * points[0] + m[9] * points[1] + m[10] * points[2] + m[11], size[2], &k, &w))
            continue;
        const uint8_t *s = subject + i + j * sy + k * sz;
        float a = s[0] + u * (float)(s[dx] - s[0]), b = s[dy] + u * (float)(s[dy + dx] - s[dy]);
        float c = s[dz] + u * (float)(s[dz + dx] - s[dz]), d = s[dz + dy] + u * (float)(s[dz + dy + dx] - s[dz + dy]);
        a += v * (b - a);
        c += v * (d - c);
        a += w * (c - a);
        size_t low = (size_t)a;
        if (low + 1 >= levels) low = levels - 2;
        float *row = counts + level[t] * levels + low;
        row[1] += a - (float)low;
        row[0] += 1 - (a - (float)low);
        inside++;
    }
    return inside;
}

static double entropy(double p) { return p > 0 ? -p * log(p) : 0; }

double hk_normalized_information(const float *counts, size_t levels) {
    double total = 0, both = 0, rows = 0, columns = 0;
    for (size_t i = 0; i < levels * levels; i++) total += counts[i];
    if (!(total > 0)) return 1;
    for (size_t i = 0; i < levels; i++) {
        double row = 0, column = 0;
        for (size_t j = 0; j < levels; j++) {
            both += entropy(counts[i * levels + j] / total);
            row += counts[i * levels + j];
            column += counts[j * levels + i];
        }
        rows += entropy(row / total);
        columns += entropy(column / total);
    }
    return both > 0 ? (rows + columns) / both : 1;
}

/* rows[r][i] = least of from[r + d][i] + d * d over |d| <= reach, at most what is there. */
CLONES static void nearest_across(const float *from, float *to, size_t rows, size_t stride, size_t n, size_t reach) {
    for (size_t r = 0; r < rows; r++) {
        size_t first = r > reach ? r - reach : 0, last = r + reach < rows ? r + reach : rows - 1;
        float *out = to + r * stride;
        for (size_t s = first; s <= last; s++) {
            const float *in = from + s * n;
            float d = (float)s - (float)r, squared = d * d;
            for (size_t i = 0; i < n; i++) {
                float v = in[i] + squared;
                out[i] = v < out[i] ? v : out[i];
            }
        }
    }
}

void hk_squared_distance(const uint8_t *mask, const size_t size[3], float most, float *out, float *scratch) {
    size_t nx = size[0], ny = size[1], nz = size[2], reach = (size_t)sqrtf(most) + 1;
    for (size_t row = 0; row < ny * nz; row++) {
        const uint8_t *m = mask + row * nx;
        float *o = out + row * nx, far = (float)reach + 1, d = far;
        for (size_t x = 0; x < nx; x++) {
            d = m[x] ? 0 : d + 1;
            o[x] = d < far ? d : far;
        }
        d = far;
        for (size_t x = nx; x-- > 0;) {
            d = m[x] ? 0 : d + 1;
            float least = d < o[x] ? d : o[x];
            o[x] = least * least < most ? least * least : most;
        }
    }
    for (size_t z = 0; z < nz; z++) {
        memcpy(scratch, out + z * nx * ny, nx * ny * sizeof(float));
        nearest_across(scratch, out + z * nx * ny, ny, nx, nx, reach);
    }
    for (size_t y = 0; y < ny; y++) {
        for (size_t z = 0; z < nz; z++) memcpy(scratch + z * nx, out + (z * ny + y) * nx, nx * sizeof(float));
        nearest_across(scratch, out + y * nx, nz, nx * ny, nx, reach);
    }
}

CLONES void hk_levels(const float *x, size_t n, float lower, float upper, uint8_t most, uint8_t *out) {
    float scale = (float)most / (upper - lower);
    for (size_t i = 0; i < n; i++) {
        float v = (x[i] - lower) * scale;
        v = v < 0 ? 0 : v > (float)most ? (float)most : v;
        out[i] = (uint8_t)(v + 0.5f);
    }
}

void hk_histogram(const float *x, size_t n, float lower, float upper, size_t bins, uint32_t *counts) {
    float scale = (float)bins / (upper - lower);
    for (size_t i = 0; i < n; i++) {
        float v = (x[i] - lower) * scale;
        if (!(v >= 0) || !(v <= (float)bins)) continue;
        size_t bin = (size_t)v;
        counts[bin < bins ? bin : bins - 1]++;
    }
}

CLONES size_t hk_count_between(const float *x, size_t n, float lower, float upper) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += (x[i] >= lower) & (x[i] <= upper);
    return count;
}

CLONES void hk_unite_sets(uint8_t *a, const uint8_t *b, size_t n) {
    for (size_t i = 0; i < n; i++) a[i] |= b[i];
}

CLONES void hk_intersect_sets(uint8_t *a, const uint8_t *b, size_t n) {
    for (size_t i = 0; i < n; i++) a[i] &= b[i];
}

CLONES void hk_subtract_sets(uint8_t *a, const uint8_t *b, size_t n) {
    for (size_t i = 0; i < n; i++) a[i] &= (uint8_t)(1 - b[i]);
}

CLONES void hk_flip_set(uint8_t *a, size_t n) {
    for (size_t i = 0; i < n; i++) a[i] = (uint8_t)(1 - a[i]);
}

CLONES size_t hk_count_set(const uint8_t *a, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += a[i];
    return count;
}

CLONES size_t hk_count_zero(const uint8_t *a, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += a[i] == 0;
    return count;
}

void hk_fill_floats(float *x, size_t first, size_t n, const uint8_t *labels, size_t label, float value) {
    for (size_t i = 0; i < n; i++)
        if (labels[label + i]) x[first + i] = value;
}

void hk_fill_words(uint16_t *x, size_t first, size_t n, const uint8_t *labels, size_t label, uint16_t value) {
    for (size_t i = 0; i < n; i++)
        if (labels[label + i]) x[first + i] = value;
}

CLONES void hk_mark_below(const float *x, size_t n, float limit, uint8_t value, uint8_t *out) {
    for (size_t i = 0; i < n; i++) out[i] = x[i] <= limit ? value : (uint8_t)(1 - value);
}

CLONES void hk_mark_between(const float *x, size_t n, float lower, float upper, uint8_t *out) {
    for (size_t i = 0; i < n; i++) out[i] = (x[i] >= lower) & (x[i] <= upper);
}

void hk_label_sizes(const uint32_t *labels, size_t n, size_t *sizes) {
    for (size_t i = 0; i < n; i++) sizes[labels[i]]++;
}

void hk_label_overlaps(const uint32_t *labels, size_t n, const uint8_t *set, size_t *sizes) {
    for (size_t i = 0; i < n; i++) sizes[labels[i]] += set[i];
}

void hk_labels_touching(const uint32_t *labels, size_t n, const uint8_t *set, uint8_t *flags) {
    for (size_t i = 0; i < n; i++)
        if (set[i]) flags[labels[i]] = 1;
}

void hk_choose_labels(const uint32_t *labels, size_t n, const uint8_t *is_kept, uint8_t *out) {
    for (size_t i = 0; i < n; i++) out[i] = is_kept[labels[i]];
}

size_t hk_gather(const float *x, const uint8_t *set, size_t n, float *out) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (set[i]) out[count++] = x[i];
    return count;
}

CLONES void hk_lower_outside(float *x, const uint8_t *set, size_t n, float most) {
    for (size_t i = 0; i < n; i++) x[i] = set[i] || x[i] < most ? x[i] : most;
}

void hk_first_surface(const float *values, size_t n, ptrdiff_t stride, size_t rows, ptrdiff_t row_stride, size_t columns,
                      ptrdiff_t column_stride, size_t first, float border, float *out) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++, out++) {
            const float *v = values + first + (ptrdiff_t)r * row_stride + (ptrdiff_t)c * column_stride;
            *out = -1;
            for (size_t i = 0; i < n; i++, v += stride) {
                if (*v <= border) continue;
                float before = i > 0 ? v[-stride] : *v;
                *out = (float)i - (*v > before ? (*v - border) / (*v - before) : 0);
                break;
            }
        }
}

void hk_shade(const float *distances, size_t rows, size_t columns, int reversed, uint8_t *out) {
    float near = INFINITY;
    for (size_t i = 0; i < rows * columns; i++)
        if (distances[i] >= 0 && distances[i] < near) near = distances[i];
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            size_t row = rows - 1 - r, column = reversed ? columns - 1 - c : c;
            const float *d = distances + row * columns + column;
            uint8_t *pixel = out + r * columns + c;
            *pixel = 0;
            if (*d < 0) continue;
            /* Central differences; towards nothing the surface is taken to go on level. */
            float left = column > 0 && d[-1] >= 0 ? d[-1] : *d, right = column + 1 < columns && d[1] >= 0 ? d[1] : *d;
            float below = row > 0 && *(d - columns) >= 0 ? *(d - columns) : *d;
            float above = row + 1 < rows && d[columns] >= 0 ? d[columns] : *d;
            float u = (right - left) / 2, v = (above - below) / 2;
            float light = 1 / sqrtf(1 + u * u + v * v), depth = 1 - (*d - near) / 260;
            float value = 255 * (0.15f + 0.85f * light) * (depth > 0.3f ? depth : 0.3f);
            *pixel = (uint8_t)(value > 255 ? 255 : value);
        }
}

static inline void coil_terms(const size_t size[3], size_t x, size_t y, size_t z, double t[10]) {
    double u = 2.0 * (double)x / (double)size[0] - 1, v = 2.0 * (double)y / (double)size[1] - 1;
    double w = 2.0 * (double)z / (double)size[2] - 1;
    double terms[10] = {1, u, v, w, u * u, v * v, w * w, u * v, u * w, v * w};
    memcpy(t, terms, sizeof terms);
}

void hk_coil_normal_equations(const float *values, const uint8_t *set, const size_t size[3], float floor, double *out) {
    for (size_t z = 0; z < size[2]; z++)
        for (size_t y = 0; y < size[1]; y++)
            for (size_t x = 0; x < size[0]; x++, values++, set++) {
                if (!*set || !(*values > floor) || !(*values > 0)) continue;
                double t[10], l = log(*values);
                coil_terms(size, x, y, z, t);
                for (int i = 0; i < 10; i++) {
                    for (int j = 0; j < 10; j++) out[11 * i + j] += t[i] * t[j];
                    out[11 * i + 10] += t[i] * l;
                }
            }
}

void hk_divide_coil_field(float *values, const size_t size[3], const double *coefficients) {
    for (size_t z = 0; z < size[2]; z++)
        for (size_t y = 0; y < size[1]; y++)
            for (size_t x = 0; x < size[0]; x++, values++) {
                double t[10], sum = 0;
                coil_terms(size, x, y, z, t);
                for (int i = 1; i < 10; i++) sum += coefficients[i] * t[i];
                double limit = log(4.0);
                sum = sum > limit ? limit : sum < -limit ? -limit : sum;
                *values *= (float)exp(-sum);
            }
}

static inline int corner_is_kept(const uint8_t *kept, const size_t size[3], const double p[3]) {
    long low[3];
    for (int a = 0; a < 3; a++) {
        double f = floor(p[a]);
        if (f < -1 || f >= (double)size[a]) return 0;
        low[a] = (long)f;
    }
    for (long k = low[2]; k <= low[2] + 1; k++)
        for (long j = low[1]; j <= low[1] + 1; j++)
            for (long i = low[0]; i <= low[0] + 1; i++) {
                if (i < 0 || j < 0 || k < 0 || i >= (long)size[0] || j >= (long)size[1] || k >= (long)size[2]) continue;
                if (kept[((size_t)k * size[1] + (size_t)j) * size[0] + (size_t)i]) return 1;
            }
    return 0;
}

void hk_mark_row(uint8_t *out, size_t n, const double start[3], const double step[3], const uint8_t *kept,
                 const size_t size[3], const double *planes, const size_t *plane_counts, const uint8_t *body_labels,
                 size_t bodies) {
    for (size_t body = 0; body < bodies; planes += 4 * plane_counts[body], body++) {
        /* Each plane leaves an interval of the row. */
        double from = 0, to = (double)n - 1;
        for (size_t i = 0; i < plane_counts[body]; i++) {
            const double *q = planes + 4 * i;
            double value = q[0] * start[0] + q[1] * start[1] + q[2] * start[2] + q[3];
            double slope = q[0] * step[0] + q[1] * step[1] + q[2] * step[2];
            if (slope > 0) to = fmin(to, -value / slope);
            else if (slope < 0) from = fmax(from, -value / slope);
            else if (value >= 0) to = -1;
        }
        for (double x = ceil(from); x <= to; x += 1) {
            double p[3];
            for (int a = 0; a < 3; a++) p[a] = start[a] + x * step[a];
            if (!corner_is_kept(kept, size, p)) out[(size_t)x] = body_labels[body];
        }
    }
}
