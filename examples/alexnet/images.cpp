#include "images.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <tnn/data/augment/colour.hpp>
#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/augment/pca_colour.hpp>
#include <tnn/data/checksum.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/data/image_folder.hpp>
#include <tnn/data/transformed.hpp>
#include <tnn/files/printable.hpp>

#include "image.hpp"
#include "run_identity.hpp"

namespace program {

namespace {

constexpr int side = 224;
constexpr const char* limit_of_folder =
    "--limit takes the first images of Fashion-MNIST; of --images, whose first are all of one "
    "class, leave files out";

std::vector<std::string> fashion_classes() {
  return {tnn::fashion_mnist_class_names.begin(), tnn::fashion_mnist_class_names.end()};
}
std::string text_of(std::uint32_t checksum) { return fmt::format("{:08x}", checksum); }

tnn::ImageFolder open_folder(const fs::path& folder, bool skip_broken, int threads) {
  tnn::ImageFolder images(folder);
  if (!skip_broken) return images;
  auto [whole, broken] = images.without_broken(threads);
  if (!broken.empty())
    fmt::print(stderr, "{} of {} images cannot be read and are left out; the first: {}\n",
               broken.size(), images.size(), broken.front().why);
  return std::move(whole);
}
std::vector<std::string> classes_in(const tnn::ImageFolder& images) {
  return {images.class_names().begin(), images.class_names().end()};
}

/// As torchvision's networks are tested: the middle of the image, whose short side is 256.
image_set for_network(const tnn::ImageFolder& images, const pixel_options& pixels) {
  return image_set(tnn::Transformed{images, tnn::ResizeShortSide<256>{}, tnn::CentreCrop<side>{},
                                    normalise(pixels, images.channels())});
}

/// The components of the colours of some images, along which the paper shifts them; any where
/// nothing is shifted.
tnn::ColourComponents colours_of(const tnn::ImageFolder& images, const augmentation& how) {
  if (how.pca == 0) return {.value = {1, 1, 1}, .vector = {}};
  constexpr int enough = 1000;  // 50 million pixels, in some seconds
  return tnn::colour_components(
      tnn::Transformed{images, tnn::ResizeShortSide<256>{}, tnn::CentreCrop<side>{}}, enough);
}

/// Any part of the image whose short side is 256, as the paper has it; with --crop, of any size.
image_set augmented(const tnn::ImageFolder& images, const augmentation& how,
                    const pixel_options& pixels) {
  const tnn::RandomHorizontalFlip flip{how.flip};
  const tnn::PCAColour colour{colours_of(images, how), how.pca};
  const tnn::Normalise norm = normalise(pixels, images.channels());
  const tnn::RandomErasing erase{.probability = how.erase};
  if (how.crop < 1)
    return image_set(tnn::Transformed{images, tnn::RandomResizedCrop<side>{.scale = {how.crop, 1}},
                                      flip, colour, norm, erase});
  return image_set(tnn::Transformed{images, tnn::ResizeShortSide<256>{}, tnn::RandomCrop<side>{},
                                    flip, colour, norm, erase});
}

/// A file as a data set of one image.
struct one_file {
  using target = std::int32_t;
  fs::path file;
  [[nodiscard]] std::int64_t size() const { return 1; }
  [[nodiscard]] int channels() const { return 3; }
  [[nodiscard]] std::int32_t label(std::int64_t) const { return 0; }
  template <class T, class Choose>
  [[nodiscard]] tnn::Image<T> image(std::int64_t, const Choose& choose) const {
    const tnn::ImageHeader header = tnn::image_header(file);
    return tnn::read_image<T>(file, choose(header.height, header.width));
  }
};

}  // namespace

tnn::Normalise normalise(const pixel_options& pixels, int channels) {
  const auto each = [channels](const std::vector<double>& given, const char* option, double grey,
                               std::vector<double> colour) {
    if (given.empty()) return channels == 3 ? std::move(colour) : std::vector{grey};
    if (given.size() == 1) return std::vector(static_cast<std::size_t>(channels), given[0]);
    if (given.size() != static_cast<std::size_t>(channels))
      throw tnn::error(
          fmt::format("{} was given {} numbers for images of {} channel{}; expected "
                      "one, or one for each",
                      option, given.size(), channels, channels == 1 ? "" : "s"));
    return given;
  };
  return {.mean = each(pixels.mean, "--mean", 0, {0.485, 0.456, 0.406}),
          .deviation = each(pixels.deviation, "--std", 1, {0.229, 0.224, 0.225})};
}

image_set for_network(const tnn::LabelledImages& images, const pixel_options& pixels) {
  return image_set(tnn::Transformed{images.resized(side, side), normalise(pixels, 1)});
}

image_set augmented(const tnn::LabelledImages& images, const augmentation& how,
                    const pixel_options& pixels) {
  if (how.none()) return for_network(images, pixels);
  tnn::RandomResizedCrop<side> crop{.scale = {how.crop, 1}};
  if (how.crop == 1) crop.ratio = {1, 1};
  // What is erased becomes 0 behind the normalisation: the mean.
  return image_set(tnn::Transformed{images, crop, tnn::RandomHorizontalFlip{how.flip},
                                    normalise(pixels, 1),
                                    tnn::RandomErasing{.probability = how.erase}});
}

training_data open_training_data(const train_options& options) {
  if (options.images.empty()) {
    if (options.augment.pca > 0)
      throw tnn::error("--pca shifts colours, and Fashion-MNIST is grey: it is for --images");
    const tnn::LabelledImages all = tnn::fashion_mnist(options.data, tnn::Split::train);
    data_facts facts{all.name(), text_of(tnn::checksum(all)), all.size(), 0, fashion_classes()};
    const int held_out = checked_split(options, facts);
    facts.held_out = held_out;
    const tnn::LabelledImages images = options.limit > 0 ? all.first(options.limit) : all;
    const tnn::LabelledImages seen = images.first(images.size() - held_out);
    return {facts, augmented(seen, options.augment, options.pixels),
            for_network(seen, options.pixels), for_network(images.last(held_out), options.pixels)};
  }
  if (options.limit > 0) throw tnn::error(limit_of_folder);
  const tnn::ImageFolder all =
      open_folder(options.images, options.skip_broken, options.loader_threads);
  data_facts facts{tnn::detail::printable_path(options.images), text_of(all.names_checksum()),
                   all.size(), 0, classes_in(all)};
  const int asked = checked_split(options, facts);
  auto [seen, rest] = options.validation < 0 ? all.split(1.0 / 12, options.seed)
                      : asked > 0            ? all.split(asked, options.seed)
                                             : std::pair{all, all.first(0)};
  facts.held_out = rest.size();
  return {facts, augmented(seen, options.augment, options.pixels),
          for_network(seen, options.pixels), for_network(rest, options.pixels)};
}

test_data open_test_data(const fs::path& folder, const fs::path& fashion, int limit,
                         const pixel_options& pixels) {
  if (!folder.empty()) {
    if (limit > 0) throw tnn::error(limit_of_folder);
    const tnn::ImageFolder images(folder);
    return {tnn::detail::printable_path(folder), classes_in(images), for_network(images, pixels)};
  }
  const tnn::LabelledImages images = tnn::fashion_mnist(fashion, tnn::Split::test);
  require_limit(limit, images.name(), images.size());
  return {images.name(), fashion_classes(),
          for_network(limit > 0 ? images.first(limit) : images, pixels)};
}

void require_limit(int limit, const std::string& name, std::int64_t size) {
  if (limit > size)
    throw tnn::error(
        fmt::format("--limit {} asks for more than the {} images of {}", limit, size, name));
}

int classes_in(const fs::path& folder) {
  return static_cast<int>(tnn::detail::class_folders(folder).size());
}

std::string text_of_classes(const std::vector<std::string>& names) {
  return nlohmann::json(names).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> classes_from(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  std::vector<std::string> names;
  if (json.is_array())
    for (const auto& name : json)
      if (name.is_string()) names.push_back(name.get<std::string>());
  return names;
}

std::vector<float> read_picture(const fs::path& file, int channels, const pixel_options& pixels) {
  std::vector<float> x(static_cast<std::size_t>(channels) * side * side);
  tnn::Draws none(0, tnn::random_stream::samples, 0);
  std::int32_t label = 0;
  if (channels == 3) {
    const tnn::Transformed image{one_file{file}, tnn::ResizeShortSide<256>{},
                                 tnn::CentreCrop<side>{}, normalise(pixels, 3)};
    image.write(0, none, std::span(x), std::span(&label, 1));
  } else {
    const pictures::grey_image image = pictures::read_grey(file);
    tnn::BilinearResize resize(image.height, image.width, side, side);
    resize(image.pixels.data(), x.data(), 1 / 255.0f);
    normalise(pixels, 1)(std::span(x));
  }
  return x;
}

}  // namespace program
