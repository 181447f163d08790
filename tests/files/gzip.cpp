#include <tnn/files/gzip.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/gzip.hpp"
#include "support/temporary_folder.hpp"

namespace {

std::string some_text(std::size_t n) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < n) {
    state = state * 1664525u + 1013904223u;
    text += static_cast<char>(state >> 28);
  }
  return text;
}

std::string read(const std::filesystem::path& path, std::size_t limit = 1 << 30) {
  const auto bytes = tnn::read_maybe_gzip(path, limit);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("plain files are read as they are, gzip unpacked") {
  const temporary_folder folder;
  for (const std::size_t n : {0u, 1u, 3u, 1000u, 1'000'000u}) {
    const std::string text = some_text(n);
    CHECK(read(folder.write("plain", text)) == text);
    CHECK(read(folder.write("packed", gzipped(text))) == text);
  }
  CHECK(read(folder.write("a", "\x1f")) == "\x1f");
}

TEST_CASE("the most compressible file") {
  const temporary_folder folder;
  const std::string zeros(5'000'000, '\0');
  CHECK(read(folder.write("a", gzipped(zeros))) == zeros);
}

TEST_CASE("several gzip streams in one file are one text, as gunzip has it") {
  const temporary_folder folder;
  const std::string a = some_text(10'000), b(20'000, 'b');
  CHECK(read(folder.write("a", gzipped(a) + gzipped(b) + gzipped(""))) == a + b);
}

TEST_CASE("gzip cut anywhere is refused, by name") {
  const temporary_folder folder;
  const std::string packed = gzipped(some_text(200));
  for (std::size_t n = 2; n < packed.size(); ++n) {
    folder.write("a", packed.substr(0, n));
    if (!refuses([&] { read(folder / "a"); }, (folder / "a").string(), "truncated")) FAIL(n);
  }
}

TEST_CASE("a wrong bit is found") {
  const temporary_folder folder;
  const std::string text = some_text(200), packed = gzipped(text);
  for (std::size_t at = 10; at < packed.size(); ++at)  // the 10 before hold time and system
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = packed;
      bad[at] = static_cast<char>(bad[at] ^ 1 << bit);
      folder.write("a", bad);
      if (!refuses([&] { read(folder / "a"); }, (folder / "a").string())) FAIL(at << ' ' << bit);
    }
  std::string crc = packed;
  crc[packed.size() - 5] ^= 1;
  folder.write("a", crc);
  CHECK(refuses([&] { read(folder / "a"); }, "corrupted", "check"));
}

TEST_CASE("garbage after gzip is refused") {
  const temporary_folder folder;
  folder.write("a", gzipped("text") + "garbage");
  CHECK(refuses([&] { read(folder / "a"); }, (folder / "a").string(), "7 bytes of garbage"));
  folder.write("a", gzipped("text") + '\0');
  CHECK(refuses([&] { read(folder / "a"); }, "1 bytes of garbage"));
}

TEST_CASE("more than the limit is refused, packed or not") {
  const temporary_folder folder;
  const std::string zeros(100'000, '\0');
  folder.write("plain", zeros);
  folder.write("packed", gzipped(zeros));
  CHECK(read(folder / "plain", 100'000) == zeros);
  CHECK(read(folder / "packed", 100'000) == zeros);
  CHECK(refuses([&] { read(folder / "plain", 99'999); }, "more than the 99999"));
  CHECK(refuses([&] { read(folder / "packed", 99'999); }, "more than 99999"));
  folder.write("two", gzipped(zeros) + gzipped("x"));  // the last length found is 1
  CHECK(refuses([&] { read(folder / "two", 99'999); }, "more than 99999"));
  CHECK(read(folder / "two").size() == 100'001);
}

TEST_CASE("no file, or a folder") {
  const temporary_folder folder;
  CHECK(refuses([&] { read(folder / "none"); }, (folder / "none").string(), "No such file"));
  CHECK(refuses([&] { read(folder.path()); }, folder.path().string(), "it is a folder"));
}
