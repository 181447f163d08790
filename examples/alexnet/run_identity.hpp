#pragma once
// What makes two runs the same run: the options and the data that decide the weights. A checkpoint
// holds them; resuming takes from it what the command line does not name and refuses what differs.
#include <string>

#include <tnn/io/checkpoint.hpp>

#include "images.hpp"
#include "run.hpp"

namespace program {

/// Number of validation images; tnn::error unless some are left to train on.
int checked_split(const train_options& options, const data_facts& data);

/// Names are the command line's, values its text.
tnn::RunOptions run_identity(const train_options& options, const data_facts& data);

/// Takes from a checkpoint the options that were not given. tnn::error for a value that the command
/// line would not take either.
void adopt_run_options(train_options& options, const tnn::SafetensorsFile& checkpoint);

/// How many epochs, of the run and of a schedule that ends with it, where --minutes or a checkpoint
/// says so. tnn::error where they contradict one another.
void settle_epochs(train_options& options);

/// tnn::error where a checkpoint is of a run on a folder of images and none was given, or the other
/// way round.
void require_same_images(const train_options& options, const tnn::SafetensorsFile& checkpoint);

/// What was given; else what the run had that has left the weights.
pixel_options pixels_of(const pixel_options& given, const fs::path& weights);

/// tnn::error, with the first difference, where the checkpoint is of a run that was asked for
/// something else.
void require_run_of(const tnn::SafetensorsFile& checkpoint, tnn::RunOptions asked);

}  // namespace program
