#include "shim.hpp"

// Elements of data sets and of sequence items.

extern "C" {

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
