// What is done to images: each against torchvision, and the random ones by what they draw.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include <tnn/data/augment/colour.hpp>
#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/augment/pca_colour.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/data/transformed.hpp>
#include "support/catch.hpp"
#include "support/epoch_values.hpp"
#include "support/error_text.hpp"

using tnn::Draws, tnn::Image, tnn::Samples, tnn::Transformed;

namespace {

template <class T = double>
Image<T> formula_image(int channels, int height, int width) {
  Image<T> image{channels, height, width, {}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(channels) * image.plane_size(); ++i)
    image.values.push_back(static_cast<T>((37 * i + 11 * i * i) % 256) / 255);
  return image;
}

const nlohmann::json& fixture() {
  static const nlohmann::json all = [] {
    std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "../fixtures/augment.json");
    return nlohmann::json::parse(file);
  }();
  return all;
}

// The image of a case of the fixture, changed as the case's name says.
Image<double> changed(const std::string& name) {
  std::istringstream words(name);
  std::string what;
  words >> what;
  const bool is_grey = what == "grey";
  if (is_grey) words >> what;
  Image<double> image = is_grey ? formula_image(1, 6, 4) : formula_image(3, 5, 7);
  double a = 0, b = 0, c = 0, d = 0, e = 0;
  words >> a >> b >> c >> d >> e;
  const auto n = [](double x) { return static_cast<int>(x); };
  if (what == "crop") return tnn::crop(image, n(a), n(b), n(c), n(d));
  if (what == "resize") return tnn::resize(image, n(a), n(b));
  if (name == "centre 2 4") tnn::CentreCrop<2, 4>{}(image);
  if (name == "centre 4 4") tnn::CentreCrop<4>{}(image);
  if (name == "centre 5 7") tnn::CentreCrop<5, 7>{}(image);
  if (name == "short 3") tnn::ResizeShortSide<3>{}(image);
  if (name == "short 5") tnn::ResizeShortSide<5>{}(image);
  if (name == "short 9") tnn::ResizeShortSide<9>{}(image);
  if (what == "flip") tnn::flip_horizontally(image);
  if (what == "erase") tnn::erase(image, n(a), n(b), n(c), n(d), e);
  if (what == "brightness") tnn::adjust_brightness(image, a);
  if (what == "contrast") tnn::adjust_contrast(image, a);
  if (what == "saturation") tnn::adjust_saturation(image, a);
  if (what == "hue") tnn::adjust_hue(image, a);
  return image;
}

Draws draws_of(std::uint32_t sample) { return {1, tnn::random_stream::samples, 0, sample}; }

// One sample, whose value i is i + 1.
Samples<float, std::int32_t> numbered(int channels, int height, int width) {
  std::vector<float> x;
  for (int i = 0; i < channels * height * width; ++i) x.push_back(static_cast<float>(i + 1));
  return {{channels, height, width}, std::move(x), {0}};
}

template <class... F>
std::string refusal(int channels, int height, int width, F... transforms) {
  return error_text([&] { Transformed{numbered(channels, height, width), transforms...}; });
}

}  // namespace

TEST_CASE("each function is torchvision's") {
  int cases = 0;
  for (const auto& [name, expected] : fixture().items()) {
    if (name == "components") continue;
    INFO(name);
    ++cases;
    const Image<double> image = changed(name);
    CHECK(std::vector{image.channels, image.height, image.width} ==
          expected["shape"].get<std::vector<int>>());
    const std::vector<double> values = expected["values"];
    REQUIRE(values.size() == image.values.size());
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      worst = std::max(worst, std::abs(values[i] - image.values[i]));
    CHECK(worst < 1e-6);  // torchvision resizes and greys some in float
  }
  CHECK(cases == 33);
}

TEST_CASE("colour components are numpy's eigenvectors of the covariance") {
  const Image<float> pixels = formula_image<float>(3, 40, 50);
  const Samples data({3, 40, 50}, pixels.values, std::vector<std::int32_t>{0});
  tnn::ColourComponents found = tnn::colour_components(data);
  const auto expected = fixture()["components"];
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(std::abs(found.value[i] - expected["value"][i].get<double>()) < 1e-7);
    double most = 0;
    for (const double part : found.vector[i]) most = std::abs(part) > std::abs(most) ? part : most;
    for (std::size_t c = 0; c < 3; ++c) {
      found.vector[i][c] *= most < 0 ? -1 : 1;
      CHECK(std::abs(found.vector[i][c] - expected["vector"][i][c].get<double>()) < 1e-5);
    }
  }
  const std::array<double, 3> shift = tnn::colour_shift(found, {0.1, -0.2, 0.3});
  for (std::size_t c = 0; c < 3; ++c)
    CHECK(std::abs(shift[c] - expected["shift"][c].get<double>()) < 1e-6);

  // Every pixel of an image gets the same, which is normal with the deviation asked for.
  const tnn::PCAColour colour{found, 0.1};
  double squares = 0;
  for (std::uint32_t k = 0; k < 4000; ++k) {
    Image<double> image{3, 2, 2, std::vector<double>(12, 0.5)};
    Draws draws = draws_of(k);
    colour(image, draws);
    double along = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(image.values[4 * c] == image.values[4 * c + 3]);
      along += (image.values[4 * c] - 0.5) * found.vector[2][c];
    }
    squares += std::pow(along / found.value[2], 2);
  }
  CHECK(std::abs(std::sqrt(squares / 4000) - 0.1) < 0.005);
}

TEST_CASE("a random crop is any part of the image with its border, all equally often") {
  std::map<std::pair<int, int>, int> seen;
  for (std::uint32_t k = 0; k < 5000; ++k) {
    Image<float> image = formula_image<float>(1, 4, 5);
    for (std::size_t i = 0; i < 20; ++i) image.values[i] = static_cast<float>(i + 1);
    const Image<float> whole = image;
    Draws draws = draws_of(k);
    tnn::RandomCrop<3, 4, 1>{}(image, draws);
    bool found = false;
    for (int top = -1; top <= 2; ++top)
      for (int left = -1; left <= 2; ++left)
        if (tnn::crop(whole, top, left, 3, 4).values == image.values) {
          ++seen[{top, left}];
          found = true;
        }
    REQUIRE(found);
  }
  CHECK(seen.size() == 16);
  for (const auto& [place, count] : seen) CHECK(std::abs(count - 312) < 90);
}

TEST_CASE("flips and erasings come with their probability, rectangles within their ranges") {
  int flips = 0, erased = 0;
  std::set<int> heights, widths;
  for (std::uint32_t k = 0; k < 4000; ++k) {
    Image<float> image{1, 20, 20, std::vector<float>(400, 1)};
    image.values[0] = 2;
    Draws draws = draws_of(k);
    tnn::RandomHorizontalFlip{.probability = 0.25}(image, draws);
    flips += image.values[0] == 1;
    std::fill(image.values.begin(), image.values.end(), 1.0f);
    tnn::RandomErasing{.probability = 0.5, .scale = {0.1, 0.3}, .ratio = {1.5, 2.5}, .value = -1}(
        image, draws);
    int first = 400, last = -1, count = 0;
    for (int i = 0; i < 400; ++i)
      if (image.values[static_cast<std::size_t>(i)] == -1) {
        first = std::min(first, i);
        last = i;
        ++count;
      }
    if (count == 0) continue;
    ++erased;
    const int height = last / 20 - first / 20 + 1, width = last % 20 - first % 20 + 1;
    CHECK(height * width == count);  // a rectangle
    CHECK(height > width);           // torchvision's ratio is height / width here
    CHECK(count >= 400 * 0.1 * 0.85);
    CHECK(count <= 400 * 0.3 * 1.15);
    heights.insert(height);
    widths.insert(width);
  }
  CHECK(std::abs(flips - 1000) < 120);
  CHECK(std::abs(erased - 2000) < 140);
  CHECK(heights.size() > 5);
  CHECK(widths.size() > 4);
}

TEST_CASE("a random resized crop is a resized part of the area and shape asked for") {
  double least = 1, most = 0;
  std::set<int> tops, lefts;
  for (std::uint32_t k = 0; k < 500; ++k) {
    Draws draws = draws_of(k), again = draws_of(k);
    Image<double> image = formula_image(1, 30, 40);
    const tnn::RandomResizedCrop<12, 16> random{.scale = {0.2, 0.7}, .ratio = {1.25, 2}};
    random(image, draws);
    CHECK(image.height == 12);
    CHECK(image.width == 16);
    const auto r = tnn::detail::draw_rectangle(30, 40, random.scale, random.ratio, false, again);
    REQUIRE(r.height > 0);
    CHECK(image.values ==
          tnn::resize(tnn::crop(formula_image(1, 30, 40), r.top, r.left, r.height, r.width), 12, 16)
              .values);
    const double share = r.height * r.width / 1200.0, ratio = double(r.width) / r.height;
    least = std::min(least, share);
    most = std::max(most, share);
    CHECK(share > 0.17);
    CHECK(share < 0.75);
    CHECK(ratio > 1.15);  // width / height
    CHECK(ratio < 2.2);
    tops.insert(r.top);
    lefts.insert(r.left);
  }
  CHECK(least < 0.25);
  CHECK(most > 0.62);
  CHECK(tops.size() > 12);
  CHECK(lefts.size() > 12);

  // Of an image of 2 x 100 no part is square: its middle.
  Image<double> narrow = formula_image(1, 2, 100);
  Draws draws = draws_of(0);
  tnn::RandomResizedCrop<2>{.scale = {1, 1}, .ratio = {1, 1}}(narrow, draws);
  CHECK(narrow.values == tnn::crop(formula_image(1, 2, 100), 0, 49, 2, 2).values);
}

TEST_CASE("colours jitter in any order by factors within their ranges") {
  std::set<std::vector<double>> seen;
  for (std::uint32_t k = 0; k < 200; ++k) {
    Image<double> image{1, 1, 2, {0.25, 0.5}};
    Draws draws = draws_of(k);
    tnn::ColourJitter{.brightness = 0.4}(image, draws);
    const double factor = image.values[0] / 0.25;
    CHECK(factor >= 0.6);
    CHECK(factor <= 1.4);
    CHECK(std::abs(image.values[1] - 0.5 * factor) < 1e-12);
    seen.insert(image.values);
  }
  CHECK(seen.size() > 190);
  // Each figure is that of its own function: with the others at 0 that alone has been done, with
  // the factor that was drawn. Of brightness and contrast both orders come.
  const auto grey_enough = [] {  // no factor is cut off
    Image<double> image = formula_image(3, 3, 3);
    for (double& value : image.values) value = 0.4 + value / 5;
    return image;
  };
  const auto differ = [](const std::vector<double>& a, const std::vector<double>& b) {
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
    return worst;
  };
  int brightness_first = 0, contrast_first = 0;
  for (std::uint32_t k = 0; k < 60; ++k) {
    const auto jittered = [&](const tnn::ColourJitter& how) {
      Image<double> image = grey_enough();
      Draws draws = draws_of(k);
      how(image, draws);
      return image.values;
    };
    Draws again = draws_of(k);  // the order takes three numbers
    for (std::uint32_t left = 4; left > 1; --left) again.below(left);
    const double u = static_cast<double>(again.uniform()), factor = 0.8 + 0.4 * u;
    Image<double> contrast = grey_enough(), saturation = grey_enough(), hue = grey_enough();
    tnn::adjust_contrast(contrast, factor);
    tnn::adjust_saturation(saturation, factor);
    tnn::adjust_hue(hue, -0.2 + 0.4 * u);
    CHECK(differ(jittered({.contrast = 0.2}), contrast.values) < 1e-12);
    CHECK(differ(jittered({.saturation = 0.2}), saturation.values) < 1e-12);
    CHECK(differ(jittered({.hue = 0.2}), hue.values) < 1e-12);

    const double second = 0.8 + 0.4 * static_cast<double>(again.uniform());
    Image<double> one = grey_enough(), other = grey_enough();
    tnn::adjust_brightness(one, factor);
    tnn::adjust_contrast(one, second);
    tnn::adjust_contrast(other, factor);
    tnn::adjust_brightness(other, second);
    const auto found = jittered({.brightness = 0.2, .contrast = 0.2});
    brightness_first += differ(found, one.values) < 1e-12;
    contrast_first += differ(found, other.values) < 1e-12;
  }
  CHECK(brightness_first + contrast_first == 60);
  CHECK(std::min(brightness_first, contrast_first) > 15);
  Image<double> same = formula_image(3, 4, 4);
  Draws draws = draws_of(0);
  tnn::ColourJitter{}(same, draws);
  CHECK(same.values == formula_image(3, 4, 4).values);
}

TEST_CASE("a list of transforms changes shapes on the way, and threads change no bit") {
  const Transformed data{numbered(1, 6, 8),        tnn::ResizeShortSide<12>{},
                         tnn::RandomCrop<9, 10>{}, tnn::RandomHorizontalFlip{},
                         tnn::Normalise{{1}, {2}}, [](std::span<float> x) { x[0] = -7; }};
  using list = std::remove_const_t<decltype(data)>;
  static_assert(list::height == 9 && list::width == 10);
  static_assert(tnn::SampleSource<list> && !tnn::SampleSource<list, double>);
  CHECK(std::vector(data.shape().begin(), data.shape().end()) == std::vector{1, 9, 10});
  const Transformed outer{data, tnn::CentreCrop<4>{}};
  static_assert(decltype(outer)::height == 4);
  static_assert(Transformed<Samples<float, std::int32_t>, tnn::Normalise>::height == 0);

  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 40 * 48; ++i) x.push_back(static_cast<float>(i) / (40 * 48));
  for (int i = 0; i < 40; ++i) labels.push_back(i);
  const Transformed many{Samples({1, 6, 8}, x, labels), tnn::RandomResizedCrop<5>{},
                         tnn::ColourJitter{.brightness = 0.5}, tnn::RandomErasing{}};
  const auto epoch_with = [&](int threads, std::uint64_t epoch) {
    return epoch_values(many, {.batch = 16, .shuffle = true, .seed = 3, .threads = threads}, epoch);
  };
  CHECK(epoch_with(1, 2) == epoch_with(3, 2));
  CHECK(epoch_with(1, 2) != epoch_with(1, 3));
}

TEST_CASE("transforms that cannot work are refused before the first sample") {
  using namespace tnn;
  const auto says = [](const std::string& text, const std::string& words) {
    INFO(text);
    CHECK(text.find(words) != text.npos);
  };
  CHECK(refusal(1, 8, 8, RandomCrop<12, 12, 2>{}) == "no error");
  says(refusal(1, 8, 8, RandomCrop<13, 12, 2>{}), "8 x 8, and with a border of 2 no 13 x 12");
  says(refusal(1, 8, 8, CentreCrop<9>{}), "8 x 8, and no 9 x 9 can be cut out");
  says(refusal(1, 8, 8, CentreCrop<4>{}, CentreCrop<6>{}), "4 x 4, and no 6 x 6");
  says(refusal(1, 8, 8, RandomHorizontalFlip{.probability = 1.5}), "1.5; expected 0 to 1");
  says(refusal(1, 8, 8, RandomErasing{.scale = {0.5, 0.2}}), "from 0.5 to 0.2");
  says(refusal(1, 8, 8, RandomResizedCrop<4>{.scale = {0.5, 2}}), "from 0.5 to 2");
  says(refusal(1, 8, 8, RandomErasing{.ratio = {0, 1}}), "from 0 to 1; expected more than 0");
  says(refusal(2, 8, 8, ColourJitter{}), "2 channels");
  says(refusal(3, 8, 8, ColourJitter{.hue = 0.6}), "the hue of ColourJitter is 0.6");
  says(refusal(3, 8, 8, ColourJitter{.contrast = -1}), "-1; expected 0 or more");
  says(refusal(1, 8, 8, PCAColour{}), "1 channels; PCAColour");
  says(refusal(3, 8, 8, PCAColour{}), "eigenvalues of sum 0");
  says(error_text([] { colour_components(numbered(3, 2, 2), 0); }), "at most 0 samples");
  says(error_text([] { crop(formula_image(1, 2, 2), 0, 0, 0, 1); }), "cannot cut 0 x 1");
  Image<double> small = formula_image(1, 4, 4);
  says(error_text([&] { erase(small, 3, 0, 2, 1, 0.0); }), "2 x 1 at row 3");
  const Samples vectors({8}, std::vector<float>(8), std::vector<std::int32_t>{0});
  says(error_text([&] { Transformed{vectors, RandomHorizontalFlip{}}; }), "the samples are 8");
  says(error_text([&] {
         Transformed{vectors, [](Image<float>&) {}};
       }),
       "a transform changes images, but the samples are 8");
  says(error_text([&] { colour_components(vectors); }), "colours are of images of 3 channels");
  const auto grows = [](Image<float>& image) { image = resize(image, 3, 3); };
  const Transformed unsaid{numbered(1, 8, 8), grows};
  Loader loader(unsaid, {.batch = 1});
  loader.start(0);
  says(error_text([&] { loader.next(); }),
       "an image of 1 x 3 x 3 with 9 values of sample 0; expected 1 x 8 x 8");
  const auto loses = [](Image<float>& image) { image.values.pop_back(); };
  const Transformed fewer{numbered(1, 8, 8), loses};
  Loader another(fewer, {.batch = 1});
  another.start(0);
  says(error_text([&] { another.next(); }), "an image of 1 x 8 x 8 with 63 values");
}

namespace {
// A transform of one's own with a size in its type.
struct to_three {
  static constexpr int height = 3, width = 3;
  template <class T>
  void operator()(Image<T>& image) const {
    image = tnn::resize(image, 3, 3);
  }
};
}  // namespace

TEST_CASE("what a transform of one's own says of its size counts, until another changes it") {
  const Transformed own{numbered(1, 8, 8), to_three{}};
  static_assert(decltype(own)::height == 3);
  CHECK(std::vector(own.shape().begin(), own.shape().end()) == std::vector{1, 3, 3});
  const Transformed later{numbered(1, 8, 8), to_three{}, tnn::ResizeShortSide<5>{}};
  static_assert(decltype(later)::height == 0);
  CHECK(std::vector(later.shape().begin(), later.shape().end()) == std::vector{1, 5, 5});
}
