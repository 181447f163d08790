#include <tnn/data/resize.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"

namespace {

std::vector<std::uint8_t> formula_image(int height, int width) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(height * width));
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<std::uint8_t>((i * 37 + i * i * 11) % 256);
  return pixels;
}

template <class Pixel>
std::vector<float> resized(const std::vector<Pixel>& image, int height, int width, int to_height,
                           int to_width, float scale = 1) {
  std::vector<float> out(static_cast<std::size_t>(to_height * to_width), -1.0f);
  tnn::BilinearResize(height, width, to_height, to_width)(image.data(), out.data(), scale);
  return out;
}

// The formula at one place, in double, both axes at once.
double by_formula(const std::vector<std::uint8_t>& image, int height, int width, int to_height,
                  int to_width, int y, int x) {
  const double sy = std::max(0.0, (y + 0.5) * height / to_height - 0.5);
  const double sx = std::max(0.0, (x + 0.5) * width / to_width - 0.5);
  const int y0 = static_cast<int>(std::floor(sy)), x0 = static_cast<int>(std::floor(sx));
  const double v = sy - y0, u = sx - x0;
  const auto at = [&](int row, int column) -> double {
    return image[static_cast<std::size_t>(std::min(row, height - 1) * width +
                                          std::min(column, width - 1))];
  };
  return (1 - v) * (1 - u) * at(y0, x0) + (1 - v) * u * at(y0, x0 + 1) +
         v * (1 - u) * at(y0 + 1, x0) + v * u * at(y0 + 1, x0 + 1);
}

}  // namespace

TEST_CASE("the values are PyTorch's") {
  std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "../fixtures/resize.json");
  const nlohmann::json cases = nlohmann::json::parse(file);
  REQUIRE(cases.size() == 9);
  for (const auto& sizes : cases) {
    const int height = sizes["from"][0], width = sizes["from"][1];
    const int to_height = sizes["to"][0], to_width = sizes["to"][1];
    const std::size_t stride = sizes["stride"];
    const std::vector<float> expected = sizes["values"];
    const auto out = resized(formula_image(height, width), height, width, to_height, to_width);
    REQUIRE((out.size() + stride - 1) / stride == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      // PyTorch takes the places in float, which shifts those of a large image.
      if (!(std::abs(out[i * stride] - expected[i]) < (width > 100 ? 5e-3f : 2e-4f)))
        FAIL(sizes["from"] << " to " << sizes["to"] << ", value " << i * stride << ": "
                           << out[i * stride] << ", expected " << expected[i]);
  }
}

TEST_CASE("the values are the formula's at any sizes") {
  for (const int height : {1, 2, 5, 28})
    for (const int to_height : {1, 3, 17, 224})
      for (const int width : {1, 3, 28})
        for (const int to_width : {1, 2, 28, 50}) {
          const auto image = formula_image(height, width);
          const auto out = resized(image, height, width, to_height, to_width, 1 / 255.0f);
          for (int y = 0; y < to_height; ++y)
            for (int x = 0; x < to_width; ++x) {
              const double expected =
                  by_formula(image, height, width, to_height, to_width, y, x) / 255;
              if (!(std::abs(out[static_cast<std::size_t>(y * to_width + x)] - expected) < 1e-6))
                FAIL(height << 'x' << width << " to " << to_height << 'x' << to_width << " at " << y
                            << ',' << x);
            }
        }
}

TEST_CASE("the same size changes nothing, one value stays one value") {
  const auto image = formula_image(5, 7);
  CHECK(resized(image, 5, 7, 5, 7) == std::vector<float>(image.begin(), image.end()));
  for (const float value : resized(std::vector<std::uint8_t>(12, 255), 3, 4, 31, 17, 1 / 255.0f))
    if (value != 1) FAIL("white is " << value);
}

TEST_CASE("scaled, bytes and floats, to floats and doubles") {
  const auto image = formula_image(4, 6);
  const auto plain = resized(image, 4, 6, 9, 5);
  const auto changed = resized(image, 4, 6, 9, 5, 0.5f);
  CHECK(resized(std::vector<float>(image.begin(), image.end()), 4, 6, 9, 5, 0.5f) == changed);
  std::vector<double> wide(45);
  tnn::BilinearResize(4, 6, 9, 5)(image.data(), wide.data());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (!(std::abs(changed[i] - plain[i] * 0.5f) < 1e-4f)) FAIL(i);
    const int y = static_cast<int>(i) / 5, x = static_cast<int>(i) % 5;
    if (!(std::abs(wide[i] - by_formula(image, 4, 6, 9, 5, y, x)) < 1e-12)) FAIL(i);
  }
}

TEST_CASE("one object serves image after image") {
  tnn::BilinearResize resize(6, 6, 13, 4);
  const auto a = formula_image(6, 6);
  const std::vector<std::uint8_t> b(a.rbegin(), a.rend());
  std::vector<float> out(13 * 4);
  for (const auto& image : {a, b, a}) {
    resize(image.data(), out.data(), 1.0f);
    CHECK(out == resized(image, 6, 6, 13, 4));
  }
}

TEST_CASE("sizes must be positive") {
  CHECK(refuses([] { tnn::BilinearResize(0, 1, 1, 1); }, "cannot resize 0 pixels to 1"));
  CHECK(refuses([] { tnn::BilinearResize(1, 1, 1, -2); }, "cannot resize 1 pixels to -2"));
}
