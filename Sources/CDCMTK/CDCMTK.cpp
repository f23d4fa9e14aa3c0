#include "CDCMTK.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcistrmf.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include "structure.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>

struct dcmtk_file {
  DcmFileFormat format;
  uint64_t stop_offset = 0;
};

namespace {

void fill(dcmtk_status *status, dcmtk_code code, const char *text) noexcept {
  if (!status) return;
  status->code = code;
  size_t length = text ? std::min(std::strlen(text), sizeof status->message - 1) : 0;
  for (size_t i = 0; i < length; i++) status->message[i] = text[i] >= ' ' && text[i] < 127 ? text[i] : '?';
  status->message[length] = 0;
}

bool report(const OFCondition &condition, dcmtk_code fallback, dcmtk_status *status) noexcept {
  if (condition.good()) {
    fill(status, DCMTK_OK, "");
    return true;
  }
  dcmtk_code code = fallback;
  if (condition == EC_StreamNotifyClient || condition == EC_EndOfStream || condition == EC_InvalidOffset ||
      condition == EC_TooManyBytesRequested || condition == EC_InvalidStream || condition == EC_SequDelimitationItemMissing ||
      condition == EC_ItemDelimitationItemMissing)
    code = DCMTK_TRUNCATED;
  else if (condition == EC_MemoryExhausted)
    code = DCMTK_OUT_OF_MEMORY;
  fill(status, code, condition.text());
  return false;
}

// For the catch (...) of every entry point: an exception of this library or of the allocator becomes a status.
void rethrow_into(dcmtk_status *status) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc &) {
    fill(status, DCMTK_OUT_OF_MEMORY, "out of memory");
  } catch (const std::logic_error &) {
    // length_error and out_of_range: a damaged length went through DCMTK into a container.
    fill(status, DCMTK_MALFORMED, "impossible length or value");
  } catch (const std::exception &) {
    fill(status, DCMTK_INTERNAL, "exception in DCMTK");
  } catch (...) {
    fill(status, DCMTK_INTERNAL, "unknown exception in DCMTK");
  }
}

// Registration writes to plain static variables of DCMTK, so it happens once and is never undone: taking codecs away
// while another thread decodes would be a use after free. The logger is off because it prints attribute values.
void set_up() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    // Some converters write elements that they do not know as UN (PS3.5 6.2.2); the dictionary knows most of them.
    dcmEnableUnknownVRConversion.set(OFTrue);
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
    DcmRLEDecoderRegistration::registerCodecs();
  });
}

// Searching and lazily loading are not const in DCMTK, yet leave what callers see unchanged.
DcmItem *item_of(const dcmtk_item *item) { return reinterpret_cast<DcmItem *>(const_cast<dcmtk_item *>(item)); }
DcmDataset *dataset_of(const dcmtk_file *file) { return const_cast<dcmtk_file *>(file)->format.getDataset(); }

DcmPixelData *pixel_data_of(const dcmtk_file *file) {
  DcmElement *element = nullptr;
  if (dataset_of(file)->findAndGetElement(DCM_PixelData, element).bad()) return nullptr;
  return dynamic_cast<DcmPixelData *>(element);
}

// As loadFileUntilTag, which does not tell where it stopped.
OFCondition read_header(dcmtk_file &file, const char *path) {
  DcmInputFileStream stream(path);
  if (stream.status().bad()) return stream.status();
  file.format.transferInit();
  OFCondition condition =
      file.format.readUntilTag(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, DCM_PixelData);
  file.format.transferEnd();
  file.stop_offset = stream.tell();
  return condition;
}

// The fragments, also of a transfer syntax that DCMTK does not know and files under explicit little endian.
DcmPixelSequence *fragments_of(DcmPixelData *pixels) {
  E_TransferSyntax syntax = EXS_Unknown;
  const DcmRepresentationParameter *parameter = nullptr;
  DcmPixelSequence *sequence = nullptr;
  pixels->getOriginalRepresentationKey(syntax, parameter);
  return pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).good() ? sequence : nullptr;
}

size_t copy_text(const char *text, size_t length, char *out, size_t capacity) {
  if (out) std::memcpy(out, text, std::min(length, capacity));
  return length;
}

}  // namespace

extern "C" {

dcmtk_file *dcmtk_open(
    const char *path, int header_only, const dcmtk_limits *limits, dcmtk_status *status) noexcept {
  try {
    set_up();
    if (!is_within_limits(path, header_only != 0, *limits, status)) return nullptr;
    if (!dcmDataDict.isDictionaryLoaded()) {
      fill(status, DCMTK_NO_DICTIONARY, "DICOM data dictionary not found");
      return nullptr;
    }
    auto file = std::make_unique<dcmtk_file>();
    OFCondition condition = header_only ? read_header(*file, path) : file->format.loadFile(path);
    return report(condition, DCMTK_MALFORMED, status) ? file.release() : nullptr;
  } catch (...) {
    rethrow_into(status);
    return nullptr;
  }
}

void dcmtk_close(dcmtk_file *file) noexcept {
  try {
    delete file;
  } catch (...) {
  }
}

uint64_t dcmtk_stop_offset(const dcmtk_file *file) noexcept { return file->stop_offset; }

size_t dcmtk_parsed_syntax(const dcmtk_file *file, char *out, size_t capacity) noexcept {
  try {
    const char *uid = DcmXfer(dataset_of(file)->getOriginalXfer()).getXferID();
    return uid ? copy_text(uid, std::strlen(uid), out, capacity) : 0;
  } catch (...) {
    return 0;
  }
}

const dcmtk_item *dcmtk_meta(const dcmtk_file *file) noexcept {
  DcmItem *item = const_cast<dcmtk_file *>(file)->format.getMetaInfo();
  return reinterpret_cast<const dcmtk_item *>(item);
}

const dcmtk_item *dcmtk_dataset(const dcmtk_file *file) noexcept {
  DcmItem *item = dataset_of(file);
  return reinterpret_cast<const dcmtk_item *>(item);
}

const dcmtk_item *dcmtk_sequence_item(
    const dcmtk_item *item, uint16_t group, uint16_t element, size_t index) noexcept {
  try {
    DcmSequenceOfItems *sequence = nullptr;
    if (item_of(item)->findAndGetSequence(DcmTagKey(group, element), sequence).bad() || !sequence) return nullptr;
    if (index >= sequence->card()) return nullptr;
    return reinterpret_cast<const dcmtk_item *>(sequence->getItem(index));
  } catch (...) {
    return nullptr;
  }
}

size_t dcmtk_sequence_count(const dcmtk_item *item, uint16_t group, uint16_t element) noexcept {
  try {
    DcmSequenceOfItems *sequence = nullptr;
    if (item_of(item)->findAndGetSequence(DcmTagKey(group, element), sequence).bad() || !sequence) return 0;
    return sequence->card();
  } catch (...) {
    return 0;
  }
}

ptrdiff_t dcmtk_text(
    const dcmtk_item *item, uint16_t group, uint16_t element, char *out, size_t capacity) noexcept {
  try {
    OFString value;
    if (item_of(item)->findAndGetOFStringArray(DcmTagKey(group, element), value).bad()) return -1;
    return ptrdiff_t(copy_text(value.data(), value.size(), out, capacity));
  } catch (...) {
    return -1;
  }
}

int dcmtk_has(const dcmtk_item *item, uint16_t group, uint16_t element) noexcept {
  try {
    return item_of(item)->tagExists(DcmTagKey(group, element)) ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

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

ptrdiff_t dcmtk_words(
    const dcmtk_item *item, uint16_t group, uint16_t element, uint16_t *out, size_t capacity) noexcept {
  try {
    DcmElement *found = nullptr;
    if (item_of(item)->findAndGetElement(DcmTagKey(group, element), found).bad() || !found) return -1;
    Uint16 *words = nullptr;
    Sint16 *numbers = nullptr;
    if (found->getLength() == 0) return 0;
    if (found->getUint16Array(words).bad() || !words) {
      if (found->getSint16Array(numbers).bad() || !numbers) return -1;
    }
    size_t count = found->getLength() / 2;
    const void *source = words ? static_cast<const void *>(words) : numbers;
    if (out) std::memcpy(out, source, std::min(count, capacity) * 2);
    return ptrdiff_t(count);
  } catch (...) {
    return -1;
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

uint16_t dcmtk_private_block(const dcmtk_item *item, uint16_t group, const char *creator) noexcept {
  try {
    DcmItem *elements = item_of(item);
    for (DcmObject *object = elements->nextInContainer(nullptr); object;
         object = elements->nextInContainer(object)) {
      if (object->getGTag() < group) continue;
      if (object->getGTag() > group || object->getETag() > 0xff) break;
      OFString value;
      auto *element = dynamic_cast<DcmElement *>(object);
      if (object->getETag() >= 0x10 && element && element->getOFString(value, 0).good() && value == creator)
        return object->getETag();
    }
    return 0;
  } catch (...) {
    return 0;
  }
}

ptrdiff_t dcmtk_bytes(
    const dcmtk_item *item, uint16_t group, uint16_t element, uint8_t *out, size_t capacity) noexcept {
  try {
    DcmElement *found = nullptr;
    Uint8 *bytes = nullptr;
    if (item_of(item)->findAndGetElement(DcmTagKey(group, element), found).bad() || !found) return -1;
    // The class of OB, OW and of all that the dictionary does not know.
    if (!dynamic_cast<DcmOtherByteOtherWord *>(found) || found->ident() == EVR_OW) return -1;
    size_t length = found->getLength();
    if (length > 0 && (found->getUint8Array(bytes).bad() || !bytes)) return -1;
    if (out && length > 0) std::memcpy(out, bytes, std::min(length, capacity));
    return ptrdiff_t(length);
  } catch (...) {
    return -1;
  }
}

}  // extern "C"
