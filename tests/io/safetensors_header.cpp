// Large and hostile headers: read or refused in time and memory that are linear in their length.
// Memory is counted: this file takes the place of operator new for the whole program.
#include <tnn/io/safetensors_header.hpp>

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <new>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/sanitized.hpp"

namespace {

std::atomic<std::size_t> taken{0}, most_taken{0};

}  // namespace

#ifndef TNN_SANITIZED
void* operator new(std::size_t bytes) {
  void* memory = std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  const std::size_t now = taken += malloc_usable_size(memory);
  for (std::size_t most = most_taken; now > most && !most_taken.compare_exchange_weak(most, now);) {
  }
  return memory;
}
void operator delete(void* memory) noexcept {
  taken -= malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
#endif

namespace {

/// What the header is refused for, or "no error"; and how many times its own length was in use at
/// most, itself included: 0 where a sanitizer hides it.
struct reading {
  std::string text;
  double memory;
};
reading read(const std::string& header, std::uint64_t data_bytes) {
  const std::size_t before = taken;
  most_taken = before;
  const std::string text =
      error_text([&] { tnn::parse_safetensors_header(header, data_bytes, "FILE"); });
  const double most = static_cast<double>(most_taken - before);
  return {text, most > 0 ? most / static_cast<double>(header.size()) + 1 : 0};
}

/// `count` tensors of a byte each, or of this shape of no element.
std::string tensors(int count, const std::string& empty_shape = "") {
  std::string header = "{";
  for (int i = 0; i < count; ++i) {
    header += (i > 0 ? ",\"layer." : "\"layer.") + std::to_string(i);
    header += R"(":{"dtype":"U8","shape":)" + (empty_shape.empty() ? "[1]" : empty_shape);
    header += R"(,"data_offsets":[)" + std::to_string(empty_shape.empty() ? i : 0) + ',' +
              std::to_string(empty_shape.empty() ? i + 1 : 0) + "]}";
  }
  return header + '}';
}

std::string repeated(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a header of 100,000 tensors is read in linear time, in 8 times its length") {
  const std::string header = tensors(100'000);
  const reading r = read(header, 100'000);
  CHECK(r.text == "no error");
  CHECK(r.memory < 8);
#ifndef TNN_SANITIZED
  CHECK(r.memory > 2);  // it is counted
#endif
  // Ten times the tensors take some 13 times the processor's time; quadratically it would be 100.
  const auto seconds = [](const std::string& text, std::uint64_t data_bytes) {
    std::clock_t least = 0;
    for (int i = 0; i < 3; ++i) {
      const std::clock_t start = std::clock();
      read(text, data_bytes);
      const std::clock_t took = std::clock() - start;
      least = i == 0 || took < least ? took : least;
    }
    return static_cast<double>(least) / CLOCKS_PER_SEC;
  };
  CHECK(seconds(header, 100'000) < 50 * seconds(tensors(10'000), 10'000));
  const reading shapes = read(tensors(20'000, "[0" + repeated(32, ",7") + "]"), 0);
  CHECK(shapes.text == "no error");
  CHECK(shapes.memory < 8);
}

TEST_CASE("more extents or metadata entries than any real file has are refused") {
  CHECK(read(tensors(1, "[0" + repeated(63, ",1") + "]"), 0).text == "no error");
  CHECK(refuses(
      [] { tnn::parse_safetensors_header(tensors(1, "[0" + repeated(64, ",1") + "]"), 0, "FILE"); },
      "FILE", "\"layer.0\"", "more than 64 extents"));
  const auto metadata = [](int entries) {
    std::string header = R"({"__metadata__":{)";
    for (int i = 0; i < entries; ++i)
      header += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
    return header + "}}";
  };
  CHECK(read(metadata(65'536), 0).text == "no error");
  CHECK(read(metadata(65'537), 0).text.find("more than 65536 entries") != std::string::npos);
}

TEST_CASE("a hostile header of 100 MB is refused, in 8 times its length", "[slow]") {
  const std::string many = tensors(1'400'000);
  CHECK(many.size() > 95'000'000);
  const reading good = read(many, 1'400'000);
  CHECK(good.text == "no error");
  CHECK(good.memory < 8);
  constexpr int length = 99'000'000;
  const auto refused = [](const std::string& header, const std::string& why) {
    const reading r = read(header, 0);
    INFO(r.text);
    return r.text.find(why) != std::string::npos && r.text.size() < 1000 && r.memory < 8;
  };
  CHECK(refused("{\"" + std::string(length, 'x'), "longer than 16777216 bytes"));
  CHECK(refused("{\"" + repeated(length / 2, "\\\""), "longer than 16777216 bytes"));
  CHECK(refused("{\"a\":{\"shape\":[" + std::string(length, '1'), "longer than 16777216 bytes"));
  CHECK(refused('{' + std::string(length, ' '), "longer than 16777216 bytes"));
  CHECK(refused("{\"a\":" + repeated(length / 5, "{\"a\":"), "must hold dtype"));
  CHECK(
      refused("{\"__metadata__\":{" + repeated(length / 8, "\"a\":\"\","), "\"a\" appears twice"));
}

TEST_CASE("an error shows neither control characters nor the whole of a long name") {
  const std::string name = "\\u001b[2J" + std::string(10'000, 'n');
  for (const std::string& header :
       {"{\"" + name + "\":7}", "{\"__metadata__\":{\"" + name + "\":7}}",
        "{\"" + name + R"(":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
        "{\"__metadata__\":{\"" + name + "\":\"\",\"" + name + "\":\"\"}}",
        R"({"w":{"dtype":")" + name + "\"}}", R"({"w":{"shape":[")" + name + "\"]}}",
        "{\"" + name + "\":\u009b" + std::string(10'000, '1') + "\x7f"}) {
    const std::string text = read(header, 8).text;
    INFO(text);
    CHECK(text.starts_with("FILE: not a valid safetensors file"));
    CHECK(text.size() < 600);
    CHECK(text.find_first_of("\x1b\x7f\xc2") == text.npos);
  }
}
