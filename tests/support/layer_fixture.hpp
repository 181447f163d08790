#pragma once
// What PyTorch gave for one layer: tests/fixtures/layers.json, made by generate_layers.py.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

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
