#pragma once
// Two threads in one object at a time would give wrong numbers in silence. A visit says so instead,
// for the price of one atomic exchange; while compiling it does nothing.
#include <string>

#include <tnn/core/error.hpp>

namespace tnn::detail {

/// Whether somebody is in an object. A copy is another object, and nobody is in it.
class one_at_a_time {
 public:
  constexpr one_at_a_time() = default;
  constexpr one_at_a_time(const one_at_a_time&) {}
  constexpr one_at_a_time& operator=(const one_at_a_time&) { return *this; }

 private:
  friend class visit;
  bool taken_ = false;  // std::atomic's header would double what the types take to compile
};

/// Lasts as long as a call does. tnn::error where another call has not returned.
class [[nodiscard]] visit {
 public:
  constexpr visit(one_at_a_time& object, const char* what) : object_(object) {
    if (__builtin_is_constant_evaluated()) return;
    if (__atomic_exchange_n(&object_.taken_, true, __ATOMIC_ACQUIRE))
      throw error(std::string(what) +
                  " was called while another call on the same model had not returned: a model, and "
                  "the Training on it, are for one thread at a time. Give each thread a model of "
                  "its own, or let them wait for one another (std::mutex)");
  }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;
  constexpr ~visit() {
    if (!__builtin_is_constant_evaluated())
      __atomic_store_n(&object_.taken_, false, __ATOMIC_RELEASE);
  }

 private:
  one_at_a_time& object_;
};

}  // namespace tnn::detail
