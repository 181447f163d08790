#pragma once
// outputs_of(model, data): what a model makes of each sample of a data set, with the sample's
// targets, as a data set in memory. Of a frozen part, and data without random transforms, it is
// worked out once, and the layers behind the part are trained on it.
#include <span>
#include <utility>
#include <vector>

#include <tnn/core/model.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/train/evaluate.hpp>
#include <tnn/train/fit.hpp>

namespace tnn {

/// In the order of the data; random transforms draw what they draw in epoch 0. The samples have the
/// shape of the model's output. tnn::error where those of the data don't have that of its Input.
template <class M, class D>
[[nodiscard]] auto outputs_of(const M& model, D data, int loader_threads = 1) {
  using T = typename M::scalar;
  using loader = Loader<D, T>;
  using target = typename loader::target;
  const auto& shape = detail::extents_of<output_t<typename M::network>>::values;
  detail::require_input<M>(data);
  loader source(std::move(data), {.batch = model.capacity(), .threads = loader_threads});
  std::vector<T> values;
  std::vector<target> targets;
  values.reserve(static_cast<std::size_t>(source.size() * M::output_size));
  detail::each_batch(model, source, [&](const auto& batch, std::span<const T> y) {
    values.insert(values.end(), y.begin(), y.end());
    targets.insert(targets.end(), batch.targets.begin(), batch.targets.end());
    return true;
  });
  return Samples<T, target>({std::begin(shape), std::end(shape)}, std::move(values),
                            std::move(targets));
}

}  // namespace tnn
