#pragma once
// All that a Loader gives in one epoch, in its order: of each batch the samples, then the labels.
#include <cstdint>
#include <vector>

#include <tnn/data/loader.hpp>

template <class D>
std::vector<float> epoch_values(const D& data, const tnn::LoaderOptions& options,
                                std::uint64_t epoch) {
  tnn::Loader loader(data, options);
  std::vector<float> all;
  loader.start(epoch);
  while (const auto* batch = loader.next()) {
    all.insert(all.end(), batch->x.begin(), batch->x.end());
    for (const std::int32_t label : batch->targets) all.push_back(static_cast<float>(label));
  }
  return all;
}
