#include "structure.hpp"

#include "byte_source.hpp"

#include <cstdio>
#include <new>
#include <string>

namespace {

constexpr uint32_t undefined_length = 0xFFFFFFFF;
constexpr uint64_t no_end = UINT64_MAX;

struct encoding {
  bool is_explicit = true, is_big = false, is_deflated = false;
};

uint32_t number(const uint8_t *p, int size, bool is_big) {
  uint32_t value = 0;
  for (int i = 0; i < size; i++) value |= uint32_t(p[i]) << 8 * (is_big ? size - 1 - i : i);
  return value;
}

bool is_vr(const uint8_t *p) { return p[0] >= 'A' && p[0] <= 'Z' && p[1] >= 'A' && p[1] <= 'Z'; }

// Value Representations whose length has 16 bits (PS3.5 7.1.2); every other one has 32 behind two reserved bytes.
bool is_short(const uint8_t *vr) {
  static const char known[] = "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US ";
  for (const char *p = known; *p; p += 3)
    if (vr[0] == p[0] && vr[1] == p[1]) return true;
  return false;
}

// Preamble and file meta information (PS3.10 7.1), always little endian; how the data set behind them is encoded.
encoding start_of(byte_source &bytes) {
  encoding found;
  const uint8_t *p = bytes.peek(132);
  if (p && std::memcmp(p + 128, "DICM", 4) == 0) bytes.skip(132);
  std::string syntax;
  while ((p = bytes.peek(12)) && number(p, 2, false) == 2) {
    bool is_explicit = is_vr(p + 4), is_word = is_explicit && is_short(p + 4);
    uint32_t element = number(p + 2, 2, false);
    uint32_t length = is_word ? number(p + 6, 2, false) : number(is_explicit ? p + 8 : p + 4, 4, false);
    bytes.skip(is_word || !is_explicit ? 8 : 12);
    if (element == 0x10 && length <= 64 && (p = bytes.peek(length)))
      syntax.assign(reinterpret_cast<const char *>(p), length);
    if (!bytes.skip(length)) return found;
  }
  while (!syntax.empty() && (syntax.back() == 0 || syntax.back() == ' ')) syntax.pop_back();
  if (!syntax.empty()) {
    found.is_explicit = syntax != "1.2.840.10008.1.2";
    found.is_big = syntax == "1.2.840.10008.1.2.2";
    found.is_deflated = syntax == "1.2.840.10008.1.2.1.99";
  } else if ((p = bytes.peek(8))) {
    // As DCMTK guesses: the smaller group number is the right one.
    found.is_explicit = is_vr(p + 4);
    found.is_big = number(p, 2, true) < number(p, 2, false);
  }
  return found;
}

struct level {
  enum kind_t { sequence, fragments, item } kind;
  uint64_t end;  // position, or that of the level around it when the length is undefined
  bool is_explicit;
};

// Goes to the end of the data, or to what is too much: then its name.
const char *walk(byte_source &bytes, const encoding &data, bool header_only, const dcmtk_limits &limits) {
  std::vector<level> open;
  uint64_t elements = 0;
  for (;;) {
    while (!open.empty() && open.back().end <= bytes.position()) open.pop_back();
    const uint8_t *p = bytes.peek(8);
    if (!p) return nullptr;
    if (++elements > limits.elements) return "more elements and items than the limit";
    uint64_t end = open.empty() ? no_end : open.back().end;
    bool is_explicit = open.empty() ? data.is_explicit : open.back().is_explicit;
    uint32_t group = number(p, 2, data.is_big), element = number(p + 2, 2, data.is_big);
    uint32_t length = number(p + 4, 4, data.is_big);
    auto enter = [&](level::kind_t kind, bool inner) {
      uint64_t inner_end = length == undefined_length ? end : std::min(end, bytes.position() + length);
      open.push_back({kind, inner_end, inner});
      return open.size() <= limits.depth;
    };
    bool is_deep = false;
    if (group == 0xFFFE) {
      bytes.skip(8);
      if (element == 0xE000) {
        if (!open.empty() && open.back().kind == level::fragments) {
          if (!bytes.skip(length)) return nullptr;
        } else {
          is_deep = !enter(level::item, is_explicit);
        }
      } else if (!open.empty() && (element == 0xE00D || element == 0xE0DD)) {
        open.pop_back();
      }
    } else {
      bool is_pixels = group == 0x7FE0 && element == 0x0010;
      if (header_only && is_pixels && open.empty()) return nullptr;
      bool is_sequence = false, is_unknown = false;
      if (is_explicit && is_vr(p + 4)) {
        is_sequence = p[4] == 'S' && p[5] == 'Q';
        is_unknown = p[4] == 'U' && p[5] == 'N';
        if (is_short(p + 4)) {
          length = number(p + 6, 2, data.is_big);
          bytes.skip(8);
        } else {
          if (!(p = bytes.peek(12))) return nullptr;
          length = number(p + 8, 4, data.is_big);
          bytes.skip(12);
        }
      } else {
        is_unknown = true;
        bytes.skip(8);
      }
      // Unknown and implicit elements are sequences when their first bytes are an item; so the dictionary, which
      // DCMTK asks, is not needed, and a value that merely looks like one costs time only.
      if (is_unknown && length != undefined_length && length >= 8 && (p = bytes.peek(4)))
        is_sequence = number(p, 2, data.is_big) == 0xFFFE && number(p + 2, 2, data.is_big) == 0xE000;
      if (length == undefined_length && is_pixels) is_deep = !enter(level::fragments, false);
      else if (is_sequence || length == undefined_length) is_deep = !enter(level::sequence, is_explicit && !is_unknown);
      else if (!bytes.skip(length)) return nullptr;
    }
    if (is_deep) return "sequences nested deeper than the limit";
  }
}

}  // namespace

bool is_within_limits(const char *path, bool header_only, const dcmtk_limits &limits, dcmtk_status *status) {
  byte_source bytes(path);
  encoding data = start_of(bytes);
  if (data.is_deflated && !bytes.start_inflating(limits.inflated_bytes)) throw std::bad_alloc();
  const char *excess = walk(bytes, data, header_only, limits);
  if (bytes.is_over_limit()) excess = "it inflates to more bytes than the limit";
  if (!excess) return true;
  status->code = DCMTK_TOO_LARGE;
  std::snprintf(status->message, sizeof status->message, "%s", excess);
  return false;
}
