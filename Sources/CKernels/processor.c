#include "CKernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Asks Linux for the tiles' state (ARCH_REQ_XCOMP_PERM, XTILEDATA): without it the first tile instruction is a fault. */
static int tiles_are_allowed(void) {
    unsigned a, b, c, d, low, high;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    unsigned needed = 1u << 22 | 1u << 24 | 1u << 25; /* AMX-BF16, AMX-TILE, AMX-INT8 */
    if ((d & needed) != needed || !__get_cpuid(1, &a, &b, &c, &d) || !(c & 1u << 27)) return 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 3u << 17) != 3u << 17) return 0;
    return syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}

unsigned processor_features(void) {
    unsigned features = 0;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq"))
        return 0;
    features |= processor_avx512;
    if (__builtin_cpu_supports("avx512bf16")) features |= processor_bfloat16;
    if (__builtin_cpu_supports("avx512vnni")) features |= processor_vnni;
    if ((features & processor_bfloat16) && (features & processor_vnni) && tiles_are_allowed()) features |= processor_amx;
    return features;
}
#else
unsigned processor_features(void) { return 0; }
#endif
