#include "shim.hpp"

#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

// Native pixel data, fragments, and frames through DCMTK's codecs.

namespace {

DcmPixelData *pixel_data_of(const dcmtk_file *file) {
  DcmElement *element = nullptr;
  if (dataset_of(file)->findAndGetElement(DCM_PixelData, element).bad()) return nullptr;
  return dynamic_cast<DcmPixelData *>(element);
}

// The fragments, also of a transfer syntax that DCMTK does not know and files under explicit little endian.
DcmPixelSequence *fragments_of(DcmPixelData *pixels) {
  E_TransferSyntax syntax = EXS_Unknown;
  const DcmRepresentationParameter *parameter = nullptr;
  DcmPixelSequence *sequence = nullptr;
  pixels->getOriginalRepresentationKey(syntax, parameter);
  return pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).good() ? sequence : nullptr;
}

}  // namespace

extern "C" {

int dcmtk_pixels(
    const dcmtk_file *file, uint16_t element, dcmtk_pixel_info *out, dcmtk_status *status) noexcept {
  try {
    DcmElement *found = nullptr;
    if (dataset_of(file)->findAndGetElement(DcmTagKey(0x7fe0, element), found).bad() || !found) {
      fill(status, DCMTK_ABSENT, "no pixel data element");
      return 0;
    }
    *out = {};
    DcmPixelData *pixels = element == 0x0010 ? dynamic_cast<DcmPixelData *>(found) : nullptr;
    E_TransferSyntax original = dataset_of(file)->getOriginalXfer();
    if (pixels) {
      E_TransferSyntax syntax = EXS_Unknown;
      const DcmRepresentationParameter *parameter = nullptr;
      pixels->getOriginalRepresentationKey(syntax, parameter);
      DcmPixelSequence *sequence = fragments_of(pixels);
      if (DcmXfer(syntax).isEncapsulated() && !sequence) {
        fill(status, DCMTK_MALFORMED, "encapsulated pixel data without fragments");
        return 0;
      }
      if (sequence) {
        out->is_encapsulated = 1;
        out->fragment_count = sequence->card() > 0 ? sequence->card() - 1 : 0;
        fill(status, DCMTK_OK, "");
        return 1;
      }
      out->byte_count = pixels->getLength(syntax);
    } else {
      out->byte_count = found->getLengthField();
    }
    out->is_big_endian = DcmXfer(original).getByteOrder() == EBO_BigEndian;
    fill(status, DCMTK_OK, "");
    return 1;
  } catch (...) {
    rethrow_into(status);
    return 0;
  }
}

int dcmtk_native_bytes(
    const dcmtk_file *file, uint16_t element, uint32_t offset, uint32_t count, void *out,
    dcmtk_status *status) noexcept {
  try {
    DcmElement *found = nullptr;
    if (dataset_of(file)->findAndGetElement(DcmTagKey(0x7fe0, element), found).bad() || !found) {
      fill(status, DCMTK_ABSENT, "no pixel data element");
      return 0;
    }
    return report(found->getPartialValue(out, offset, count), DCMTK_TRUNCATED, status) ? 1 : 0;
  } catch (...) {
    rethrow_into(status);
    return 0;
  }
}

const uint8_t *dcmtk_fragment(
    const dcmtk_file *file, int64_t index, size_t *count, dcmtk_status *status) noexcept {
  try {
    DcmPixelItem *item = nullptr;
    Uint8 *bytes = nullptr;
    DcmPixelData *pixels = pixel_data_of(file);
    DcmPixelSequence *sequence = pixels ? fragments_of(pixels) : nullptr;
    if (index < -1 || !sequence || sequence->getItem(item, (unsigned long)(index + 1)).bad() || !item) {
      fill(status, DCMTK_ABSENT, "no such fragment");
      return nullptr;
    }
    *count = item->getLength();
    static const uint8_t nothing = 0;
    if (*count == 0) return &nothing;
    if (!report(item->getUint8Array(bytes), DCMTK_TRUNCATED, status)) return nullptr;
    if (!bytes) fill(status, DCMTK_TRUNCATED, "empty fragment");
    return bytes;
  } catch (...) {
    rethrow_into(status);
    return nullptr;
  }
}

int dcmtk_decode_frame(
    const dcmtk_file *file, uint32_t frame, uint32_t *fragment, void *out, uint32_t capacity, char *color_model,
    size_t color_capacity, dcmtk_status *status) noexcept {
  try {
    DcmPixelData *pixels = pixel_data_of(file);
    if (!pixels) {
      fill(status, DCMTK_ABSENT, "no pixel data element");
      return 0;
    }
    OFString model;
    Uint32 next = *fragment;
    OFCondition condition = pixels->getUncompressedFrame(dataset_of(file), frame, next, out, capacity, model);
    if (!report(condition, DCMTK_DECODE_FAILED, status)) return 0;
    *fragment = next;
    size_t length = std::min(model.size(), color_capacity - 1);
    std::memcpy(color_model, model.data(), length);
    color_model[length] = 0;
    return 1;
  } catch (...) {
    rethrow_into(status);
    return 0;
  }
}

}  // extern "C"
