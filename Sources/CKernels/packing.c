#include <float.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "bfloat16.h"

static size_t units_of(int kind, size_t inner) {
    size_t bytes = inner * (kind == inference_float32 ? 4 : kind == inference_bfloat16 ? 2 : 1);
    return (bytes + 63) / 64 * 16;
}

size_t inference_packed_bytes(int kind, size_t columns, size_t inner) {
    return (columns + 15) / 16 * units_of(kind, inner) * 64;
}

void inference_pack(int kind, const float *weights, size_t columns, size_t inner, void *packed, float *scales,
                    int32_t *offsets) {
    size_t units = units_of(kind, inner), each = kind == inference_float32 ? 1 : kind == inference_bfloat16 ? 2 : 4;
    memset(packed, 0, inference_packed_bytes(kind, columns, inner));
    for (size_t n = 0; n < columns; n++) {
        const float *row = weights + n * inner;
        char *panel = (char *)packed + n / 16 * units * 64 + n % 16 * 4;
        float inverse = 0;
        if (kind == inference_int8) {
            float greatest = 0;
            for (size_t k = 0; k < inner; k++) greatest = fmaxf(greatest, fabsf(row[k]));
            scales[n] = greatest / 127;
            offsets[n] = 0;
            /* Below that the quotient overflows: the row is zero. */
            inverse = greatest < 127 / FLT_MAX ? 0 : 127 / greatest;
        }
        for (size_t k = 0; k < inner; k++) {
            char *unit = panel + k / each * 64;
            if (kind == inference_float32) {
                memcpy(unit, row + k, 4);
            } else if (kind == inference_bfloat16) {
                uint16_t value = to_bfloat16(row[k]);
                memcpy(unit + k % 2 * 2, &value, 2);
            } else {
                int8_t value = (int8_t)lrintf(row[k] * inverse);
                unit[k % 4] = (char)value;
                offsets[n] += 128 * value;
            }
        }
    }
}
