#pragma once
// The images of tests/fixtures/images, and what Pillow and torchvision make of them (images.json).
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

inline std::filesystem::path fixtures_folder() {
  return std::filesystem::path(__FILE__).parent_path() / "../fixtures";
}
inline std::filesystem::path image_path(const std::string& name) {
  return fixtures_folder() / "images" / name;
}

inline const nlohmann::json& image_fixture() {
  static const nlohmann::json all = [] {
    std::ifstream file(fixtures_folder() / "images.json");
    return nlohmann::json::parse(file);
  }();
  return all;
}

inline std::vector<std::uint8_t> bytes_of_hex(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
