// Round trips, and a refusal for every rule of the format.
#include <tnn/io/safetensors.hpp>

#include <sys/resource.h>
#include <sys/wait.h>

#include <cmath>
#include <iostream>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

namespace {

// A file of this header (its length in front, or the length given) and `data` zero bytes.
std::string file_bytes(const std::string& header, const std::string& data = {}) {
  const std::uint64_t n = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &n, 8);
  return bytes + header + data;
}

template <class T>
std::string raw(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

tnn::TensorSource counting(std::string name, std::vector<std::int64_t> shape, float from) {
  return {std::move(name), std::move(shape), [from](std::span<float> values) {
            float next = from;
            for (float& value : values) value = next++;
          }};
}

std::vector<tnn::TensorSource> two_tensors() {
  return {counting("1.weight", {2, 3}, 10), counting("0.bias", {4}, -1)};
}

template <class T>
std::vector<T> values_of(const tnn::SafetensorsFile& file, std::string_view name,
                         std::size_t count) {
  std::vector<T> values(count);
  file.read(name, std::span<T>(values));
  return values;
}

}  // namespace

TEST_CASE("what is written is read") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "a", two_tensors(),
                         {{"epoch", "3"}, {"batch", "\"17\"\n\u00e9"}});
  const tnn::SafetensorsFile file(folder / "a");
  CHECK(file.path() == folder / "a");
  CHECK(file.names() == std::vector<std::string>{"1.weight", "0.bias"});
  CHECK(file.metadata() ==
        std::map<std::string, std::string>{{"epoch", "3"}, {"batch", "\"17\"\n\u00e9"}});
  CHECK(file.contains("0.bias"));
  CHECK_FALSE(file.contains("0.weight"));
  CHECK(file.info("1.weight").dtype == "F32");
  CHECK(file.info("1.weight").shape == std::vector<std::int64_t>{2, 3});
  CHECK(values_of<float>(file, "1.weight", 6) == std::vector<float>{10, 11, 12, 13, 14, 15});
  CHECK(values_of<double>(file, "0.bias", 4) == std::vector<double>{-1, 0, 1, 2});
}

TEST_CASE("the bytes are exactly these") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "a", std::vector{counting("w", {1, 2}, 1)},
                         {{"b", "2"}, {"a", "1"}});
  std::string header =
      R"({"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  while (header.size() % 8 != 0) header += ' ';
  CHECK(folder.read("a") == file_bytes(header, raw<float>({1, 2})));
}

TEST_CASE("scalars, empty tensors and files without tensors") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "a",
                         std::vector{counting("scalar", {}, 7), counting("none", {3, 0}, 0),
                                     counting("last", {1}, 8)});
  const tnn::SafetensorsFile file(folder / "a");
  CHECK(values_of<float>(file, "scalar", 1) == std::vector<float>{7});
  CHECK(values_of<float>(file, "none", 0).empty());
  CHECK(values_of<float>(file, "last", 1) == std::vector<float>{8});
  tnn::write_safetensors(folder / "b", {});
  CHECK(tnn::SafetensorsFile(folder / "b").names().empty());
}

TEST_CASE("a tensor larger than the conversion buffer") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "a", std::vector{counting("w", {10'001}, 0)});
  const auto values = values_of<double>(tnn::SafetensorsFile(folder / "a"), "w", 10'001);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != static_cast<double>(i)) FAIL(i);
}

TEST_CASE("other float types are converted, integers are not") {
  const temporary_folder folder;
  const float infinity = std::numeric_limits<float>::infinity();
  const std::string header = R"({"d":{"dtype":"F64","shape":[3],"data_offsets":[0,24]},)"
                             R"("h":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},)"
                             R"("b":{"dtype":"BF16","shape":[4],"data_offsets":[32,40]},)"
                             R"("i":{"dtype":"I64","shape":[1],"data_offsets":[40,48]}})";
  folder.write("a", file_bytes(header, raw<double>({0.1, 1e300, -1e-320}) +
                                           raw<std::uint16_t>({0x3c00, 0x8001, 0x7c00, 0x7e00}) +
                                           raw<std::uint16_t>({0xbf80, 0x0001, 0xff80, 0x7fc0}) +
                                           raw<std::int64_t>({5})));
  const tnn::SafetensorsFile file(folder / "a");
  CHECK(values_of<double>(file, "d", 3) == std::vector<double>{0.1, 1e300, -1e-320});
  CHECK(values_of<float>(file, "d", 3) == std::vector<float>{0.1f, infinity, -0.0f});
  const auto half = values_of<float>(file, "h", 4);
  CHECK(half[0] == 1);
  CHECK(half[1] == -0x1p-24f);
  CHECK(half[2] == infinity);
  CHECK(std::isnan(half[3]));
  const auto brain = values_of<double>(file, "b", 4);
  CHECK(brain[0] == -1);
  CHECK(brain[1] == 0x1p-133);
  CHECK(brain[2] == -HUGE_VAL);
  CHECK(std::isnan(brain[3]));
  CHECK(refuses([&] { values_of<float>(file, "i", 1); }, (folder / "a").string(), "\"i\"", "I64",
                "convert it first"));
}

TEST_CASE("a wrong name or size says what there is") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "a", two_tensors());
  const tnn::SafetensorsFile file(folder / "a");
  CHECK(refuses([&] { file.info("2.weight"); }, (folder / "a").string(), "no tensor \"2.weight\"",
                "2 tensors: 1.weight, 0.bias"));
  CHECK(refuses([&] { values_of<float>(file, "1.weight", 5); }, "\"1.weight\"", "[2, 3]",
                "6 elements; expected 5"));
}

TEST_CASE("headers that break a rule are refused, saying which") {
  const auto refused = [](const std::string& header, const std::string& why) {
    const bool as_expected = refuses([&] { tnn::parse_safetensors_header(header, 8, "FILE"); },
                                     "FILE: not a valid safetensors file", why);
    if (!as_expected)
      std::cerr << header << "\n  "
                << error_text([&] { tnn::parse_safetensors_header(header, 8, "FILE"); }) << '\n';
    return as_expected;
  };
  const auto tensor = [](const std::string& dtype, const std::string& shape,
                         const std::string& offsets) {
    return R"({"w":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
           "}}";
  };
  const std::string f32 = R"("F32")";
  const std::string good = tensor(f32, "[2]", "[0,8]");
  CHECK(error_text([&] { tnn::parse_safetensors_header(good, 8, ""); }) == "no error");
  CHECK(error_text([&] { tnn::parse_safetensors_header(good + "   ", 8, ""); }) == "no error");

  SECTION("JSON") {
    CHECK(refused("", "does not start"));
    CHECK(refused(" " + good, "does not start"));
    CHECK(refused("[]", "does not start"));
    CHECK(refused("{", "not JSON"));
    CHECK(refused(good + "x", "not JSON"));
    CHECK(refused(good + good, "not JSON"));
    CHECK(refused(good + std::string("\0x", 2), "NUL"));
    CHECK(refused(good.substr(0, good.size() - 1), "not JSON"));
    CHECK(refused("{\"\xff\":1}", "not JSON"));
    CHECK(refused(R"({"__metadata__":{"a":NaN}})", "not JSON"));
    CHECK(refused("{\"a\":" + std::string(100'000, '['), "must hold dtype"));
    CHECK(refused(R"({"a":{"shape":)" + std::string(100'000, '['), "an array, not a size"));
  }
  SECTION("keys") {
    const std::string entry = good.substr(1, good.size() - 2);
    CHECK(refused("{" + entry + "," + entry + "}", "\"w\" appears twice"));
    CHECK(refused("{" + entry + R"(,"\u0077":{}})", "\"w\" appears twice"));
    CHECK(refused(R"({"__metadata__":{"a":"1","a":"1"}})", "\"a\" appears twice"));
    CHECK(refused(R"({"__metadata__":{},"__metadata__":{}})", "appears twice"));
    CHECK(refused(R"({"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                  "\"dtype\" appears twice"));
    CHECK(
        refused(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}})", "nothing else"));
    CHECK(refused(R"({"w":{"dtype":"F32","shape":[2],"offsets":[0,8]}})", "must hold dtype"));
    CHECK(refused(R"({"w":{"dtype":"F32","shape":[2]}})", "must hold dtype"));
    CHECK(refused(R"({"w":7})", "must hold dtype"));
    CHECK(refused(R"({"__metadata__":[]})", "not an object"));
    CHECK(refused(R"({"__metadata__":{"a":1}})", "\"a\" is not a string"));
    CHECK(refused(R"({"__metadata__":{"a":{"b":"c"}}})", "\"a\" is not a string"));
  }
  SECTION("types and shapes") {
    CHECK(refused(tensor(R"("F33")", "[2]", "[0,8]"), "unknown dtype \"F33\""));
    CHECK(refused(tensor(R"("f32")", "[2]", "[0,8]"), "unknown dtype"));
    CHECK(refused(tensor("32", "[2]", "[0,8]"), "unknown dtype 32"));
    CHECK(refused(tensor(f32, "2", "[0,8]"), "not an array"));
    CHECK(refused(tensor(f32, "[-2]", "[0,8]"), "-2, not a size"));
    CHECK(refused(tensor(f32, "[2.0]", "[0,8]"), "2.0, not a size"));
    CHECK(refused(tensor(f32, "[\"2\"]", "[0,8]"), "not a size"));
    CHECK(refused(tensor(f32, "[true]", "[0,8]"), "not a size"));
    CHECK(refused(tensor(f32, "[[2]]", "[0,8]"), "an array, not a size"));
    CHECK(refused(tensor(f32, "[9223372036854775808]", "[0,8]"), "not a size"));
    CHECK(refused(tensor(f32, "[99999999999999999999]", "[0,8]"), "not a size"));
    CHECK(refused(tensor(f32, "[4611686018427387904,4]", "[0,0]"), "too large"));
    CHECK(refused(tensor(f32, "[4294967296,4294967296,2]", "[0,8]"), "too large"));
  }
  SECTION("places") {
    CHECK(refused(tensor(f32, "[2]", "[0]"), "not [begin, end]"));
    CHECK(refused(tensor(f32, "[2]", "[0,8,8]"), "not [begin, end]"));
    CHECK(refused(tensor(f32, "[2]", "[0,8.0]"), "not [begin, end]"));
    CHECK(refused(tensor(f32, "[2]", "[-8,0]"), "not [begin, end]"));
    CHECK(refused(tensor(f32, "[2]", "8"), "not [begin, end]"));
    CHECK(refused(tensor(f32, "[2]", "[8,0]"), "do not span the 8 bytes"));
    CHECK(refused(tensor(f32, "[1]", "[0,8]"), "do not span the 4 bytes of F32 [1]"));
    CHECK(refused(tensor(f32, "[3]", "[0,8]"), "do not span the 12 bytes"));
    CHECK(refused(tensor(f32, "[1]", "[4,8]"), "a hole after byte 0"));
    CHECK(refused(tensor(f32, "[1]", "[0,4]"), "take 4 bytes, but 8 follow"));
    CHECK(refused(tensor(f32, "[3]", "[0,12]"), "take 12 bytes, but 8 follow"));
    CHECK(refused("{}", "take 0 bytes, but 8 follow"));
    const auto pair = [](const std::string& a, const std::string& b) {
      return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + a +
             R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + b + "}}";
    };
    CHECK(error_text([&] { tnn::parse_safetensors_header(pair("[4,8]", "[0,4]"), 8, ""); }) ==
          "no error");
    CHECK(refused(pair("[0,4]", "[0,4]"), "an overlap before byte 4"));
    CHECK(refused(pair("[0,4]", "[3,7]"), "\"b\": it starts at byte 3"));
    CHECK(refused(pair("[0,4]", "[5,9]"), "a hole after byte 4"));
  }
}

TEST_CASE("files that are no safetensors files, by name") {
  const temporary_folder folder;
  const auto refused = [&](const std::string& bytes, const std::string& why) {
    folder.write("a", bytes);
    return refuses([&] { tnn::SafetensorsFile file(folder / "a"); }, (folder / "a").string(), why);
  };
  CHECK(refused("", "holds 0 bytes"));
  CHECK(refused("1234567", "holds 7 bytes"));
  CHECK(refused(std::string(8, '\0'), "does not start with '{'"));
  CHECK(refused(raw<std::uint64_t>({3}) + "{}", "2 are left"));
  CHECK(refused(raw<std::uint64_t>({~0ull}) + "{}", "18446744073709551615"));
  CHECK(refused(file_bytes("{}", "x"), "1 follow the header"));
  CHECK(refused("PK\x03\x04 a PyTorch file, a zip in truth", "not a safetensors file"));
  std::filesystem::resize_file(folder.write("a", raw<std::uint64_t>({100'000'001})), 200'000'000);
  CHECK(refuses([&] { tnn::SafetensorsFile file(folder / "a"); }, "allows 100000000"));

  CHECK(refuses([&] { tnn::SafetensorsFile file(folder.path()); }, "it is a folder"));
  CHECK(refuses([&] { tnn::SafetensorsFile file(folder / "none"); }, (folder / "none").string(),
                "No such file"));
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(refuses([&] { tnn::SafetensorsFile file(folder / "pipe"); }, "not a regular file"));
}

TEST_CASE("a file cut while open is an error, not garbage") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "a", two_tensors());
  const tnn::SafetensorsFile file(folder / "a");
  std::filesystem::resize_file(folder / "a", std::filesystem::file_size(folder / "a") - 1);
  CHECK(refuses([&] { values_of<float>(file, "0.bias", 4); }, "cut while in use"));
}

TEST_CASE("a damaged file throws tnn::error or loads") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "good", two_tensors(), {{"epoch", "1"}});
  const std::string good = folder.read("good");
  const auto loads = [&](const std::string& bytes) {
    folder.write("a", bytes);
    return error_text([&] {
             const tnn::SafetensorsFile file(folder / "a");
             for (const std::string& name : file.names()) {
               const tnn::TensorInfo& info = file.info(name);
               if (info.dtype == "F32") values_of<float>(file, name, (info.end - info.begin) / 4);
             }
           }) == "no error";
  };
  REQUIRE(loads(good));
  for (std::size_t n = 0; n < good.size(); ++n)
    if (loads(good.substr(0, n))) FAIL("loads when cut to " << n << " bytes");
  const std::size_t data_start = good.size() - 40;
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const int bits : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ bits);
      const bool loaded = loads(bad);
      if (at < 8 && loaded) FAIL("loads with a wrong header length");
      if (at >= data_start && !loaded) FAIL("data may hold any bytes");
    }
}

TEST_CASE("what could not be read back is not written, and the old file stays") {
  const temporary_folder folder;
  folder.write("a", "old");
  const auto refused = [&](const std::vector<tnn::TensorSource>& tensors,
                           const std::map<std::string, std::string>& metadata,
                           const std::string& why) {
    return refuses([&] { tnn::write_safetensors(folder / "a", tensors, metadata); },
                   "cannot write " + (folder / "a").string(), why);
  };
  CHECK(refused({counting("w", {1}, 0), counting("w", {1}, 0)}, {}, "\"w\" appears twice"));
  CHECK(refused({counting("w", {-1}, 0)}, {}, "[-1] is negative"));
  CHECK(refused({counting("w", {1ll << 62, 2}, 0)}, {}, "too large"));
  CHECK(refused({counting("v", {1ll << 61}, 0), counting("w", {1ll << 61}, 0)}, {}, "too"));
  CHECK(refused({counting("__metadata__", {1}, 0)}, {}, "not a string"));
  CHECK(refused({counting("\xff", {1}, 0)}, {}, "UTF-8"));
  CHECK(refused({counting("w", {1}, 0)}, {{"k", "\xff"}}, "UTF-8"));
  CHECK(refused({counting("w", {1}, 0)}, {{"k", std::string(100'000'001, 'x')}}, "too large"));
  const tnn::TensorSource broken{"w", {1}, [](auto) { throw tnn::error("no values"); }};
  CHECK(refuses([&] { tnn::write_safetensors(folder / "a", {&broken, 1}); }, "no values"));
  CHECK(folder.read("a") == "old");
  CHECK(folder.size() == 1);
}

TEST_CASE("a disk that fills up while tensors are written loses nothing") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "a", two_tensors());
  const std::string old = folder.read("a");
  const pid_t child = fork();
  if (child == 0) {
    const rlimit few{100'000, 100'000};
    setrlimit(RLIMIT_FSIZE, &few);
    const std::vector large{counting("w", {20'000}, 0), counting("b", {20'000}, 0)};
    _exit(refuses([&] { tnn::write_safetensors(folder / "a", large); }, "File too large") ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(folder.read("a") == old);
  CHECK(folder.size() == 1);
}
