#include <string.h>

#include "CKernels.h"
#include "clones.h"

void network_patches(const float *restrict image, float *restrict patches, network_patch_shape s) {
    size_t channels = s.channels;
    for (size_t b = 0; b < s.batch; b++, image += s.height * s.width * channels)
        for (size_t oy = 0; oy < s.outHeight; oy++)
            for (size_t ox = 0; ox < s.outWidth; ox++)
                for (size_t ky = 0; ky < s.kernel; ky++)
                    for (size_t kx = 0; kx < s.kernel; kx++, patches += channels) {
                        /* Unsigned: a place left of or above the image wraps to a huge number. */
                        size_t y = oy * s.stride + ky - s.padding, x = ox * s.stride + kx - s.padding;
                        if (y < s.height && x < s.width)
                            memcpy(patches, image + (y * s.width + x) * channels, channels * sizeof(float));
                        else
                            memset(patches, 0, channels * sizeof(float));
                    }
}

CLONES void network_patches_backward(const float *restrict patches, float *restrict image, network_patch_shape s) {
    size_t channels = s.channels;
    memset(image, 0, s.batch * s.height * s.width * channels * sizeof(float));
    for (size_t b = 0; b < s.batch; b++, image += s.height * s.width * channels)
        for (size_t oy = 0; oy < s.outHeight; oy++)
            for (size_t ox = 0; ox < s.outWidth; ox++)
                for (size_t ky = 0; ky < s.kernel; ky++)
                    for (size_t kx = 0; kx < s.kernel; kx++, patches += channels) {
                        size_t y = oy * s.stride + ky - s.padding, x = ox * s.stride + kx - s.padding;
                        if (y >= s.height || x >= s.width) continue;
                        float *restrict pixel = image + (y * s.width + x) * channels;
                        for (size_t c = 0; c < channels; c++) pixel[c] += patches[c];
                    }
}
