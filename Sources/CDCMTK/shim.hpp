#ifndef SHIM_HPP
#define SHIM_HPP
#include "CDCMTK.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cstring>

// What the files of this module share.

struct dcmtk_file {
  DcmFileFormat format;
  uint64_t stop_offset = 0;
};

void fill(dcmtk_status *status, dcmtk_code code, const char *text) noexcept;

/// Whether a condition is good; what is not becomes a status, `fallback` where DCMTK's condition tells no more.
bool report(const OFCondition &condition, dcmtk_code fallback, dcmtk_status *status) noexcept;

/// For the catch (...) of every entry point: an exception of this library or of the allocator becomes a status.
void rethrow_into(dcmtk_status *status) noexcept;

// Searching and lazily loading are not const in DCMTK, yet leave what callers see unchanged.
inline DcmItem *item_of(const dcmtk_item *item) {
  return reinterpret_cast<DcmItem *>(const_cast<dcmtk_item *>(item));
}
inline DcmDataset *dataset_of(const dcmtk_file *file) {
  return const_cast<dcmtk_file *>(file)->format.getDataset();
}

/// Copies what fits and tells the whole length.
inline size_t copy_text(const char *text, size_t length, char *out, size_t capacity) {
  if (out) std::memcpy(out, text, std::min(length, capacity));
  return length;
}

#endif
