#pragma once
// Text from outside, made fit to be shown: names, metadata and formats found in files, paths, what
// a parser says of them. A terminal obeys control characters, so each byte of one is written as
// \xNN, and so is what is no UTF-8; a long text is cut and says how long it is.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tnn::detail {

/// Bytes that are shown of a text from a file.
inline constexpr std::size_t most_shown = 200;
/// Bytes that are shown of a path: Linux opens none that is longer, so no file goes unnamed.
inline constexpr std::size_t most_shown_path = 4096;

/// Bytes of the character that `text` begins with; 0 where it is no UTF-8 or would not be seen: a
/// control character, a line separator, or one that turns the direction of the line.
constexpr std::size_t printable_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(text[i])};
  };
  const std::uint32_t lead = byte(0);
  const std::size_t length = lead < 0x80             ? 1
                             : lead >> 5 == 0b110    ? 2
                             : lead >> 4 == 0b1110   ? 3
                             : lead >> 3 == 0b1'1110 ? 4
                                                     : 0;
  if (length == 0 || length > text.size()) return 0;
  std::uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6 != 0b10) return 0;
    point = point << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x1'0000};  // shorter forms exist below
  const auto within = [&](std::uint32_t first, std::uint32_t last) {
    return first <= point && point <= last;
  };
  const bool valid = point >= least[length] && point <= 0x10'ffff && !within(0xd800, 0xdfff);
  const bool unseen = within(0, 0x1f) || within(0x7f, 0x9f) || within(0x61c, 0x61c) ||
                      within(0x200b, 0x200f) || within(0xfeff, 0xfeff) || within(0x2028, 0x202e) ||
                      within(0x2066, 0x2069);
  return valid && !unseen ? length : 0;
}

/// The text as it is shown: at most `most` bytes of it, then "... (N bytes)".
inline std::string printable(std::string_view text, std::size_t most = most_shown) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  std::size_t at = 0;
  while (at < text.size() && at < most) {
    const std::size_t length = printable_length(text.substr(at));
    if (length > 0) {
      shown += text.substr(at, length);
      at += length;
    } else {
      const auto byte = static_cast<unsigned char>(text[at++]);
      shown += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  if (at < text.size()) shown += "... (" + std::to_string(text.size()) + " bytes)";
  return shown;
}

inline std::string printable_path(const std::filesystem::path& path) {
  return printable(path.native(), most_shown_path);
}

}  // namespace tnn::detail
