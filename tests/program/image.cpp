#include "alexnet/image.hpp"

#include <sys/stat.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/picture_bytes.hpp"
#include "support/png_checksums.hpp"
#include "support/temporary_folder.hpp"

namespace {

using bytes = std::vector<std::uint8_t>;

/// A slope from dark to light, which JPEG keeps well.
bytes slope(int width, int height) {
  bytes pixels;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x)
      pixels.push_back(static_cast<std::uint8_t>(255 * (x + y) / (width + height - 1)));
  }
  return pixels;
}

bytes pixels_of(const temporary_folder& folder, std::string_view name, std::string_view content) {
  return pictures::read_grey(folder.write(name, content)).pixels;
}

bool refused(const temporary_folder& folder, std::string_view name, std::string_view content,
             std::string_view why) {
  const auto path = folder.write(name, content);
  return refuses([&] { pictures::read_grey(path); }, path.string(), why);
}

}  // namespace

TEST_CASE("a grey PNG comes back as it was written", "[image]") {
  const temporary_folder folder;
  const pictures::grey_image written{37, 21, slope(37, 21)};
  pictures::write_png(folder / "a.png", written);
  const pictures::grey_image image = pictures::read_grey(folder / "a.png");
  CHECK(image.width == 37);
  CHECK(image.height == 21);
  CHECK(image.pixels == written.pixels);
  CHECK(folder.size() == 1);
}

TEST_CASE("colours become luminance, transparency becomes black", "[image]") {
  const temporary_folder folder;
  pictures::write_png(folder / "c.png",
                      pictures::rgb_image{4, 1, {255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9}});
  const bytes grey = pictures::read_grey(folder / "c.png").pixels;
  REQUIRE(grey.size() == 4);
  CHECK(std::abs(grey[0] - 76) <= 1);
  CHECK(std::abs(grey[1] - 150) <= 1);
  CHECK(std::abs(grey[2] - 29) <= 1);
  CHECK(grey[3] == 9);
  CHECK(pixels_of(folder, "t.png", png(3, 1, 2, {200, 0, 200, 255, 200, 128})) ==
        bytes{0, 200, 100});
}

TEST_CASE("a JPEG is read", "[image]") {
  const temporary_folder folder;
  const bytes truth = slope(40, 30);
  const auto path = folder.write("a.jpg", jpeg(40, 30, 1, truth));
  const pictures::grey_image image = pictures::read_grey(path);
  REQUIRE(image.width == 40);
  REQUIRE(image.height == 30);
  int worst = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    worst = std::max(worst, std::abs(image.pixels[i] - truth[i]));
  CHECK(worst <= 6);
}

TEST_CASE("PGM and PPM are read, as text and as bytes", "[image]") {
  const temporary_folder folder;
  CHECK(pixels_of(folder, "a.pgm", std::string("P5\n# a comment\n3 1 255\n\0\x80\xFF", 27)) ==
        bytes{0, 128, 255});
  CHECK(pixels_of(folder, "b.pgm", std::string("P5 2 1 65535 \x80\x80\xFF\xFF", 17)) ==
        bytes{128, 255});
  CHECK(pixels_of(folder, "c.pgm", "P2\n3 1\n# largest value:\n15\n0 5\n15") == bytes{0, 85, 255});
  CHECK(pixels_of(folder, "d.ppm", "P6 1 1 255 \xFF\xFF\xFF") == bytes{255});
  CHECK(pixels_of(folder, "e.ppm", "P3 2 1 255 255 0 0  0 0 255\n") == bytes{76, 29});
}

TEST_CASE("what is no picture is refused with its name and the reason", "[image]") {
  const temporary_folder folder;
  CHECK(refuses([&] { pictures::read_grey(folder / "none.png"); }, (folder / "none.png").string(),
                "No such file"));
  CHECK(refuses([&] { pictures::read_grey(folder.path()); }, "it is a folder"));
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(refuses([&] { pictures::read_grey(folder / "pipe"); }, "pipe", "not a regular file"));
  CHECK(refused(folder, "empty.png", "", "not a picture of a known kind"));
  CHECK(refused(folder, "text.png", "hello, world", "use PNG, JPEG, PGM or PPM"));
  CHECK(refused(folder, "gif.png", "GIF89a", "not a picture of a known kind"));
  CHECK(refused(folder, "a.pgm", "P5 0 7 255 ", "0 x 7"));
  CHECK(refused(folder, "b.pgm", "P5 90000 90000 255 ", "90000 x 90000"));
  CHECK(refused(folder, "c.pgm", "P5 99999999999999999999 1 255 ", "number over"));
  CHECK(refused(folder, "d.pgm", "P5 1 1 70000 abc", "70000"));
  CHECK(refused(folder, "e.pgm", "P5 one 1 255 abc", "should be a digit"));
}

TEST_CASE("a PNG of absurd size is refused before it is decoded", "[image]") {
  const temporary_folder folder;
  // IHDR says 16777215 x 16777215; its checksum is right.
  const std::string file(
      "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\xFF\xFF\xFF\0\xFF\xFF\xFF\x08\0\0\0\0"
      "\x83\x3C\xF1\x0F\0\0\0\0IEND\xAE\x42\x60\x82",
      45);
  CHECK(refused(folder, "huge.png", file, "16777215 x 16777215"));
}

TEST_CASE("a PNG of unknown critical chunks is refused without their control characters",
          "[image]") {
  const temporary_folder folder;
  std::string file = png(9, 8, 1, slope(9, 8));
  const std::size_t type = file.find("IDAT");
  REQUIRE(type != std::string::npos);
  file[type + 1] = '\x1b';
  CHECK(refused(folder, "chunk.png", with_right_checksums(file), "I\\x1bAT"));
}

TEST_CASE("a picture cut short anywhere is refused", "[image]") {
  const temporary_folder folder;
  const std::string files[] = {png(9, 8, 1, slope(9, 8)), jpeg(9, 8, 1, slope(9, 8)),
                               "P5 3 2 255 abcdef", "P2 2 1 9 7 8"};
  for (const std::string& file : files) {
    for (std::size_t length = 0; length < file.size(); ++length) {
      CAPTURE(file.substr(0, 4), length);
      const auto path = folder.write("short", std::string_view(file).substr(0, length));
      CHECK(refuses([&] { pictures::read_grey(path); }, "short"));
    }
  }
}

TEST_CASE("a PNG with any one byte changed is refused", "[image]") {
  const temporary_folder folder;
  const std::string file = png(9, 8, 1, slope(9, 8));
  for (std::size_t i = 0; i < file.size(); ++i) {
    CAPTURE(i);
    std::string damaged = file;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    const auto path = folder.write("damaged.png", damaged);
    CHECK(refuses([&] { pictures::read_grey(path); }, "damaged.png"));
  }
}

TEST_CASE("a damaged JPEG is refused or read, and nothing worse", "[image]") {
  const temporary_folder folder;
  const std::string file = jpeg(33, 17, 3, slope(99, 17));
  std::mt19937 random{1};
  int refusals = 0;
  for (int i = 0; i < 500; ++i) {
    std::string damaged = file;
    for (int changes = 0; changes < 3; ++changes)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto path = folder.write("damaged.jpg", damaged);
    try {
      pictures::read_grey(path);
    } catch (const tnn::error&) {
      ++refusals;
    }
  }
  CHECK(refusals > 100);
}

TEST_CASE("a JPEG whose Huffman table claims too many codes is refused", "[image]") {
  const temporary_folder folder;
  std::string file = jpeg(9, 8, 1, slope(9, 8));
  const std::size_t table = file.find("\xFF\xC4");
  REQUIRE(table != std::string::npos);
  file[table + 5] = file[table + 6] = '\xFF';
  CHECK(refused(folder, "table.jpg", file, "not at most 256"));
}

TEST_CASE("a JPEG that uses a table it lacks is the same picture each time, or refused",
          "[image]") {
  const temporary_folder folder;
  std::string file = jpeg(9, 8, 1, slope(9, 8));
  const std::size_t scan = file.find("\xFF\xDA");
  REQUIRE(scan != std::string::npos);
  file[scan + 6] = '\x33';  // both tables of the first component
  const auto path = folder.write("table.jpg", file);
  const std::string first = error_text([&] { pictures::read_grey(path); });
  if (first == "no error")
    CHECK(pictures::read_grey(path).pixels == pictures::read_grey(path).pixels);
  else
    CHECK(first.find("damaged") != std::string::npos);
}

TEST_CASE("a JPEG of more scans than a picture needs is refused before it is decoded", "[image]") {
  const temporary_folder folder;
  std::string file = jpeg(1000, 1000, 1, slope(1000, 1000));
  const std::size_t frame = file.find("\xFF\xC0"), scan = file.find("\xFF\xDA");
  REQUIRE(frame != std::string::npos);
  REQUIRE(scan != std::string::npos);
  file[frame + 1] = '\xC2';  // progressive
  file.resize(scan);
  // The first coefficients of the first component, in zeros where there are coded bytes at all.
  const std::string first("\xFF\xDA\0\x08\x01\x01\0\0\0\0", 10), end = "\xFF\xD9";
  std::string few = file, many = file;
  for (int i = 0; i < 10; ++i) few += first + std::string(1000, '\0');
  for (int i = 0; i < 20'000; ++i) many += first;
  CHECK(pictures::read_grey(folder.write("few.jpg", few + end)).width == 1000);
  CHECK(refused(folder, "many.jpg", many + end, "its 20000 scans of 1048576 pixels"));
  CHECK(refused(folder, "short.jpg", file + first + end, "needs at least 1953"));
}

TEST_CASE("a file too large to be a picture is refused unread", "[image]") {
  const temporary_folder folder;
  const auto path = folder.write("large.pgm", "P5 5000 5000 255 ");
  std::filesystem::resize_file(path, (64 << 20) + 1);
  CHECK(refuses([&] { pictures::read_grey(path); }, "large.pgm", "67108865 bytes", "64 MiB"));
}

TEST_CASE("a picture that takes too much memory is not called damaged", "[image][slow]") {
  // 5000 x 8000, four channels of 16 bits, interlaced: its seven passes take more than the decoder
  // guesses, and twice that is over its bound.
  const std::size_t bytes = 330'000'000;
  z_stream stream{};
  REQUIRE(deflateInit(&stream, 1) == Z_OK);
  std::string packed(deflateBound(&stream, bytes) / 100, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  std::vector<Bytef> zeros(1'000'000);
  for (std::size_t done = 0; done < bytes; done += zeros.size()) {
    stream.next_in = zeros.data();
    stream.avail_in = static_cast<uInt>(zeros.size());
    REQUIRE(deflate(&stream, Z_NO_FLUSH) == Z_OK);
  }
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);

  const auto number = [](uLong value) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 255);
    return text;
  };
  const auto chunk = [&](const std::string& type, const std::string& data) {
    return number(data.size()) + type + data + number(0);
  };
  const temporary_folder folder;
  const std::string file =
      "\x89PNG\r\n\x1A\n" +
      chunk("IHDR", number(5000) + number(8000) + std::string("\x10\x06\0\0\x01", 5)) +
      chunk("IDAT", packed) + chunk("IEND", "");
  CHECK(refused(folder, "large.png", with_right_checksums(file),
                "needs more memory than the 512 MiB"));
}

TEST_CASE("writing a picture fails with a clear error", "[image]") {
  const temporary_folder folder;
  CHECK(refuses(
      [&] {
        pictures::write_png(folder / "a.png", pictures::grey_image{2, 2, {1}});
      },
      "a.png", "2 x 2"));
  CHECK(refuses(
      [&] {
        pictures::write_png(folder / "no" / "a.png", pictures::grey_image{1, 1, {1}});
      },
      "a.png"));
}
