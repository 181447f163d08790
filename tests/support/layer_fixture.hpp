#pragma once
// A layer beside PyTorch, whose figures are in tests/fixtures/layers.json, made by
// generate_layers.py, and on Cpu beside Reference.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include <tnn/cpu.hpp>

#include "support/layer.hpp"

/// Reference's y, dx, dw and db of a batch against PyTorch's, both in double.
template <class Case>
void check_pytorch(const std::string& name, int batch = 2) {
  static const nlohmann::json all = nlohmann::json::parse(
      std::ifstream(std::filesystem::path(__FILE__).parent_path() / "../fixtures/layers.json"));
  INFO(name);
  const nlohmann::json& wanted = all.at(name);
  const answer expected{wanted.at("y"), wanted.at("dx"), wanted.at("dweight"), wanted.at("dbias")};
  REQUIRE(expected.y.size() == static_cast<std::size_t>(batch * Case::output::size));
  const answer ours = ask<Case, double>(tnn::Reference{}, question_for<Case>(batch));
  CHECK(error_between(ours, expected) < 1e-9);
}

/// Cpu against Reference in double, for several batches; and the same bits on 1, 2 and 3 threads,
/// in place, and without dx.
template <class Case>
void check_cpu(double float_bound = 1e-6, double double_bound = 1e-14) {
  for (const int batch : {1, 3, 7}) {
    question q = question_for<Case>(batch);
    const answer expected = ask<Case, double>(tnn::Reference{}, q);
    CHECK(error_between(ask<Case, double>(tnn::Cpu{2}, q), expected) < double_bound);
    const answer one = ask<Case, float>(tnn::Cpu{1}, q);
    CHECK(error_between(one, expected) < float_bound);
    for (const int threads : {2, 3}) CHECK(ask<Case, float>(tnn::Cpu{threads}, q) == one);
    CHECK(ask<Case, float>(tnn::Cpu{2}, q, true) == one);
    q.wants_dx = false;
    const answer without = ask<Case, float>(tnn::Cpu{2}, q);
    CHECK((without.y == one.y && without.dweight == one.dweight && without.dbias == one.dbias));

    q.mode = tnn::mode::infer;
    const answer inferred = ask<Case, double>(tnn::Reference{}, q);
    CHECK(relative_error(ask<Case, float>(tnn::Cpu{2}, q).y, inferred.y) < float_bound);
  }
}
