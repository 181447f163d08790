// A checkpoint is loaded and trained from, for an epoch. The input is its header, in front of the
// network's 20 values.
#include "fuzz.hpp"

#include <cmath>

#include <tnn/data/labelled_images.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/reference.hpp>
#include <tnn/train.hpp>
#include "safetensors_bytes.hpp"
#include "small_model.hpp"

void read_input(const std::filesystem::path& header) {
  using model_type = tnn::Model<fuzz_net, tnn::Reference>;
  static const tnn::LabelledImages images("input", 1, 2, 2, 2, {1, 2, 3, 4, 5, 6, 7, 8}, {0, 1});
  model_type model{{}, {.capacity = 2}};
  tnn::Training<model_type> training{model, {.capacity = 2}};
  const tnn::SafetensorsFile checkpoint(with_length_and_data(header, 80));
  const tnn::RunPosition at = tnn::load_checkpoint(training, checkpoint);
  tnn::require_same_run(checkpoint, {{"batch", "2"}});
  tnn::Trainer trainer(training, images, images);
  trainer.restore(at);
  trainer.run(at.epoch + 1, {});
  require(trainer.where().epoch == at.epoch + 1 && trainer.where().step >= at.step,
          "the run goes on");
}
