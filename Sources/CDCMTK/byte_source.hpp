#ifndef BYTE_SOURCE_HPP
#define BYTE_SOURCE_HPP
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

/// A file read forward through a window, plain or inflated from some point on (PS3.5 A.5: raw deflate).
class byte_source {
 public:
  explicit byte_source(const char *path) : file_(open(path, O_RDONLY | O_CLOEXEC)), window_(1 << 14) {}
  ~byte_source() {
    if (is_inflating_) inflateEnd(&stream_);
    if (file_ >= 0) close(file_);
  }
  byte_source(const byte_source &) = delete;
  byte_source &operator=(const byte_source &) = delete;

  /// Bytes from the start of the file, or of the inflated data set.
  uint64_t position() const { return base_ + next_; }

  /// Looks at the next `count` bytes (at most 4096) without taking them; null at the end of the data.
  const uint8_t *peek(size_t count) {
    while (end_ - next_ < count)
      if (!refill()) return nullptr;
    return window_.data() + next_;
  }

  bool skip(uint64_t count) {
    size_t here = size_t(std::min<uint64_t>(count, end_ - next_));
    next_ += here;
    count -= here;
    if (count == 0) return true;
    if (!is_inflating_) {
      // The window is used up; the file moves on without reading.
      base_ += next_;
      next_ = end_ = 0;
      if (lseek(file_, off_t(count), SEEK_CUR) < 0) return false;
      base_ += count;
      return true;
    }
    while (count > 0) {
      if (!refill()) return false;
      here = size_t(std::min<uint64_t>(count, end_ - next_));
      next_ += here;
      count -= here;
    }
    return true;
  }

  /// What follows is deflated; `position` counts inflated bytes from here. The data end behind `limit` bytes.
  bool start_inflating(uint64_t limit) {
    limit_ = limit;
    input_.assign(window_.begin() + ptrdiff_t(next_), window_.begin() + ptrdiff_t(end_));
    base_ = next_ = end_ = 0;
    stream_ = {};
    stream_.next_in = input_.data();
    stream_.avail_in = uInt(input_.size());
    return is_inflating_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK;
  }

  /// There would be more inflated bytes than the limit.
  bool is_over_limit() const { return is_over_limit_; }

 private:
  bool refill() {
    std::memmove(window_.data(), window_.data() + next_, end_ - next_);
    base_ += next_;
    end_ -= next_;
    next_ = 0;
    ptrdiff_t count = is_inflating_ ? inflated() : read(file_, window_.data() + end_, window_.size() - end_);
    if (count <= 0) return false;
    end_ += size_t(count);
    return true;
  }

  ptrdiff_t inflated() {
    if (base_ + end_ > limit_) {
      is_over_limit_ = true;
      return 0;
    }
    stream_.next_out = window_.data() + end_;
    stream_.avail_out = uInt(window_.size() - end_);
    uInt room = stream_.avail_out;
    while (stream_.avail_out == room && !is_finished_) {
      if (stream_.avail_in == 0) {
        input_.resize(1 << 16);
        ptrdiff_t count = read(file_, input_.data(), input_.size());
        if (count <= 0) return 0;
        stream_.next_in = input_.data();
        stream_.avail_in = uInt(count);
      }
      int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) is_finished_ = true;
      else if (result != Z_OK) return ptrdiff_t(room - stream_.avail_out);
    }
    return ptrdiff_t(room - stream_.avail_out);
  }

  int file_;
  std::vector<uint8_t> window_, input_;
  size_t next_ = 0, end_ = 0;
  uint64_t base_ = 0;
  bool is_inflating_ = false, is_finished_ = false, is_over_limit_ = false;
  uint64_t limit_ = 0;
  z_stream stream_ = {};
};

#endif
