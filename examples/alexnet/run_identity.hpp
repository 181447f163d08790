#pragma once
// What makes two runs the same run: the options and the data that decide the weights. A checkpoint
// holds them; resuming takes from it what the command line does not name and refuses what differs.
#include <string>

#include <tnn/data/dataset.hpp>
#include <tnn/io/checkpoint.hpp>

#include "run.hpp"

namespace program {

/// Number of validation images; tnn::error unless some are left to train on.
int checked_split(const train_options& options, const tnn::labelled_images& data);

/// Names are the command line's, values its text.
tnn::run_options run_identity(const train_options& options, const tnn::labelled_images& data);

/// Takes from a checkpoint the options that were not given. tnn::error for a value that the command
/// line would not take either.
void adopt_run_options(train_options& options, const tnn::safetensors_file& checkpoint);

}  // namespace program
