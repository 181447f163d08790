// The program's commands on the Thrust backend, with the system that the build has picked.
#include <tnn/thrust.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP
#include <omp.h>
constexpr const char* thrust_system = "thrust-omp";
static void use_threads(int threads) {
  omp_set_num_threads(threads > 0 ? threads : omp_get_num_procs());
}
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_TBB
#include <memory>

#include <tbb/global_control.h>
constexpr const char* thrust_system = "thrust-tbb";
static void use_threads(int threads) {
  static std::unique_ptr<tbb::global_control> limit;
  if (threads > 0)
    limit = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                  static_cast<std::size_t>(threads));
}
#else
constexpr const char* thrust_system = "thrust-cpp";
static void use_threads(int) {}  // a serial system
#endif

#include "commands.hpp"

program::device program::thrust_device() {
  return commands_on(thrust_system, [](int threads) {
    use_threads(threads);
    return tnn::Thrust{};
  });
}
