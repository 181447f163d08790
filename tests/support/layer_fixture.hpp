#pragma once
// A layer beside PyTorch, whose figures are in tests/fixtures/layers.json, made by
// generate_layers.py, and on Cpu beside Reference.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include <tnn/cpu.hpp>

#include "support/layer.hpp"

/// Reference's y, dx, dw, db and buffers of a batch against PyTorch's, both in double.
template <class Case>
void check_pytorch(const std::string& name, int batch = 2) {
  static const nlohmann::json all = nlohmann::json::parse(
      std::ifstream(std::filesystem::path(__FILE__).parent_path() / "../fixtures/layers.json"));
  INFO(name);
  const nlohmann::json& wanted = all.at(name);
  const answer expected{wanted.at("y"), wanted.at("dx"), wanted.at("dweight"), wanted.at("dbias"),
                        wanted.value("buffers", std::vector<double>{})};
  REQUIRE(expected.y.size() == static_cast<std::size_t>(batch * Case::output::size));
  const answer ours = ask<Case, double>(tnn::Reference{}, question_for<Case>(batch));
  CHECK(error_between(ours, expected) < 1e-9);
}

/// Cpu in type T against what Reference gives in double; and the same bits on 1, 2 and 3 threads,
/// in place, and without dx.
template <class Case, class T>
void check_cpu_in(const question& q, const answer& expected, double bound) {
  const answer one = ask<Case, T>(tnn::Cpu{1}, q);
  CHECK(error_between(one, expected) < bound);
  for (const int threads : {2, 3}) CHECK(ask<Case, T>(tnn::Cpu{threads}, q) == one);
  CHECK(ask<Case, T>(tnn::Cpu{2}, q, true) == one);
  question forward_only = q;
  forward_only.wants_dx = false;
  const answer without = ask<Case, T>(tnn::Cpu{2}, forward_only);
  CHECK((without.y == one.y && without.dweight == one.dweight && without.dbias == one.dbias));
}

/// Cpu against Reference, in training and in inference, for all batches, in float and double.
/// Not InDouble, where other cases show that math of half as many lanes: it takes as long to
/// compile.
template <class Case, bool InDouble = true>
void check_cpu(double float_bound = 1e-6, double double_bound = 1e-14) {
  for (const int batch : batches) {
    INFO("batch " << batch);
    question q = question_for<Case>(batch);
    for (const tnn::mode mode : {tnn::mode::train, tnn::mode::infer}) {
      q.mode = mode;
      const answer expected = ask<Case, double>(tnn::Reference{}, q);
      check_cpu_in<Case, float>(q, expected, float_bound);
      if constexpr (InDouble) check_cpu_in<Case, double>(q, expected, double_bound);
    }
  }
}
