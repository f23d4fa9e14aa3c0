/* The AMX kernel, over TILE_... operations: products_amx.c includes it once with the instructions and once with a model of
   them in plain C, which tests run where there are no tiles. TILES(name) declares the function.

   Blocks of 32 x 32 numbers in 4 tiles, fed by 2 + 2: each operand loaded is used twice. A depth of 96 units at a time, so
   that the weights of 64 columns (24 KiB) stay in the first cache over all rows. `units` is a multiple of 16. */
TILES(void)
TILE_NAME(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels, size_t rows, void *out) {
    TILE_BEGIN();
    for (size_t first = 0; first < units; first += 96) {
        size_t end = first + 96 < units ? first + 96 : units;
        for (size_t r = 0; r < rows; r += 32) {
            const char *a0 = (const char *)a + r * a_stride, *a1 = r + 16 < rows ? a0 + 16 * a_stride : a0;
            for (size_t p = 0; p < panels; p += 2) {
                const char *b0 = (const char *)b + p * units * 64, *b1 = p + 1 < panels ? b0 + units * 64 : b0;
                float *to = (float *)out + r * 64 + p * 16;
                size_t right = p + 1 < panels ? 16 : 0, below = r + 16 < rows ? 16 * 64 : 0;
                if (first == 0) {
                    TILE_ZERO(0);
                    TILE_ZERO(1);
                    TILE_ZERO(2);
                    TILE_ZERO(3);
                } else {
                    TILE_LOAD(0, to, 256);
                    TILE_LOAD(1, to + right, 256);
                    TILE_LOAD(2, to + below, 256);
                    TILE_LOAD(3, to + below + right, 256);
                }
                for (size_t u = first; u < end; u += 16) {
                    TILE_LOAD(4, a0 + u * 4, a_stride);
                    TILE_LOAD(6, b0 + u * 64, 64);
                    TILE_LOAD(5, a1 + u * 4, a_stride);
                    TILE_LOAD(7, b1 + u * 64, 64);
                    if (kind == inference_bfloat16) {
                        TILE_BFLOAT16(0, 4, 6);
                        TILE_BFLOAT16(1, 4, 7);
                        TILE_BFLOAT16(2, 5, 6);
                        TILE_BFLOAT16(3, 5, 7);
                    } else {
                        TILE_INT8(0, 4, 6);
                        TILE_INT8(1, 4, 7);
                        TILE_INT8(2, 5, 6);
                        TILE_INT8(3, 5, 7);
                    }
                }
                TILE_STORE(0, to, 256);
                if (right) TILE_STORE(1, to + right, 256);
                if (below) TILE_STORE(2, to + below, 256);
                if (below && right) TILE_STORE(3, to + below + right, 256);
            }
        }
    }
    TILE_END();
}
#undef TILES
#undef TILE_NAME
#undef TILE_BEGIN
#undef TILE_END
#undef TILE_ZERO
#undef TILE_LOAD
#undef TILE_STORE
#undef TILE_BFLOAT16
#undef TILE_INT8
