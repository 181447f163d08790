#pragma once
// The run that tests/fixtures/generate_nets.py does in PyTorch: inference, then five SGD steps
// with Dropout. Both sides keep of each tensor its norm and some values, and are compared by these.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <tnn/core/model.hpp>
#include <tnn/train/training.hpp>

/// A tensor's norm, and its values: all, or of element k * 2654435761 % size for each k.
struct tensor_summary {
  double norm = 0;
  std::vector<double> values;

  template <class T>
  static tensor_summary of(std::span<const T> tensor, std::size_t count) {
    tensor_summary s;
    for (const T v : tensor) s.norm += static_cast<double>(v) * static_cast<double>(v);
    s.norm = std::sqrt(s.norm);
    count = std::min(count, tensor.size());
    for (std::uint64_t k = 0; k < count; ++k)
      s.values.push_back(tensor[count < tensor.size() ? k * 2654435761u % tensor.size() : k]);
    return s;
  }
};
using tensor_summaries = std::map<std::string, tensor_summary>;

/// The file of tests/fixtures, and the options of its run.
struct torch_fixture {
  nlohmann::json head;
  tensor_summaries tensors;
  std::uint64_t seed;
  int batch;
  tnn::Initialisation initial;
  tnn::SGD sgd;
  double late_rate;
  int late_step;

  explicit torch_fixture(const std::string& name) {
    std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "../fixtures" / name);
    head = nlohmann::json::parse(file);
    for (const auto& [key, t] : head["tensors"].items()) tensors[key] = {t["norm"], t["values"]};
    seed = head["seed"];
    batch = head["batch"];
    initial.conv2d.bias = initial.linear.bias = head["bias"];
    sgd = {head["rate"], head["momentum"], head["weight_decay"]};
    late_rate = head["late_rate"];
    late_step = head["late_step"];
  }
};

/// Images of numbers in [0, 1), each a function of its place.
template <class T>
std::vector<T> formula_images(std::int64_t size, std::uint64_t seed) {
  std::vector<T> x(static_cast<std::size_t>(size));
  const std::uint64_t key = tnn::stream_key(seed, tnn::random_stream::images);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] =
        tnn::uniform_float(tnn::philox(key, static_cast<std::uint32_t>(i / 4), 0, 0, 0).v[i % 4]);
  return x;
}
inline std::vector<std::int32_t> formula_labels(int batch, int classes) {
  std::vector<std::int32_t> labels;
  for (int n = 0; n < batch; ++n) labels.push_back((5 * n + 3) % classes);
  return labels;
}

/// The run of a fixture on a backend: the same tensors by the same names.
template <class Net, class B, class T>
tensor_summaries run_as_torch(const torch_fixture& fixture, B backend, int steps = 5) {
  using model_type = tnn::Model<Net, B, T>;
  model_type model(backend, {fixture.batch, fixture.seed, fixture.initial});
  tnn::Training<model_type> training(model, {fixture.batch, fixture.seed});
  constexpr auto classes = static_cast<int>(model_type::output_size);

  tensor_summaries found;
  const auto keep = [&](const std::string& name, std::span<const T> tensor) {
    const auto expected = fixture.tensors.find(name);
    const bool known = expected != fixture.tensors.end();
    found[name] = tensor_summary::of(tensor, known ? expected->second.values.size() : 0);
  };
  std::vector<T> values;
  const auto each_parameter = [&](const std::string& kind, auto read) {
    for (const tnn::ParameterInfo& p : tnn::parameters_table<Net>) {
      values.resize(static_cast<std::size_t>(p.size));
      read(p, std::span<T>(values));
      keep(kind + std::string(p.name), values);
    }
  };
  std::vector<T> start(static_cast<std::size_t>(tnn::detail::parameter_arena<Net>));
  each_parameter("initial/", [&](const tnn::ParameterInfo& p, std::span<T> to) {
    model.read(p.name, to);
    std::copy(to.begin(), to.end(), start.begin() + p.offset);
  });

  const std::vector<std::uint64_t> seeds = fixture.head["images"];
  const auto images = [&](int step) {
    return formula_images<T>(fixture.batch * model_type::input_size,
                             seeds[static_cast<std::size_t>(step)]);
  };
  const auto labels = formula_labels(fixture.batch, classes);
  std::vector<T> logits(static_cast<std::size_t>(fixture.batch * classes));
  model.forward(images(0), logits);
  keep("logits", logits);

  std::vector<T> losses;
  for (int step = 0; step < steps; ++step) {
    losses.push_back(static_cast<T>(training.gradients(images(step), labels).mean_loss()));
    if (step == 0)
      each_parameter("gradient/", [&](const tnn::ParameterInfo& p, std::span<T> to) {
        training.read_gradient(p.name, to);
      });
    tnn::SGD sgd = fixture.sgd;
    if (step >= fixture.late_step) sgd.rate = fixture.late_rate;
    training.update(sgd);
  }
  keep("loss", losses);
  each_parameter("change/", [&](const tnn::ParameterInfo& p, std::span<T> to) {
    model.read(p.name, to);
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] -= start[static_cast<std::size_t>(p.offset) + i];
  });
  each_parameter("momentum/", [&](const tnn::ParameterInfo& p, std::span<T> to) {
    training.read_state("momentum_buffer", p.name, to);
  });
  for (const tnn::ParameterInfo& p : tnn::buffers_table<Net>) {
    values.resize(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    keep("buffer/" + std::string(p.name), values);
  }
  return found;
}

/// ||a - b|| / ||b|| of the values, or the norms' relative difference if that is larger; where b is
/// 0, which some initial values are, a's norm.
inline double difference(const tensor_summary& a, const tensor_summary& b) {
  if (a.values.size() != b.values.size()) return INFINITY;
  if (b.norm == 0) return a.norm;
  double square = 0, whole = 0;
  for (std::size_t i = 0; i < b.values.size(); ++i) {
    square += (a.values[i] - b.values[i]) * (a.values[i] - b.values[i]);
    whole += b.values[i] * b.values[i];
  }
  const double error = std::max(std::sqrt(square / whole), std::abs(a.norm - b.norm) / b.norm);
  return error >= 0 ? error : INFINITY;  // a NaN is no agreement
}

/// What of a run is not the fixture's: a line for each kind of tensor whose worst is past its limit
/// times `strictness`; empty where all agree. A tensor that was not found is infinitely wrong.
inline std::string disagreement(const tensor_summaries& found, const torch_fixture& fixture,
                                double strictness = 1) {
  constexpr struct {
    const char* kind;
    double limit;
  } kinds[] = {{"initial/", 1e-6}, {"logits", 1e-4},    {"loss", 1e-4},   {"gradient/", 1e-4},
               {"change/", 1e-3},  {"momentum/", 1e-3}, {"buffer/", 1e-4}};
  std::ostringstream lines;
  for (const auto& [kind, limit] : kinds) {
    double error = -1;
    std::string where = "nothing";
    for (const auto& [name, expected] : fixture.tensors) {
      if (!name.starts_with(kind)) continue;
      const auto ours = found.find(name);
      const double e = ours == found.end() ? INFINITY : difference(ours->second, expected);
      if (e > error) error = e, where = name;
    }
    if (error < 0 && kind == std::string_view("buffer/")) continue;  // few networks have some
    if (!(error >= 0 && error < limit * strictness))
      lines << where << " is off by " << error << ", past " << limit * strictness << '\n';
  }
  return lines.str();
}
