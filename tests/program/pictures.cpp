#include "alexnet/pictures.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

#define STBI_ONLY_PNG
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

namespace {

using rgb = std::array<int, 3>;
constexpr rgb white{255, 255, 255}, loss_ink{31, 105, 180}, accuracy_ink{208, 92, 30},
    right_ink{34, 139, 62}, wrong_ink{200, 38, 38};

/// A PNG file's pixels.
class drawn {
 public:
  explicit drawn(const std::filesystem::path& path)
      : pixels_(stbi_load(path.c_str(), &width, &height, nullptr, 3), stbi_image_free) {
    if (!pixels_) throw std::runtime_error("cannot read " + path.string());
  }

  rgb at(int x, int y) const {
    const stbi_uc* pixel = pixels_.get() + 3 * (y * width + x);
    return {pixel[0], pixel[1], pixel[2]};
  }
  int count(rgb wanted, int left, int top, int right, int bottom) const {
    int found = 0;
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) found += at(x, y) == wanted;
    }
    return found;
  }
  int count(rgb wanted) const { return count(wanted, 0, 0, width, height); }

  int width = 0, height = 0;

 private:
  std::unique_ptr<stbi_uc, void (*)(void*)> pixels_;
};

using area = pictures::curve_area;

int x_of(double share) { return static_cast<int>(area::left + (area::right - area::left) * share); }
int y_of(double share) {
  return static_cast<int>(area::bottom - (area::bottom - area::top) * share);
}

pictures::grey_image plain(int size, std::uint8_t level) {
  return {size, size, std::vector<std::uint8_t>(static_cast<std::size_t>(size * size), level)};
}

}  // namespace

TEST_CASE("a curve of few points passes through each", "[pictures]") {
  const temporary_folder folder;
  std::vector<pictures::curve_point> points;
  for (int i = 0; i <= 10; ++i) points.push_back({10 * i, 2.0 - 0.2 * i, 0.07 * i});
  pictures::draw_loss_curve(folder / "loss.png", points);
  const drawn picture(folder / "loss.png");
  CHECK(picture.width == 1000);
  CHECK(picture.height == 560);
  for (int i = 0; i <= 10; ++i) {  // the loss axis ends at 2
    CAPTURE(i);
    CHECK(picture.at(x_of(i / 10.0), y_of(1 - i / 10.0)) == loss_ink);
    if (i < 5 || i > 7) CHECK(picture.at(x_of(i / 10.0), y_of(0.07 * i)) == accuracy_ink);
  }
  CHECK(picture.at(x_of(0.25), y_of(0.75)) == loss_ink);  // and between points
  CHECK(picture.at(x_of(0.25), y_of(0.55)) == white);
}

TEST_CASE("a noisy curve is drawn pale, its mean in full colour", "[pictures]") {
  const temporary_folder folder;
  std::vector<pictures::curve_point> points;
  for (int i = 0; i < 400; ++i)
    points.push_back({i, i % 2 == 0 ? 1.5 : 0.5, std::numeric_limits<double>::quiet_NaN()});
  points.push_back({400, 1.0, std::numeric_limits<double>::infinity()});
  pictures::draw_loss_curve(folder / "loss.png", points);
  const drawn picture(folder / "loss.png");
  for (const double share : {0.1, 0.33, 0.5, 0.9})  // the loss axis ends at 1.5
    CHECK(picture.count(loss_ink, x_of(share), y_of(1 / 1.5) - 6, x_of(share) + 1,
                        y_of(1 / 1.5) + 7) >= 1);
  CHECK(picture.count(loss_ink, x_of(0.1), y_of(0.9), x_of(0.9), y_of(0.75)) == 0);
  const int above = (x_of(0.9) - x_of(0.1)) * (y_of(0.75) - y_of(0.9));
  CHECK(picture.count(white, x_of(0.1), y_of(0.9), x_of(0.9), y_of(0.75)) < above / 2);
  CHECK(picture.count(accuracy_ink) == 0);  // not known: neither curve, axis nor legend
}

TEST_CASE("a curve of no point, or of one, is a picture too", "[pictures]") {
  const temporary_folder folder;
  pictures::draw_loss_curve(folder / "none.png", {});
  CHECK(drawn(folder / "none.png").width == 1000);
  for (const double loss : {1e-320, 0.0, 1e308}) {
    const pictures::curve_point odd{0, loss, 0.5};
    pictures::draw_loss_curve(folder / "odd.png", {&odd, 1});
    CHECK(drawn(folder / "odd.png").at(x_of(0), y_of(loss > 1 ? 1 : 0)) == loss_ink);
  }
  const pictures::curve_point one{0, 2.0, 0.5};
  pictures::draw_loss_curve(folder / "one.png", {&one, 1});
  const drawn picture(folder / "one.png");
  CHECK(picture.at(x_of(0), y_of(1)) == loss_ink);
  CHECK(picture.at(x_of(0), y_of(0.5)) == accuracy_ink);
}

TEST_CASE("steps that fall back are refused: their curve would leave the page") {
  const temporary_folder folder;
  const pictures::curve_point points[] = {{1'000'000'000'000'000, 1.0, 0.5}, {1, 1.0, 0.5}};
  CHECK(refuses([&] { pictures::draw_loss_curve(folder / "loss.png", points); }, "loss.png",
                "step 1 is negative or follows a later one"));
  const pictures::curve_point jump[] = {{1, 1.0, 0.5}, {9'000'000'000'000'000'000, 2.0, 0.5}};
  pictures::draw_loss_curve(folder / "loss.png", jump);
  CHECK(drawn(folder / "loss.png").at(x_of(1), y_of(1)) == loss_ink);
}

TEST_CASE("filters are drawn in order, 0 in the middle of the grey scale", "[pictures]") {
  const temporary_folder folder;
  std::vector<float> weights(96 * 11 * 11, 0.0f);
  weights[0] = 3;                // filter 0, upper left
  weights[121 + 120] = -0.001f;  // filter 1, lower right: each has a scale of its own
  weights[95 * 121 + 5] = std::numeric_limits<float>::quiet_NaN();
  pictures::draw_filters(folder / "filters.png", weights, 96, 1, 11, 11);
  const drawn picture(folder / "filters.png");
  CHECK(picture.width == 1030);  // 12 filters of 77 pixels, 6 between, 20 around
  CHECK(picture.height == 744);
  CHECK(picture.at(20, 66) == rgb{255, 255, 255});
  CHECK(picture.at(26, 72) == rgb{255, 255, 255});
  CHECK(picture.at(27, 66) == rgb{128, 128, 128});
  CHECK(picture.at(103 + 76, 66 + 76) == rgb{0, 0, 0});
  CHECK(picture.at(103 + 69, 66 + 76) == rgb{128, 128, 128});
  CHECK(picture.count({128, 128, 128}, 933, 647, 1010, 724) == 77 * 77);
}

TEST_CASE("filters of three channels are coloured", "[pictures]") {
  const temporary_folder folder;
  const std::vector<float> weights{1, 0, -1};
  pictures::draw_filters(folder / "filters.png", weights, 1, 3, 1, 1);
  const drawn picture(folder / "filters.png");
  CHECK(picture.at(picture.width / 2, picture.height / 2) == rgb{255, 128, 0});
  CHECK(refuses([&] { pictures::draw_filters(folder / "no.png", weights, 2, 3, 1, 1); },
                "3 weights", "2 filters"));
}

TEST_CASE("predictions are framed by whether they are right", "[pictures]") {
  const temporary_folder folder;
  std::vector<pictures::prediction_tile> tiles(7, {plain(28, 200), "Coat", 0.5, "Coat"});
  tiles[1] = {plain(3, 90), "Trouser", 1.0, "An uncommonly long name of a class"};
  pictures::draw_predictions(folder / "tiles.png", tiles);
  const drawn picture(folder / "tiles.png");
  CHECK(picture.width == 1008);
  CHECK(picture.height == 496);  // two rows
  CHECK(picture.at(21, 72) == right_ink);
  CHECK(picture.at(90, 140) == rgb{200, 200, 200});
  CHECK(picture.at(20 + 164 + 2, 140) == wrong_ink);
  CHECK(picture.at(20 + 164 + 70, 140) == rgb{90, 90, 90});
  CHECK(picture.at(21, 70 + 208 + 2) == right_ink);
  CHECK(picture.at(20 + 164 + 2, 70 + 208 + 2) == white);  // no eighth tile
  // The names stand under their tiles, and no text runs into the gap beside them.
  CHECK(picture.count(right_ink, 20, 222, 168, 245) > 20);
  CHECK(picture.count(wrong_ink, 184, 222, 332, 245) > 20);
  CHECK(picture.count(white, 335, 218, 346, 276) == 11 * 58);

  tiles[0].image.pixels.pop_back();
  CHECK(refuses([&] { pictures::draw_predictions(folder / "no.png", tiles); }, "no.png", "28 x 28",
                "783 pixels"));
}

TEST_CASE("a contact sheet has its images in rows", "[pictures]") {
  const temporary_folder folder;
  std::vector<pictures::grey_image> tiles;
  for (int i = 0; i < 7; ++i) tiles.push_back(plain(3, static_cast<std::uint8_t>(25 + 30 * i)));
  pictures::draw_contact_sheet(folder / "sheet.png", tiles, 3);
  const drawn sheet(folder / "sheet.png");
  for (int i = 0; i < 7; ++i) {
    const int level = 25 + 30 * i, x = 20 + i % 3 * 118, y = 66 + i / 3 * 118;
    CHECK(sheet.count({level, level, level}, x, y, x + 112, y + 112) == 112 * 112);
  }
  tiles[4].width = 4;
  CHECK(refuses([&] { pictures::draw_contact_sheet(folder / "sheet.png", tiles, 3); }, "tile 4",
                "sheet.png", "4 x 3"));
  CHECK(refuses([&] { pictures::draw_contact_sheet(folder / "sheet.png", tiles, 0); },
                "at least one image"));
}

TEST_CASE("a picture that cannot be written is an error", "[pictures]") {
  const temporary_folder folder;
  CHECK(refuses([&] { pictures::draw_loss_curve(folder / "no" / "loss.png", {}); }, "loss.png"));
}
