#pragma once
// What the program's commands are asked, and the plain functions that do them on a backend. Each
// backend is one translation unit (run_cpu.cpp); main.cpp knows no template.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tnn/train/schedule.hpp>

namespace program {

namespace fs = std::filesystem;

struct train_options {
  fs::path data, out;
  std::int64_t epochs = 10;  ///< in all, those before a resume included
  double minutes = 0;        ///< of this call; 0: no limit
  int batch = 128;
  double momentum = 0.9, weight_decay = 5e-4;
  tnn::schedule_options schedule{};
  std::uint64_t seed = 0;
  int threads = 0;      ///< 0: all cores
  int validation = -1;  ///< last images of the training file; -1: a twelfth
  int limit = 0;        ///< first images of the training file; 0: all
  float mean = 0, deviation = 1;
  double save_minutes = 10;  ///< between checkpoints in mid-epoch
  bool resume = false, override_run = false;
  std::vector<std::string> given;  ///< the run's options that the command line names
};

struct evaluate_options {
  fs::path weights, data;
  int limit = 0;  ///< first images of the test file; 0: all
  int batch = 64;
  int threads = 0;
  float mean = 0, deviation = 1;
  bool json = false;
};

struct bench_options {
  bool train = false;
  int batch = 32;
  int threads = 0;
  double seconds = 10;  ///< to measure for
  bool json = false;
};

struct predict_options {
  fs::path weights;
  std::vector<fs::path> images;
  int threads = 0;
  float mean = 0, deviation = 1;
};

struct pictures_options {
  fs::path run, data;
  int threads = 0;
  float mean = 0, deviation = 1;
};

namespace cpu {
void train(train_options options);
void evaluate(const evaluate_options& options);
void bench(const bench_options& options);
void predict(const predict_options& options);
void pictures(const pictures_options& options);
}  // namespace cpu

}  // namespace program
