#pragma once
// A random network on Cpu: what Reference and PyTorch give, and the same bits on any number of
// threads. nets_*.cpp, which include this, and nets.json are made by generate.py.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>

#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>

#include "support/answers.hpp"
#include "support/catch.hpp"
#include "support/torch_run.hpp"

/// Where nets.json lies: beside the source of the networks.
#ifndef TNN_RANDOM_NETS
#define TNN_RANDOM_NETS std::filesystem::path(__FILE__).parent_path()
#endif

/// Cpu in type T on 1, 2 and 3 threads against `expected`.
template <class Net, class T>
void check_threads(int batch, const std::vector<double>& expected, double bound) {
  const auto one = answers<Net, T>(tnn::Cpu{1}, batch);
  CHECK(relative_error(one, expected) < bound);
  for (const int threads : {2, 3}) CHECK(answers<Net, T>(tnn::Cpu{threads}, batch) == one);
}

/// Logits and gradients in double against PyTorch's; where torch was not found nets.json is empty.
template <class Net, class B>
void check_torch(const std::string& name, B backend) {
  static const nlohmann::json all = [] {
    std::ifstream file(TNN_RANDOM_NETS / "nets.json");
    return nlohmann::json::parse(file);
  }();
  if (all.empty()) return;
  REQUIRE(all.contains(name));
  using M = tnn::Model<Net, B, double>;
  constexpr int batch = 3;  // as in generate.py, with the seeds and the bias
  constexpr auto classes = static_cast<int>(M::output_size);
  M model{std::move(backend), {batch, 3, {{.bias = 1. / 64}, {.bias = 1. / 64}}}};
  tnn::Training<M> training{model, {batch, 3}};
  const auto x = formula_images<double>(batch * M::input_size, 7);
  const auto check = [&](const std::string& what, std::span<const double> found) {
    INFO(what);
    const nlohmann::json& t = all.at(name).at(what);
    const tensor_summary expected{t.at("norm"), t.at("values")};
    const tensor_summary ours = tensor_summary::of(found, expected.values.size());
    // A gradient is zero where a ReLU lets nothing through, and but for rounding that of a bias in
    // front of a BatchNorm, which takes it away again.
    CHECK((expected.norm < 1e-12 ? ours.norm : difference(ours, expected)) < 1e-8);
  };
  std::vector<double> values(static_cast<std::size_t>(batch * classes));
  model.forward(x, values);
  check("logits", values);
  training.gradients(x, formula_labels(batch, classes));
  for (const tnn::ParameterInfo& p : tnn::parameters_table<Net>) {
    values.resize(static_cast<std::size_t>(p.size));
    training.read_gradient(p.name, values);
    check("gradient/" + std::string(p.name), values);
  }
}

template <class Net>
void check_random_network(const std::string& name) {
  for (const int batch : {1, 7, 33}) {
    INFO("batch " << batch);
    const auto expected = answers<Net, double>(tnn::Reference{}, batch);
    check_threads<Net, double>(batch, expected, 1e-12);
    check_threads<Net, float>(batch, expected, 1e-4);
  }
  check_torch<Net>(name, tnn::Cpu{2});
}
