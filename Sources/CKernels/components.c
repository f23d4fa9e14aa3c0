#include "components.h"
#include <string.h>

/* Bit i of the result: whether voxel i of up to 64 is in the set. Eight bytes at a time: a byte that is not 0 gets its
   highest bit set, and a product brings these eight bits together. */
static inline uint64_t set_bits(const uint8_t *mask, size_t n, int inverted) {
    uint64_t bits = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t bytes;
        memcpy(&bytes, mask + i, 8);
        bytes = (((bytes & 0x7f7f7f7f7f7f7f7f) + 0x7f7f7f7f7f7f7f7f) | bytes) & 0x8080808080808080;
        bits |= ((bytes >> 7) * 0x0102040810204080 >> 56) << i;
    }
    for (; i < n; i++) bits |= (uint64_t)(mask[i] != 0) << i;
    return inverted ? ~bits & (n < 64 ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0) : bits;
}

size_t hk_count_runs(const uint8_t *mask, size_t rows, size_t width, int inverted) {
    size_t count = 0;
    for (size_t row = 0; row < rows; row++, mask += width) {
        uint64_t before = 0;
        for (size_t x = 0; x < width; x += 64) {
            uint64_t bits = set_bits(mask + x, width - x < 64 ? width - x : 64, inverted);
            count += (size_t)__builtin_popcountll(bits & ~(bits << 1 | before));
            before = bits >> 63;
        }
    }
    return count;
}

void hk_find_runs(const uint8_t *mask, size_t rows, size_t width, int inverted, uint32_t *row_first, uint32_t *runs) {
    uint32_t *next = runs;
    for (size_t row = 0; row < rows; row++, mask += width) {
        row_first[row] = (uint32_t)((next - runs) / 2);
        uint64_t before = 0;
        for (size_t x = 0; x < width; x += 64) {
            uint64_t bits = set_bits(mask + x, width - x < 64 ? width - x : 64, inverted);
            /* Places where the set begins and ends take turns. */
            for (uint64_t turns = bits ^ (bits << 1 | before); turns; turns &= turns - 1)
                *next++ = (uint32_t)(x + (size_t)__builtin_ctzll(turns));
            before = bits >> 63;
        }
        if ((next - runs) % 2) *next++ = (uint32_t)width;
    }
    row_first[rows] = (uint32_t)((next - runs) / 2);
}

static inline uint32_t root(uint32_t *parent, uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

/* Unites the runs of one row with those of an earlier row that they meet. The earliest run stands for its part, so that parts
   are numbered as they begin. */
static inline void join_rows(const uint32_t *row_first, const uint32_t *runs, size_t row, size_t earlier, uint32_t reach,
                             uint32_t *parent) {
    uint32_t a = row_first[row], a_end = row_first[row + 1], b = row_first[earlier], b_end = row_first[earlier + 1];
    while (a < a_end && b < b_end) {
        uint32_t a_last = runs[2 * a + 1], b_last = runs[2 * b + 1];
        if (runs[2 * a] < b_last + reach && runs[2 * b] < a_last + reach && parent[a] != parent[b]) {
            uint32_t r = root(parent, a), s = root(parent, b), least = r < s ? r : s;
            parent[r] = parent[s] = parent[a] = parent[b] = least;
        }
        /* Without a branch, which would be guessed wrong half the time. */
        uint32_t ends_first = a_last < b_last;
        a += ends_first;
        b += 1 - ends_first;
    }
}

size_t hk_label_runs(const uint32_t *row_first, const uint32_t *runs, const size_t size[3], int corners, int across,
                     uint32_t *labels) {
    size_t ny = size[1], nz = size[2];
    uint32_t n = row_first[ny * nz], reach = corners ? 1 : 0;
    for (uint32_t i = 0; i < n; i++) labels[i] = i;
    for (size_t z = 0; z < nz; z++)
        for (size_t y = 0; y < ny; y++) {
            size_t row = z * ny + y;
            if (y > 0) join_rows(row_first, runs, row, row - 1, reach, labels);
            if (z == 0 || !across) continue;
            join_rows(row_first, runs, row, row - ny, reach, labels);
            if (corners && y > 0) join_rows(row_first, runs, row, row - ny - 1, reach, labels);
            if (corners && y + 1 < ny) join_rows(row_first, runs, row, row - ny + 1, reach, labels);
        }
    /* Parents come before their children, and so have their label already. */
    size_t parts = 0;
    for (uint32_t i = 0; i < n; i++) labels[i] = labels[i] == i ? (uint32_t)++parts : labels[labels[i]];
    return parts;
}

void hk_run_sizes(const uint32_t *runs, size_t n, const uint32_t *labels, size_t *sizes) {
    for (size_t i = 0; i < n; i++) sizes[labels[i]] += runs[2 * i + 1] - runs[2 * i];
}

void hk_runs_at_border(const uint32_t *row_first, const uint32_t *runs, const size_t size[3], const uint8_t along[3],
                       const uint32_t *labels, uint8_t *flags) {
    for (size_t z = 0; z < size[2]; z++)
        for (size_t y = 0; y < size[1]; y++) {
            size_t row = z * size[1] + y;
            int whole = (along[1] && (y == 0 || y + 1 == size[1])) || (along[2] && (z == 0 || z + 1 == size[2]));
            for (uint32_t i = row_first[row]; i < row_first[row + 1]; i++)
                if (whole || (along[0] && (runs[2 * i] == 0 || runs[2 * i + 1] == size[0]))) flags[labels[i]] = 1;
        }
}

void hk_run_sums(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                 const float *values, double *sums) {
    for (size_t row = 0; row < rows; row++, values += width)
        for (uint32_t i = row_first[row]; i < row_first[row + 1]; i++) {
            double sum = 0;
            for (uint32_t x = runs[2 * i]; x < runs[2 * i + 1]; x++) sum += (double)values[x];
            sums[labels[i]] += sum;
        }
}

void hk_run_overlaps(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                     const uint8_t *set, size_t *overlaps) {
    for (size_t row = 0; row < rows; row++, set += width)
        for (uint32_t i = row_first[row]; i < row_first[row + 1]; i++) {
            size_t count = 0;
            for (uint32_t x = runs[2 * i]; x < runs[2 * i + 1]; x++) count += set[x] != 0;
            overlaps[labels[i]] += count;
        }
}

void hk_paint_runs(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                   uint32_t *out) {
    for (size_t row = 0; row < rows; row++, out += width) {
        memset(out, 0, width * sizeof(uint32_t));
        for (uint32_t i = row_first[row]; i < row_first[row + 1]; i++)
            for (uint32_t x = runs[2 * i]; x < runs[2 * i + 1]; x++) out[x] = labels[i];
    }
}

void hk_mark_runs(const uint32_t *row_first, const uint32_t *runs, size_t rows, size_t width, const uint32_t *labels,
                  const uint8_t *is_kept, uint8_t *out) {
    for (size_t row = 0; row < rows; row++, out += width)
        for (uint32_t i = row_first[row]; i < row_first[row + 1]; i++)
            if (is_kept[labels[i]]) memset(out + runs[2 * i], 1, runs[2 * i + 1] - runs[2 * i]);
}

int hk_set_extent(const uint8_t *mask, const size_t size[3], size_t first[3], size_t last[3]) {
    int found = 0;
    for (size_t z = 0; z < size[2]; z++)
        for (size_t y = 0; y < size[1]; y++, mask += size[0]) {
            uint64_t any = 0;
            size_t left = size[0], right = 0;
            for (size_t x = 0; x < size[0]; x += 64)
                if ((any = set_bits(mask + x, size[0] - x < 64 ? size[0] - x : 64, 0))) {
                    if (left == size[0]) left = x + (size_t)__builtin_ctzll(any);
                    right = x + 63 - (size_t)__builtin_clzll(any);
                }
            if (left == size[0]) continue;
            size_t place[3] = {left, y, z};
            for (int a = 0; a < 3; a++) {
                if (!found || place[a] < first[a]) first[a] = place[a];
                if (!found || (a ? place[a] : right) > last[a]) last[a] = a ? place[a] : right;
            }
            found = 1;
        }
    return found;
}
