// Team, by itself: loops of several callers, loops within loops, threads that are not there.
#include <atomic>
#include <thread>
#include <vector>

#include <tnn/backend/cpu/cpu.hpp>

#include "support/catch.hpp"

#if defined(__unix__)
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace tnn;

namespace {

/// How often each of n items was done, by a loop of `team`.
std::vector<int> times(Team& team, std::int64_t n) {
  std::vector<std::atomic<int>> done(static_cast<std::size_t>(n));
  auto count = [&](std::int64_t item, int) { ++done[static_cast<std::size_t>(item)]; };
  team.run(n, count);
  return {done.begin(), done.end()};
}

}  // namespace

TEST_CASE("a loop after a pause, when the threads sleep, and many at once", "[team]") {
  Team team(3);
  for (const int milliseconds : {0, 20, 0}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    for (int loop = 0; loop < 500; ++loop) REQUIRE(times(team, 7) == std::vector<int>(7, 1));
  }
}

TEST_CASE("two callers share a team, and a loop may stand in an item of another", "[team]") {
  Team team(2);
  std::atomic<int> wrong{0}, inner{0};
  const auto call = [&] {
    for (int loop = 0; loop < 200; ++loop)
      if (times(team, 50) != std::vector<int>(50, 1)) ++wrong;
  };
  std::thread other(call);
  call();
  other.join();
  CHECK(wrong == 0);

  auto count = [&](std::int64_t, int) { ++inner; };
  auto outer = [&](std::int64_t, int) { team.run(10, count); };
  team.run(5, outer);
  CHECK(inner == 50);
}

#if defined(__unix__)
TEST_CASE("a loop ends with its last item, though the other threads never come", "[team]") {
  Team team(4);
  REQUIRE(times(team, 100) == std::vector<int>(100, 1));
  const pid_t child = fork();  // which has this thread alone
  if (child == 0) _exit(times(team, 100) == std::vector<int>(100, 1) ? 7 : 1);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 7));
}
#endif

TEST_CASE("copies of a Cpu share its threads once they have begun", "[team]") {
  Cpu cpu{2};
  cpu.allocate<float>(1);
  const Cpu copy = cpu;
  CHECK(copy.team == cpu.team);
  CHECK(available_cores() >= 1);
  CHECK(Cpu{}.thread_count() == available_cores());
}
