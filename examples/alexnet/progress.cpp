#include "progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include <tnn/core/error.hpp>

#include "output.hpp"

namespace program {

namespace {
constexpr std::chrono::milliseconds redraw{200};
constexpr std::chrono::seconds plain_line{10};

/// Of the terminal, which may be resized at any time.
int columns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// "what [####....] done/all  figures" in `width` columns: the bar shrinks to what is left to it.
std::string bar_line(const std::string& what, std::int64_t done, std::int64_t all,
                     const std::string& figures, int width, int& bar) {
  const std::string before = what + ' ', after = fmt::format("{}/{}  {}", done, all, figures);
  const int text = static_cast<int>(before.size() + after.size());
  bar = std::min(bar, width - text - 3);
  std::string line = before;
  if (bar >= 5) {
    const auto full = static_cast<int>(all > 0 ? done * bar / all : 0);
    line += fmt::format("[{:#<{}}{:.<{}}] ", "", full, "", bar - full);
  }
  return (line + after).substr(0, static_cast<std::size_t>(std::max(width, 0)));
}
}  // namespace

progress::progress(when_unread what) : when_unread_(what), terminal_(isatty(STDOUT_FILENO) != 0) {}

void progress::print(const std::string& text) {
  if (unread_ || put(text)) return;
  const std::string failure =
      fmt::format("cannot write to standard output: {}", std::strerror(errno));
  if (when_unread_ == when_unread::fail) throw tnn::error(failure);
  unread_ = true;
  complain(fmt::format("alexnet: {}; the training goes on unwatched\n", failure));
}

void progress::show(const std::string& what, std::int64_t done, std::int64_t all,
                    const std::string& figures) {
  const auto now = clock::now();
  const bool first = last_ == clock::time_point{};
  if (terminal_) {
    if (!first && now - last_ < redraw && done != all) return;
    print("\r\033[K" + bar_line(what, done, all, figures, columns() - 1, bar_));
    drawn_ = true;
  } else {
    if (!first && now - last_ < plain_line) return;
    print(fmt::format("{} {}/{}  {}\n", what, done, all, figures));
  }
  last_ = now;
}

void progress::say(const std::string& line) {
  print((drawn_ ? "\r\033[K" : "") + line + '\n');
  drawn_ = false;
}

void pace::add(std::int64_t images) {
  const auto now = clock::now();
  const double seconds = std::chrono::duration<double>(now - last_).count();
  last_ = now;
  if (seconds <= 0) return;
  const double rate = static_cast<double>(images) / seconds;
  rate_ = rate_ > 0 ? 0.9 * rate_ + 0.1 * rate : rate;
}

double pace::seconds_for(std::int64_t images) const {
  return rate_ > 0 ? static_cast<double>(images) / rate_ : std::numeric_limits<double>::infinity();
}

std::string clock_text(double seconds) {
  if (!(seconds < 1e9)) return "?";
  const auto s = static_cast<std::int64_t>(std::max(seconds, 0.0) + 0.5);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace program
