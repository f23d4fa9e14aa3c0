#include "shim.hpp"
#include "structure.hpp"

#include <dcmtk/dcmdata/dcistrmf.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <memory>
#include <mutex>

// Opening and closing files, and what a file says of itself.

namespace {

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

}  // namespace

extern "C" {

void dcmtk_prepare(void) noexcept {
  try {
    set_up();
    dcmDataDict.isDictionaryLoaded();
  } catch (...) {  // the first file that is opened meets it again, and says so
  }
}

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

}  // extern "C"
