#pragma once
// A Team that copies share. Its threads start when they are first wanted, once, whichever thread
// wants them and however many do at the same time.
#include <atomic>
#include <memory>
#include <mutex>

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
    Team& start() {
      const std::lock_guard lock(starting);
      if (!team) team = std::make_unique<Team>(threads);
      started.store(team.get(), std::memory_order_release);
      return *team;
    }
    const int threads;
    std::mutex starting;
    std::unique_ptr<Team> team;
    std::atomic<Team*> started{nullptr};
  };
  std::shared_ptr<state> state_;
};

}  // namespace tnn::detail
