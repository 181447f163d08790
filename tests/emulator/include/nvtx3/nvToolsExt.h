#pragma once
// NVTX's ranges, kept for a test to read: the path of each as it was opened.
#include <string>
#include <vector>

namespace tnn_emulator {

struct nvtx_ranges {
  std::vector<std::string> open, seen;  ///< seen: "outer/inner"
};
inline nvtx_ranges& nvtx() {
  static nvtx_ranges all;
  return all;
}

}  // namespace tnn_emulator

inline int nvtxRangePushA(const char* name) {
  auto& [open, seen] = tnn_emulator::nvtx();
  seen.push_back(open.empty() ? name : open.back() + "/" + name);
  open.push_back(seen.back());
  return static_cast<int>(open.size()) - 1;
}
/// -2 where none is open, as NVTX answers.
inline int nvtxRangePop() {
  auto& open = tnn_emulator::nvtx().open;
  if (open.empty()) return -2;
  open.pop_back();
  return static_cast<int>(open.size());
}
