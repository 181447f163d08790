#include <tnn/data/idx.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/gzip.hpp"
#include "support/idx.hpp"
#include "support/temporary_folder.hpp"

TEST_CASE("arrays of every rank, plain and gzipped") {
  const temporary_folder folder;
  for (const std::vector<int>& extents :
       {std::vector{5}, std::vector{2, 3}, std::vector{2, 3, 4}, std::vector{2, 1, 3, 2}}) {
    std::size_t count = 1;
    for (const int extent : extents) count *= static_cast<std::size_t>(extent);
    std::vector<std::uint8_t> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<std::uint8_t>(200 + i);
    const std::string bytes = idx_bytes(extents, values);
    for (const std::string& stored : {bytes, gzipped(bytes)}) {
      const tnn::IdxArray array = tnn::read_idx(folder.write("a", stored));
      CHECK(array.extents == extents);
      CHECK(array.values == values);
    }
  }
}

TEST_CASE("what is no IDX file of bytes is refused, by name") {
  const temporary_folder folder;
  const auto refused = [&](std::string bytes, const std::string& why) {
    folder.write("a", bytes);
    return refuses([&] { tnn::read_idx(folder / "a"); }, (folder / "a").string(), why);
  };
  const std::string good = idx_bytes({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto with = [&](std::size_t at, char byte) {
    std::string bytes = good;
    bytes[at] = byte;
    return bytes;
  };
  CHECK(refused(with(0, 1), "two zero bytes"));
  CHECK(refused(with(1, 1), "two zero bytes"));
  CHECK(refused(with(2, 0x0d), "its type is 13, expected 8"));
  CHECK(refused(with(3, 0), "0 extents, expected 1 to 4"));
  CHECK(refused(with(3, 5), "5 extents, expected 1 to 4"));
  CHECK(refused(with(7, 0), "an extent is 0"));
  CHECK(refused(with(4, '\x80'), "an extent is 2147483650"));
  CHECK(refused(with(7, 3), "promise 9 values, it holds 6"));
  CHECK(refused(good + "x", "promise 6 values, it holds 7"));
  CHECK(refused(std::string("\0\0\x08\x04", 4) + std::string(16, '\x7f'), "too large"));
  for (std::size_t n = 0; n < good.size(); ++n)
    if (!refused(good.substr(0, n), n < 4    ? "first 4 bytes"
                                    : n < 12 ? "within its header"
                                             : "promise 6 values"))
      FAIL(n);
  const std::string packed = gzipped(good);
  CHECK(refused(packed.substr(0, packed.size() - 1), "truncated"));
  CHECK(refused(packed + "x", "garbage"));
  CHECK(refused("<html>not found</html>", "two zero bytes"));
  CHECK(refuses([&] { tnn::read_idx(folder.path()); }, "it is a folder"));
  CHECK(refuses([&] { tnn::read_idx(folder / "none"); }, "No such file"));
}
