/* The AMX kernel, over TILE_... operations: products_amx.c includes it once with the instructions and once with a model of
   them in plain C, which tests run where there are no tiles. TILES(name) declares the function.

   Blocks of 32 x 32 numbers in 4 tiles, fed by 2 + 2: each operand loaded is used twice. `units` is a multiple of 16. */
TILES(void)
TILE_NAME(int kind, const void *a, size_t a_stride, const void *b, size_t units, size_t panels, size_t rows, void *out) {
    TILE_BEGIN();
    const char *bytes = a;
    for (size_t p = 0; p < panels; p += 2) {
        const char *b0 = (const char *)b + p * units * 64, *b1 = p + 1 < panels ? b0 + units * 64 : b0;
        float *to = (float *)out + p * 16;
        for (size_t r = 0; r < rows; r += 32) {
            const char *a0 = bytes + r * a_stride, *a1 = r + 16 < rows ? a0 + 16 * a_stride : a0;
            TILE_ZERO(0);
            TILE_ZERO(1);
            TILE_ZERO(2);
            TILE_ZERO(3);
            for (size_t u = 0; u < units; u += 16) {
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
            TILE_STORE(0, to + r * 64, 256);
            if (p + 1 < panels) TILE_STORE(1, to + r * 64 + 16, 256);
            if (r + 16 < rows) {
                TILE_STORE(2, to + (r + 16) * 64, 256);
                if (p + 1 < panels) TILE_STORE(3, to + (r + 16) * 64 + 16, 256);
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
