#pragma once
// What the program's commands are asked, and the plain functions that do them on a backend. Each
// backend is one translation unit (run_cpu.cpp, run_thrust.cpp, ...); main.cpp knows no template.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <tnn/train/schedule.hpp>

namespace program {

namespace fs = std::filesystem;

inline constexpr const char* version = "0.1.0";

/// What the products of a device that has a choice (cuda) round their factors to.
enum class precision_kind { fp32, tf32, bf16 };
constexpr const char* name_of(precision_kind precision) {
  return precision == precision_kind::bf16   ? "bf16"
         : precision == precision_kind::tf32 ? "tf32"
                                             : "fp32";
}

/// What the options of a run may be, on the command line and in a checkpoint, both ends included.
template <class T>
struct range {
  T least, most;
};
inline constexpr range<int> some{1, 1'000'000'000}, none_or_some{0, some.most}, batches{1, 65536};
inline constexpr range<double> probabilities{0, 1}, areas{0.01, 1};
inline constexpr range<double> momenta{0, 0.9999}, thresholds{0, 0.9999}, factors{1e-9, 1 - 1e-9},
    smoothings{0, 0.9999}, means{-1e6, 1e6}, deviations{1e-6, 1e6}, shifts{0, 10};

inline const std::map<std::string, tnn::ScheduleKind> schedule_names{
    {"plateau", tnn::ScheduleKind::plateau},
    {"step", tnn::ScheduleKind::step},
    {"constant", tnn::ScheduleKind::constant},
    {"cosine", tnn::ScheduleKind::cosine},
    {"one-cycle", tnn::ScheduleKind::one_cycle}};
/// Whether the schedule must know the run's epochs.
constexpr bool ends_with_the_run(tnn::ScheduleKind kind) {
  return kind == tnn::ScheduleKind::cosine || kind == tnn::ScheduleKind::one_cycle;
}

/// How images are changed at random to train on them; as it stands, not at all.
struct augmentation {
  double flip = 0;   ///< probability that one is mirrored
  double crop = 1;   ///< least share of the area of a random resized crop; 1: the whole image
  double erase = 0;  ///< probability that a rectangle is erased
  double pca = 0;    ///< deviation of the shifts along the colours' components; of colour images
  [[nodiscard]] bool none() const { return flip == 0 && crop == 1 && erase == 0; }
};

/// What is taken from the pixels of each channel, and what they are divided by: one for all
/// channels, or one for each; none, what such images usually have (images.hpp).
struct pixel_options {
  std::vector<double> mean{}, deviation{};
};

struct train_options {
  fs::path data, out;
  fs::path images;                  ///< a folder with one for each class; empty: Fashion-MNIST
  bool skip_broken = false;         ///< files of it that cannot be read are left out
  fs::path from;                    ///< weights to begin with; empty: drawn from the seed
  std::vector<std::string> except;  ///< places of the network that begin anew all the same
  std::int64_t epochs = 10;         ///< in all, those before a resume included
  double minutes = 0;               ///< of this call; 0: no limit
  int batch = 128;
  int micro_batch = 0;  ///< images worked on at a time; 0: the whole batch
  double momentum = 0.9, weight_decay = 5e-4, label_smoothing = 0;
  tnn::ScheduleOptions schedule{.rate = 0.01};
  std::uint64_t seed = 0;
  std::string device = "cpu";
  precision_kind precision = precision_kind::fp32;
  int threads = 0;  ///< 0: all cores
  int loader_threads = 1;
  int validation = -1;  ///< images held out: the last of Fashion-MNIST, of each class of a
                        ///< folder some; -1: a twelfth
  int limit = 0;        ///< first images of the training file; 0: all
  pixel_options pixels{};
  augmentation augment{};
  double save_minutes = 10;  ///< between checkpoints in mid-epoch
  bool resume = false, previous = false, override_run = false;
  bool live = false;                 ///< report.html is written at each epoch's end
  std::vector<std::string> given;    ///< the run's options that the command line names
  std::vector<std::string> command;  ///< the command line
};

struct evaluate_options {
  fs::path weights, data;
  fs::path images;  ///< a folder with one for each class; empty: Fashion-MNIST's test images
  int limit = 0;    ///< first images of the test file; 0: all
  int batch = 64;
  std::string device = "cpu";
  precision_kind precision = precision_kind::fp32;
  int threads = 0;
  pixel_options pixels{};
  bool json = false;
};

struct bench_options {
  bool train = false;
  int batch = 32;
  std::string device = "cpu";
  precision_kind precision = precision_kind::fp32;
  int threads = 0;
  double seconds = 10;   ///< to measure for
  std::string roofline;  ///< a device, to work out instead of measuring
  bool json = false;
};

struct predict_options {
  fs::path weights;
  std::vector<fs::path> images;
  std::string device = "cpu";
  precision_kind precision = precision_kind::fp32;
  int threads = 0;
  pixel_options pixels{};
};

struct pictures_options {
  fs::path run, data;
  std::string device = "cpu";
  int threads = 0;
  pixel_options pixels{};
};

struct report_options {
  fs::path run, data;
  int limit = 0;  ///< first images of the test file; 0: all
  int batch = 64;
  std::string device = "cpu";
  precision_kind precision = precision_kind::fp32;
  int threads = 0;
  pixel_options pixels{};          ///< those of the run, unless given
  std::vector<std::string> given;  ///< the options that the command line names
};

struct bench_result {
  std::size_t runs = 0;
  double images_per_second = 0;            ///< by the median step
  double median = 0, least = 0, most = 0;  ///< milliseconds a step
  double gflops = 0;
};

/// One of the program's networks (net.hpp) on a backend: its commands are plain functions.
struct network_commands {
  int channels = 0, classes = 0;          ///< of its images
  int (*train)(train_options) = nullptr;  ///< gives the program's exit status
  void (*evaluate)(const evaluate_options&) = nullptr;
  void (*predict)(const predict_options&) = nullptr;
  void (*report)(const report_options&) = nullptr;
};

/// A backend of the program.
struct device {
  std::string name;
  bool precisions = false;                   ///< or fp32 alone
  std::vector<network_commands> networks{};  ///< none of a device that only serves `alexnet bench`
  bench_result (*bench)(const bench_options&) = nullptr;
  void (*pictures)(const pictures_options&) = nullptr;
};

device cpu_device();        ///< run_cpu.cpp
device reference_device();  ///< run_reference.cpp: bench alone
device thrust_device();     ///< run_thrust.cpp, where built
device cuda_device();       ///< run_cuda.cu, where built

}  // namespace program
