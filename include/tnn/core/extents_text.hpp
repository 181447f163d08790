#pragma once
// A shape as text: 96x54x54, 96 x 54 x 54, or 96, 54, 54.
#include <string>

namespace tnn::detail {

template <class Extents>
std::string extents_text(const Extents& extents, const char* between) {
  std::string s;
  for (const auto extent : extents)
    s.append(s.empty() ? "" : between).append(std::to_string(extent));
  return s;
}

}  // namespace tnn::detail
