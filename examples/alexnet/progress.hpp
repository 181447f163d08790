#pragma once
// Progress on standard output: one line that is drawn again on a terminal and fits its width, a
// plain line every few seconds elsewhere.
#include <chrono>
#include <cstdint>
#include <string>

namespace program {

/// What to do when standard output takes no more: a result that can't be said is an error, a run
/// goes on without being watched.
enum class when_unread { fail, go_on };

class progress {
 public:
  explicit progress(when_unread what);

  /// `done` of `all`, with what is to be read beside the bar. Cheap to call after every batch.
  void show(const std::string& what, std::int64_t done, std::int64_t all,
            const std::string& figures);
  /// A line that stays.
  void say(const std::string& line);

 private:
  using clock = std::chrono::steady_clock;
  void print(const std::string& text);

  when_unread when_unread_;
  bool unread_ = false;
  bool terminal_;
  bool drawn_ = false;
  int bar_ = 24;  // columns; only shrinks, so that the line does not dance
  clock::time_point last_{};
};

/// Seconds as people read them: "1:05:09", "4:07".
std::string clock_text(double seconds);

/// Images a second over the last while, and the time left at that pace.
class pace {
 public:
  void start() { last_ = clock::now(); }
  void add(std::int64_t images);
  double images_per_second() const { return rate_; }
  /// Seconds that so many images will take; infinity before anything is known.
  double seconds_for(std::int64_t images) const;

 private:
  using clock = std::chrono::steady_clock;
  clock::time_point last_ = clock::now();
  double rate_ = 0;
};

}  // namespace program
