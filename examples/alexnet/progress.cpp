#include "progress.hpp"

#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

namespace program {

namespace {
constexpr std::chrono::milliseconds redraw{200};
constexpr std::chrono::seconds plain_line{10};
}  // namespace

progress::progress() : terminal_(isatty(STDOUT_FILENO) != 0) {}

void progress::show(const std::string& what, std::int64_t done, std::int64_t all,
                    const std::string& figures) {
  const auto now = clock::now();
  const bool first = last_ == clock::time_point{};
  if (terminal_) {
    if (!first && now - last_ < redraw && done != all) return;
    constexpr std::int64_t width = 24;
    const std::int64_t full = all > 0 ? done * width / all : 0;
    fmt::print("\r\033[K{} [{:#<{}}{:.<{}}] {}/{}  {}", what, "", full, "", width - full, done, all,
               figures);
    drawn_ = true;
  } else {
    if (!first && now - last_ < plain_line) return;
    fmt::print("{} {}/{}  {}\n", what, done, all, figures);
  }
  last_ = now;
  std::fflush(stdout);
}

void progress::say(const std::string& line) {
  fmt::print("{}{}\n", drawn_ ? "\r\033[K" : "", line);
  drawn_ = false;
  std::fflush(stdout);
}

void pace::add(std::int64_t images) {
  const auto now = clock::now();
  const double seconds = std::chrono::duration<double>(now - last_).count();
  last_ = now;
  if (seconds <= 0) return;
  const double rate = static_cast<double>(images) / seconds;
  rate_ = rate_ > 0 ? 0.9 * rate_ + 0.1 * rate : rate;
}

std::string pace::time_left(std::int64_t images) const {
  if (rate_ <= 0) return "?";
  const auto s = static_cast<std::int64_t>(static_cast<double>(images) / rate_ + 0.5);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace program
