#pragma once
// The program `alexnet` training full-size on a dozen images: its command lines, and what a run
// leaves in its folder.
#include <zlib.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include <tnn/io/safetensors.hpp>
#include "support/alexnet_program.hpp"

using nlohmann::ordered_json;

/// What the program's trainings on small_data come to: recorded from the program with Reference in
/// Cpu's place. Cpu's losses lay within 0.009 of them, of GCC and Clang for x86-64, x86-64-v3 and
/// AVX-512: the networks are large, and their answers hardly differ between images.
namespace recorded {
struct epoch {
  double loss, accuracy, validation_loss, validation_top1;
};
/// Two epochs with the rate 0.02.
inline constexpr epoch epochs[] = {{2.36419, 0.0, 2.30712, 0.5}, {2.36542, 0.1, 2.27273, 0.0}};
/// The loss of the test images, of the weights in last.safetensors and in best.safetensors.
inline constexpr double loss_of_last = 2.30220, loss_of_best = 2.30524;
/// One epoch with the rate 0.02, then two with 0.01.
inline constexpr double slower_losses[] = {2.36419, 2.33509, 2.34809};
inline constexpr double tolerance = 0.02;
}  // namespace recorded

inline constexpr const char* last = "last.safetensors";
inline constexpr const char* best = "best.safetensors";

/// Ten images to train on, in five batches, and two held out.
inline std::vector<std::string> train(const temporary_folder& data, const std::string& out,
                                      const std::vector<std::string>& more,
                                      const std::string& rate = "0.02") {
  std::vector<std::string> all{"train",   "--data", data.path().string(), "--out", out,
                               "--batch", "2",      "--validation",       "2",     "--lr",
                               rate};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Going on: what decides the weights comes from the checkpoint.
inline std::vector<std::string> resume(const temporary_folder& data, const std::string& out,
                                       const std::vector<std::string>& more) {
  std::vector<std::string> all{"train", "--resume", "--data", data.path().string(), "--out", out};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// CRC-32 of last and best: the files themselves are too large to keep.
struct sums {
  uLong last = 0, best = 0;
  bool operator==(const sums&) const = default;
};
inline sums sums_of(const temporary_folder& run) {
  const auto sum = [&](const char* name) {
    const std::string all = run.read(name);
    return crc32_z(0, reinterpret_cast<const Bytef*>(all.data()), all.size());
  };
  return {sum(last), sum(best)};
}

inline std::vector<ordered_json> lines(const temporary_folder& run, const char* name) {
  std::vector<ordered_json> all;
  std::istringstream text(run.read(name));
  for (std::string line; std::getline(text, line);) all.push_back(ordered_json::parse(line));
  return all;
}

inline bool holds_only_its_files(const temporary_folder& run) {
  return run.size() == 5 && std::filesystem::exists(run / "steps.jsonl") &&
         std::filesystem::exists(run / "run.json");
}

inline std::string position(const temporary_folder& run, const char* name) {
  return tnn::SafetensorsFile(run / last).metadata().at(std::string("position.") + name);
}
