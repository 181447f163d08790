// Team, by itself: loops of several callers, loops within loops, threads that are not there.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <tnn/backend/cpu/cpu.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"

#if defined(__unix__)
#include <sys/resource.h>

#include "support/forked.hpp"
#endif

using namespace tnn;

namespace {

/// How often each of n items was done, by a loop of `team`.
std::vector<int> times(detail::Team& team, std::int64_t n) {
  std::vector<std::atomic<int>> done(static_cast<std::size_t>(n));
  auto count = [&](std::int64_t item, int) { ++done[static_cast<std::size_t>(item)]; };
  team.run(n, count);
  return {done.begin(), done.end()};
}

}  // namespace

TEST_CASE("a loop after a pause, when the threads sleep, and many at once", "[team]") {
  detail::Team team(3);
  for (const int milliseconds : {0, 20, 0}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    for (int loop = 0; loop < 500; ++loop) REQUIRE(times(team, 7) == std::vector<int>(7, 1));
  }
}

TEST_CASE("two callers share a team, and a loop may stand in an item of another", "[team]") {
  detail::Team team(2);
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
  detail::Team team(4);
  REQUIRE(times(team, 100) == std::vector<int>(100, 1));
  // A child has this thread alone.
  CHECK(in_a_child([&] { return times(team, 100) == std::vector<int>(100, 1) ? 7 : 1; }) == 7);
}

TEST_CASE("a team ends in a forked child too, where there are no threads to wait for", "[team]") {
  auto team = std::make_unique<detail::Team>(3);
  REQUIRE(times(*team, 100) == std::vector<int>(100, 1));
  CHECK(in_a_child([&] {
          team.reset();
          return 7;
        }) == 7);
}

// Sanitizers need all of the address space; of Clang's builds one is theirs.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
TEST_CASE("threads that the system doesn't give are said in words", "[team]") {
  // A thread's stack takes some megabytes of address space, of which the child gets no more.
  CHECK(in_a_child([] {
          const rlimit none{std::size_t{100} << 20, RLIM_INFINITY};
          if (setrlimit(RLIMIT_AS, &none) != 0) return 1;
          const bool said = refuses([] { Cpu{1000}.allocate<float>(1); }, "the system gave ",
                                    " of the 1000 threads", "Cpu{.threads = ", "ulimit -u");
          return said && times(*std::make_unique<detail::Team>(1), 5) == std::vector<int>(5, 1) ? 7
                                                                                                : 2;
        }) == 7);
}
#endif
#endif

TEST_CASE("any number of threads may be the first to use a Cpu, and its copies", "[team]") {
  for (int round = 0; round < 100; ++round) {
    Cpu cpu{3};
    std::atomic<int> ready{0}, done{0};
    std::vector<std::thread> users;
    for (int u = 0; u < 4; ++u)
      users.emplace_back([&] {
        Cpu copy = cpu;
        ++ready;
        while (ready < 4) std::this_thread::yield();
        for (int loop = 0; loop < 3; ++loop) {
          cpu.parallel(50, [&](std::int64_t, int) { ++done; });
          copy.parallel(50, [&](std::int64_t, int) { ++done; });
        }
      });
    for (std::thread& user : users) user.join();
    REQUIRE(done == 4 * 3 * 100);
  }
}

TEST_CASE("copies of a Cpu share its threads, and one that was moved from still works", "[team]") {
  Cpu cpu{2};
  Cpu copy = cpu;
  CHECK(&copy.team.started() == &cpu.team.started());
  copy.threads = 5;  // too late, and nothing breaks
  CHECK(copy.thread_count() == 2);
  const Cpu moved = std::move(cpu);
  CHECK(cpu.allocate<float>(3).size() == 3);
  CHECK(&moved.team.started() == &copy.team.started());
  CHECK(available_cores() >= 1);
  CHECK(Cpu{}.thread_count() == available_cores());
}
