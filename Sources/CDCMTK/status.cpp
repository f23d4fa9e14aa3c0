#include "shim.hpp"

#include <exception>
#include <new>
#include <stdexcept>

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
