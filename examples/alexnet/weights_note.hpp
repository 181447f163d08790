#pragma once
// What a file of weights says of its origin: the step of its run, and whether anybody has validated
// it. Files that came from elsewhere say nothing.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tnn/files/posix_file.hpp>
#include <tnn/io/checkpoint.hpp>

#include "images.hpp"

namespace program {

/// The metadata of weights saved at a position, of a run that was asked for this; `top1` where they
/// were validated there.
std::map<std::string, std::string> origin_metadata(const tnn::RunPosition& at,
                                                   std::optional<double> top1,
                                                   const tnn::RunOptions& asked);

/// What a file of weights says; nothing where there is no such file, or it is not a run's.
struct weights_origin {
  std::optional<std::int64_t> step;  ///< of the run, after which they were saved
  std::optional<double> top1;        ///< what they were validated to, if they were
};
weights_origin origin_of(const tnn::detail::file_place& weights);

/// The names of so many classes of images of so many channels: what the file of weights says; else
/// Fashion-MNIST's, of ten of grey images; else numbers.
std::vector<std::string> classes_of(const std::filesystem::path& weights, int channels,
                                    std::size_t classes);

/// tnn::error where the data has another number of classes than the weights, or others than the
/// file says.
void require_classes(const std::filesystem::path& weights, std::size_t classes,
                     const test_data& data);

/// The channels and classes of the AlexNet whose weights the file holds; those of Fashion-MNIST's
/// where it holds others, which whoever loads them will say.
std::pair<int, int> network_in(const std::filesystem::path& weights);

/// Says on standard error of a run's weights how old they are and what they were validated to. Of
/// others, and of checkpoints, nothing.
void note_origin(const std::filesystem::path& weights);

}  // namespace program
