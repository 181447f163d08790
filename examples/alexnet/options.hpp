#pragma once
// What the command lines of several commands have in common: checks of values, and options.
#include <cmath>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include <tnn/data/fashion_mnist.hpp>

#include "run.hpp"

namespace program {

// Checks are functions, since CLI11's own are variables: one of ours might be initialised before
// them.

/// CLI11's checks of numbers compare, and nothing that is compared with a NaN is out of range.
inline CLI::Validator finite() {
  return {[](std::string& word) {
            double value = 0;
            const bool good = !CLI::detail::lexical_cast(word, value) || std::isfinite(value);
            return good ? std::string() : "Number must be finite: " + word;
          },
          ""};
}
inline CLI::Validator positive() { return CLI::PositiveNumber & finite(); }
inline CLI::Validator non_negative() { return CLI::NonNegativeNumber & finite(); }
inline CLI::Validator within(range<int> r) {
  CLI::Validator check = CLI::Range(r.least, r.most);
  if (r.most == some.most) check.description(r.least > 0 ? "POSITIVE" : "NONNEGATIVE");
  return check;
}
inline CLI::Validator within(range<double> r) { return CLI::Range(r.least, r.most) & finite(); }

/// Takes one of these words, and says which where it gets another.
template <class T>
CLI::Validator one_of(const std::map<std::string, T>& words) {
  return {[words](std::string& word) {
            const auto found = words.find(word);
            if (found != words.end()) {
              word = std::to_string(static_cast<int>(found->second));
              return std::string();
            }
            std::string all;
            for (const auto& [known, value] : words) all += (all.empty() ? "" : ", ") + known;
            return "'" + word + "' is none of: " + all;
          },
          ""};
}

inline void add_threads(CLI::App* command, int& threads) {
  command->add_option("--threads", threads, "Threads; 0: all cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
}

inline void add_device(CLI::App* command, std::string& device) {
  command
      ->add_option("--device", device, "cpu; where built in, cuda and thrust-omp (or -cpp, -tbb)")
      ->capture_default_str();
}

inline void add_precision(CLI::App* command, precision_kind& precision) {
  command
      ->add_option("--precision", precision,
                   "cuda: fp32, or tf32 or bf16 on tensor cores; default fp32")
      ->transform(one_of<precision_kind>({{"fp32", precision_kind::fp32},
                                          {"tf32", precision_kind::tf32},
                                          {"bf16", precision_kind::bf16}}))
      ->type_name("NAME");
}

inline CLI::Option* add_data(CLI::App* command, fs::path& data) {
  data = tnn::fashion_mnist_default_dir;
  return command->add_option("--data", data, "Folder of Fashion-MNIST's IDX files, plain or .gz")
      ->capture_default_str();
}

inline void add_pixels(CLI::App* command, pixel_options& pixels) {
  const auto add = [command](const char* name, std::vector<double>& values, range<double> allowed,
                             const char* what) {
    command->add_option(name, values, what)
        ->check(within(allowed))
        ->delimiter(',')
        ->expected(1, 3)
        ->allow_extra_args(false)
        ->type_name("FLOAT[,FLOAT,FLOAT]");
  };
  add("--mean", pixels.mean, means,
      "Taken from each pixel, which is in [0, 1]; one for all channels, or one for each; default "
      "0, of --images 0.485,0.456,0.406");
  add("--std", pixels.deviation, deviations,
      "Each pixel is divided by it; default 1, of --images 0.229,0.224,0.225");
}

/// alexnet train, whose options are many (train_command.cpp).
CLI::App* add_train(CLI::App& app, train_options& options);

}  // namespace program
