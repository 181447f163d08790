// Files of every kind against Pillow's pixels; parts and scales; and files that must be refused.
#include <fstream>
#include <nlohmann/json.hpp>

#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/image_file.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/image_fixture.hpp"
#include "support/temporary_folder.hpp"

using tnn::Image, tnn::ImageView, tnn::read_image;

namespace {

/// The greatest difference between the image's bytes and those of the fixture, rows of pixels.
int difference(const Image<std::uint8_t>& image, const std::string& hex) {
  const std::vector<std::uint8_t> expected = bytes_of_hex(hex);
  REQUIRE(expected.size() == image.values.size());
  int worst = 0;
  std::size_t at = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < image.channels; ++c)
        worst = std::max(worst,
                         std::abs(image.row(c, y)[static_cast<std::size_t>(x)] - expected[at++]));
  return worst;
}

ImageView whole(int height, int width) { return {0, 0, height, width, height, width}; }

/// A black progressive JPEG of edge x edge whose last scan comes `times` times.
std::string jpeg_of_scans(unsigned edge, int times) {
  jpeg_compress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = info.image_height = edge;
  info.input_components = 1;
  info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  const jpeg_scan_info scans[] = {{1, {0}, 0, 0, 0, 0}, {1, {0}, 1, 63, 0, 0}};
  info.scan_info = scans;
  info.num_scans = 2;
  jpeg_start_compress(&info, TRUE);
  std::vector<std::uint8_t> row(edge);
  std::uint8_t* rows[] = {row.data()};
  while (info.next_scanline < edge) jpeg_write_scanlines(&info, rows, 1);
  jpeg_finish_compress(&info);
  std::string bytes(reinterpret_cast<const char*>(memory), size);
  jpeg_destroy_compress(&info);
  std::free(memory);
  const std::size_t last = bytes.rfind("\xff\xda");
  const std::string scan = bytes.substr(last, bytes.size() - 2 - last);
  for (int i = 1; i < times; ++i) bytes.insert(last, scan);
  return bytes;
}

double mean_difference(const Image<float>& a, const Image<float>& b) {
  REQUIRE(a.values.size() == b.values.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i)
    sum += std::abs(static_cast<double>(a.values[i]) - static_cast<double>(b.values[i]));
  return sum / static_cast<double>(a.values.size());
}

}  // namespace

TEST_CASE("JPEG and PNG of every kind are Pillow's pixels, in colour and in grey") {
  int files = 0;
  for (const auto& [name, expected] : image_fixture()["files"].items()) {
    INFO(name);
    ++files;
    const bool is_jpeg = name.ends_with(".jpg");
    const tnn::ImageHeader header = tnn::image_header(image_path(name));
    CHECK(header.kind == (is_jpeg ? tnn::ImageKind::jpeg : tnn::ImageKind::png));
    CHECK(header.height == expected["height"].get<int>());
    CHECK(header.width == expected["width"].get<int>());
    CHECK(header.channels == expected["channels"].get<int>());
    const int most = is_jpeg ? 1 : 0;  // other versions of libjpeg-turbo may round otherwise
    if (expected.contains("rgb"))
      CHECK(difference(read_image(image_path(name)), expected["rgb"]) <= most);
    if (expected.contains("grey"))
      CHECK(difference(read_image(image_path(name), 1), expected["grey"]) <= most);
  }
  CHECK(files == 19);
}

TEST_CASE("a JPEG decoded at 1/2, 1/4 and 1/8 is Pillow's draft") {
  const std::filesystem::path path = image_path("large420.jpg");
  const tnn::detail::input_file file(path);
  const tnn::ImageHeader header = tnn::image_header(path);
  for (const auto& [scale, expected] : image_fixture()["scaled"].items()) {
    INFO(scale);
    const Image<std::uint8_t> image = tnn::detail::decode_part(
        file, header, std::stoi(scale), {0, 0, expected["height"], expected["width"]}, 3);
    CHECK(difference(image, expected["rgb"]) <= 1);
  }
}

TEST_CASE("a part is decoded as it is in the whole, at every scale") {
  for (const char* name : {"large420.jpg", "half422.jpg", "large_progressive.jpg", "colour.jpg",
                           "interlaced.png", "palette.png"})
    for (const int scale : {1, 2, 4, 8}) {
      const std::filesystem::path path = image_path(name);
      const tnn::detail::input_file file(path);
      const tnn::ImageHeader header = tnn::image_header(path);
      if (header.kind == tnn::ImageKind::png && scale > 1) continue;
      const int height = tnn::detail::ceil_div(header.height, scale);
      const int width = tnn::detail::ceil_div(header.width, scale);
      for (const int channels : {1, 3}) {
        const Image<std::uint8_t> all =
            tnn::detail::decode_part(file, header, scale, {0, 0, height, width}, channels);
        tnn::Draws draws(1, tnn::random_stream::samples, 0, 0);
        for (int k = 0; k < 60; ++k) {
          const int h = 1 + static_cast<int>(draws.below(static_cast<std::uint32_t>(height)));
          const int w = 1 + static_cast<int>(draws.below(static_cast<std::uint32_t>(width)));
          const int top = tnn::detail::draw_place(height, h, draws);
          const int left = tnn::detail::draw_place(width, w, draws);
          INFO(name << " at 1/" << scale << ": " << top << ' ' << left << ' ' << h << ' ' << w);
          const Image<std::uint8_t> part =
              tnn::detail::decode_part(file, header, scale, {top, left, h, w}, channels);
          CHECK(part.values == tnn::crop(all, top, left, h, w).values);
        }
      }
    }
}

TEST_CASE("what a view shows of a file is what it shows of the decoded image") {
  const std::filesystem::path path = image_path("large420.jpg");
  const Image<float> all = tnn::detail::as_values<float>(read_image(path));
  for (const ImageView& view :
       {whole(83, 117), ImageView{0, 0, 83, 117, 20, 30}, ImageView{7, 11, 72, 90, 12, 14},
        ImageView{30, 40, 9, 8, 12, 14}, ImageView{82, 116, 1, 1, 3, 3},
        ImageView{5, 6, 20, 30, 20, 30}, ImageView{-5, 100, 20, 25, 20, 25},
        ImageView{-5, 100, 20, 25, 9, 7}}) {
    INFO(view.top << ' ' << view.left << ' ' << view.height << ' ' << view.width);
    Image<float> expected = all;
    tnn::detail::show(expected, view);
    const Image<float> full = read_image<float>(path, view, 3, true);
    CHECK(full.height == view.to_height);
    CHECK(full.width == view.to_width);
    double worst = 0;
    for (std::size_t i = 0; i < full.values.size(); ++i)
      worst = std::max(worst, double(std::abs(full.values[i] - expected.values[i])));
    CHECK(worst < 1e-6);
    // Decoded at a scale it is nearly the same, and the same where no scale is small enough.
    const double differs = mean_difference(read_image<float>(path, view), full);
    CHECK(differs < 0.01);
    CHECK((differs == 0) ==
          (view.height < 2 * view.to_height || view.width < 2 * view.to_width || view.top < 0));
  }
}

TEST_CASE("the scale is the largest that leaves as many pixels as are wanted") {
  const tnn::ImageHeader jpeg{tnn::ImageKind::jpeg, 1000, 1000, 3};
  const auto scale = [&](int height, int width, int to_height, int to_width) {
    return tnn::detail::decoding_scale(jpeg, {0, 0, height, width, to_height, to_width});
  };
  CHECK(scale(100, 100, 100, 100) == 1);
  CHECK(scale(199, 400, 100, 100) == 1);
  CHECK(scale(400, 199, 100, 100) == 1);
  CHECK(scale(200, 399, 100, 100) == 2);
  CHECK(scale(400, 400, 100, 100) == 4);
  CHECK(scale(799, 900, 100, 100) == 4);
  CHECK(scale(1000, 1000, 1, 1) == 8);
  const tnn::ImageHeader png{tnn::ImageKind::png, 1000, 1000, 3};
  CHECK(tnn::detail::decoding_scale(png, {0, 0, 1000, 1000, 10, 10}) == 1);
}

TEST_CASE("a file that is no image, or a damaged one, is refused by its name and a reason") {
  const auto says = [](const std::string& name, const std::string& words) {
    const std::filesystem::path path = image_path(name);
    const std::string text = error_text([&] { static_cast<void>(read_image(path)); });
    INFO(text);
    CHECK(text.find(path.filename().string() + ": ") != text.npos);
    CHECK(text.find(words) != text.npos);
  };
  says("none.jpg", "No such file");
  says("bad_empty.jpg", "it is empty");
  says("bad_kind.jpg", "begins with the bytes 47 49 46 38 39 61 01 00; expected a JPEG (ff d8 ff)");
  says("bad_text.png", "begins with the bytes 6e 6f 74;");
  says("bad_cmyk.jpg", "CMYK");
  says("bad_16.png", "16 bits a channel");
  says("bad_bomb.png", "2147483647 x 2147483647 pixels, more than 67108864");
  says("bad_bomb.jpg", "65535 x 65535 pixels, more than 67108864");
  says("bad_zero.jpg", "0 x 21 pixels; expected at least 1 x 1");
  says("bad_zero.png", "4 x 0 pixels; expected at least 1 x 1");
  says("bad_cut_header.jpg", "cut short: it ends at byte 100");
  says("bad_cut_header.png", "cut short: it ends at byte 20");
  for (const char* name : {"bad_cut.jpg", "bad_cut_progressive.jpg", "bad_no_end.jpg"})
    says(name, "damaged or cut short (libjpeg: Premature end of JPEG file)");
  says("bad_cut.png", "damaged or cut short (libpng: the file ends too soon)");
  says("bad_no_end.png", "damaged or cut short (libpng: the file ends too soon)");
  says("bad_bytes.jpg", "damaged or cut short (libjpeg: Corrupt JPEG data");
  says("bad_bytes.png", "damaged or cut short (libpng: IDAT: CRC error)");
  says("", "it is a folder");
  CHECK(refuses([] { static_cast<void>(read_image(image_path("grey.png"), 2)); }, "2 channels"));
  for (const ImageView& view : {ImageView{0, 0, 3, 0, 1, 1}, ImageView{0, 0, 1, 1, 0, 1},
                                ImageView{0, 0, 9, 13, 1 << 20, 1 << 20}})
    CHECK(refuses([&] { static_cast<void>(read_image<float>(image_path("grey.png"), view)); },
                  "grey.png", "was asked for", "expected 1 to 67108864 pixels"));
  // As a file of 1 x 67108864 pixels would ask for.
  CHECK(tnn::ResizeShortSide<256>{}.view(1, 67'108'864).to_width == 2147483647);
}

TEST_CASE("a JPEG of so many scans that it would take minutes is refused") {
  const temporary_folder folder;
  const auto path = folder.write("scans.jpg", jpeg_of_scans(4200, 70));
  CHECK(std::filesystem::file_size(path) < 100'000);
  CHECK(refuses([&] { static_cast<void>(read_image(path)); }, "scans.jpg", "too many scans"));
  CHECK(read_image(folder.write("few.jpg", jpeg_of_scans(42, 70))).values ==
        std::vector<std::uint8_t>(3 * 42 * 42));
}

TEST_CASE("every beginning of a file, and every changed byte, is an image or an error") {
  const temporary_folder folder;
  int refused = 0, read = 0;
  for (const char* name :
       {"odd420.jpg", "progressive.jpg", "interlaced.png", "palette_alpha.png"}) {
    const std::string bytes = file_bytes(image_path(name));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 0x55);
      for (const std::string& damaged : {bytes.substr(0, i), changed}) {
        const auto path = folder.write("image", damaged);
        const bool fails = error_text([&] { static_cast<void>(read_image(path)); }) != "no error";
        (fails ? refused : read) += 1;
        if (damaged.size() < bytes.size()) CHECK(fails);
      }
    }
  }
  CHECK(refused > 3000);
  CHECK(read > 100);  // in a JPEG nothing guards a byte of its pixels
}

TEST_CASE("a name may have any letters, and says nothing of the kind") {
  const temporary_folder folder;
  const auto path = folder.write("Ölbild 犬 \n.png", file_bytes(image_path("grey.jpg")));
  CHECK(read_image(path, 1).values == read_image(image_path("grey.jpg"), 1).values);
  const auto broken = folder.write("кот\n.jpg", "nothing");
  CHECK(refuses([&] { static_cast<void>(read_image(broken)); }, "кот\\x0a.jpg"));
}
