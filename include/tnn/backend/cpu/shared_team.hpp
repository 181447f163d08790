#pragma once
// A Team that copies share. Its threads start when they are first wanted, once, whichever thread
// wants them and however many do at the same time.
#include <atomic>
#include <memory>
#include <thread>

#include <tnn/backend/cpu/team.hpp>

namespace tnn::detail {

class shared_team {
 public:
  /// 0 threads: as many as this process has cores.
  explicit shared_team(int threads)
      : state_(std::make_shared<state>(threads > 0 ? threads : available_cores())) {}
  // No move, so that a Cpu that was moved from still works.
  shared_team(const shared_team&) = default;
  shared_team& operator=(const shared_team&) = default;
  friend bool operator==(const shared_team&, const shared_team&) = default;

  int threads() const { return state_->threads; }

  /// tnn::error where the system doesn't give that many threads.
  Team& started() const {
    Team* team = state_->started.load(std::memory_order_acquire);
    return team != nullptr ? *team : state_->start();
  }

 private:
  struct state {
    explicit state(int n) : threads(n) {}
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() { delete started.load(); }

    Team& start() {
      while (starting.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
      try {
        if (started.load() == nullptr) started.store(new Team(threads), std::memory_order_release);
      } catch (...) {
        starting.store(false);
        throw;
      }
      starting.store(false, std::memory_order_release);
      return *started.load();
    }

    const int threads;
    std::atomic<Team*> started{nullptr};
    std::atomic<bool> starting{false};  // a thread is at it
  };
  std::shared_ptr<state> state_;
};

}  // namespace tnn::detail
