#pragma once
// What PyTorch's losses, optimizers and schedules give: tests/fixtures/training.json, made by
// generate_training.py.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

inline const nlohmann::json& training_fixture() {
  static const nlohmann::json all = nlohmann::json::parse(
      std::ifstream(std::filesystem::path(__FILE__).parent_path() / "../fixtures/training.json"));
  return all;
}
