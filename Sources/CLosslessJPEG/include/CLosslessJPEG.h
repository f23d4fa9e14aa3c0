/* JPEG lossless with Huffman coding (ITU-T T.81, process 14: SOF3) of one component: what CT and radiographs use. All
   seven predictors, point transform, 2 to 16 bits, restart intervals of whole rows. */
#ifndef CLOSSLESSJPEG_H
#define CLOSSLESSJPEG_H
#include <stddef.h>
#include <stdint.h>

/* Decodes one frame, from SOI to EOI, into `width * height` samples, row by row.

   Returns 1 when every bit of the frame was understood, from the first marker to the last. Returns 0, with undefined
   samples, for everything else: other processes, several components, and whatever is damaged or merely odd. A decoder
   that knows more shall look then and say what is wrong. Never reads outside `bytes`; takes no memory. */
int lossless_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint16_t *samples);
#endif
