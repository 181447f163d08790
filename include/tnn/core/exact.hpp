#pragma once
// Numbers as text.
#include <charconv>
#include <string>

namespace tnn::detail {

/// The shortest text that reads back to the same bits, whatever the locale.
[[nodiscard]] inline std::string exact(double x) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

}  // namespace tnn::detail
