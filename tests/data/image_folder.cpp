// A folder of images: what is in it and in which order, splits, broken files, transforms against
// torchvision, and the same bits on any number of threads.
#include <sys/stat.h>

#include <map>
#include <set>

#include <tnn/data/augment/colour.hpp>
#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/image_folder.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/data/transformed.hpp>
#include "support/catch.hpp"
#include "support/epoch_values.hpp"
#include "support/error_text.hpp"
#include "support/image_fixture.hpp"
#include "support/temporary_folder.hpp"

using tnn::ImageFolder, tnn::Transformed;
namespace fs = std::filesystem;

namespace {

/// A folder for a test, into which images of the fixture are copied.
class images_for_test : public temporary_folder {
 public:
  void add(const std::string& image, const std::string& to) const {
    fs::create_directories((path() / to).parent_path());
    static_cast<void>(write(to, file_bytes(image_path(image))));
  }
  /// `counts[c]` grey images in a folder of each class.
  void add_classes(const std::vector<int>& counts) const {
    for (std::size_t c = 0; c < counts.size(); ++c)
      for (int i = 0; i < counts[c]; ++i)
        add("grey.png", "class" + std::to_string(c) + "/" + std::to_string(100 + i) + ".png");
  }
};

std::vector<std::string> names(const ImageFolder& folder, const fs::path& root) {
  std::vector<std::string> all;
  for (std::int64_t i = 0; i < folder.size(); ++i)
    all.push_back(folder.path(i).string().substr(root.string().size() + 1));
  return all;
}

std::vector<int> class_counts(const ImageFolder& folder) {
  std::vector<int> counts(static_cast<std::size_t>(folder.classes()));
  for (std::int64_t i = 0; i < folder.size(); ++i)
    ++counts[static_cast<std::size_t>(folder.label(i))];
  return counts;
}

/// What a data set makes of its sample i.
template <class D>
std::vector<float> sample(const D& data, std::int64_t i, std::uint64_t epoch = 0) {
  std::vector<float> x(static_cast<std::size_t>(tnn::detail::values_of(data.shape())));
  std::int32_t label = -1;
  tnn::Draws draws(1, tnn::random_stream::samples, epoch, static_cast<std::uint32_t>(i));
  data.write(i, draws, std::span(x), std::span(&label, 1));
  return x;
}

}  // namespace

TEST_CASE("classes are the sorted folders, images are sorted by folder and name") {
  const images_for_test folder;
  for (const char* name : {"b/two.png", "b/one.JPG", "a/x/3.jpeg", "a/x-y/4.png", "a/5.PnG",
                           "Z/ö.png", "a/x/2/1.jpg", "a/notes.txt", "b/png"})
    folder.add("grey.jpg", name);
  folder.add("grey.jpg", "lies_outside.jpg");
  fs::create_directories(folder / "a/folder.png");
  fs::create_symlink(folder / "none", folder / "b/dangling.txt");
  const ImageFolder images{folder.path()};
  CHECK(std::vector(images.class_names().begin(), images.class_names().end()) ==
        std::vector<std::string>{"Z", "a", "b"});
  // As sorted(os.walk(...)) has it: '-' comes before '/'.
  CHECK(names(images, folder.path()) == std::vector<std::string>{"Z/ö.png", "a/5.PnG", "a/x/3.jpeg",
                                                                 "a/x-y/4.png", "a/x/2/1.jpg",
                                                                 "b/one.JPG", "b/two.png"});
  CHECK(class_counts(images) == std::vector{1, 4, 2});
  CHECK(images.classes() == 3);
  CHECK(images.channels() == 3);

  const ImageFolder part = images.slice(2, 4).last(3);
  CHECK(part.size() == 3);
  CHECK(part.path(0) == images.path(3));
  CHECK(part.label(2) == 2);
  CHECK(part.names_checksum() != images.names_checksum());
  CHECK(ImageFolder{folder.path()}.names_checksum() == images.names_checksum());
}

TEST_CASE("links to folders are followed, and loops of links end") {
  const images_for_test folder;
  folder.add_classes({1, 1});
  fs::create_directories(folder / "class0/inner");
  fs::create_directory_symlink(folder / "class0", folder / "class0/inner/loop");
  fs::create_directory_symlink(folder / "class1", folder / "class0/other");
  fs::create_directory_symlink(folder / "class1", folder / "class2");
  const ImageFolder images{folder.path()};
  CHECK(names(images, folder.path()) ==
        std::vector<std::string>{"class0/100.png", "class0/other/100.png", "class1/100.png",
                                 "class2/100.png"});
}

TEST_CASE("a folder that is no data set is refused by its name") {
  const images_for_test folder;
  const auto refuses_it = [&](const auto&... words) {
    return refuses([&] { ImageFolder{folder.path()}; }, folder.path().string(), words...);
  };
  CHECK(refuses_it("has no folder in it"));
  CHECK(refuses([&] { ImageFolder{folder / "none"}; }, "/none: No such file"));
  folder.add("grey.jpg", "lies_outside.jpg");
  CHECK(refuses([&] { ImageFolder{folder / "lies_outside.jpg"}; }, "Not a directory"));
  CHECK(refuses_it("has no folder in it"));
  folder.add("grey.jpg", "cat/1.jpg");
  CHECK(refuses_it("has one folder in it"));
  fs::create_directories(folder / "dog/inner");
  CHECK(refuses_it("/dog has no image in it"));
  folder.add("grey.jpg", "dog/inner/1.jpg");
  CHECK(ImageFolder{folder.path()}.size() == 2);
  CHECK(refuses([&] { ImageFolder(folder.path(), {.channels = 4}); }, "4 channels"));
  fs::create_symlink(folder / "none", folder / "dog/dangling.jpg");
  CHECK(refuses_it("dog/dangling.jpg: No such file"));
  fs::remove(folder / "dog/dangling.jpg");
  REQUIRE(mkfifo((folder / "dog/pipe.jpg").c_str(), 0600) == 0);
  CHECK(refuses_it("dog/pipe.jpg", "not a regular file"));
}

TEST_CASE("headers are read at once if asked for, and pixels when they are wanted") {
  const images_for_test folder;
  folder.add_classes({2, 2});
  folder.add("bad_bomb.jpg", "class1/bomb.jpg");
  folder.add("bad_cut.jpg", "class0/cut.jpg");
  const ImageFolder images{folder.path()};
  CHECK(refuses([&] { ImageFolder(folder.path(), {.check_headers = true}); }, "class1/bomb.jpg",
                "65535 x 65535"));
  const Transformed data{images, tnn::Resize<4>{}};
  CHECK(sample(data, 0).size() == 48);
  CHECK(refuses([&] { sample(data, 2); }, "class0/cut.jpg", "Premature end"));
  tnn::Loader loader(data, {.batch = 2});
  loader.start(0);
  CHECK(refuses(
      [&] {
        while (loader.next() != nullptr) {
        }
      },
      "class0/cut.jpg", "Premature end"));
}

TEST_CASE("broken images are left out, and named with the reason") {
  const images_for_test folder;
  folder.add_classes({5, 4});
  folder.add("bad_bomb.jpg", "class1/bomb.jpg");
  folder.add("bad_cut.jpg", "class0/cut.jpg");
  const ImageFolder images{folder.path()};
  for (const int threads : {1, 3}) {
    const auto [whole, broken] = images.without_broken(threads);
    CHECK(class_counts(whole) == std::vector{5, 4});
    REQUIRE(broken.size() == 2);
    CHECK(broken[0].path == images.path(5));
    CHECK(broken[0].why.find("Premature end") != std::string::npos);
    CHECK(broken[1].path == images.path(10));
    CHECK(whole.without_broken(threads).broken.empty());
    // Parts of what is left are parts of it, and so are those left of a part.
    CHECK(whole.last(4).path(0) == images.path(6));
    CHECK(names(images.last(7).without_broken(threads).images, folder.path()) ==
          names(whole.last(5), folder.path()));
  }
  const auto by_headers = images.without_broken(2, tnn::ImageCheck::headers);
  CHECK(by_headers.broken.size() == 1);
  CHECK(class_counts(by_headers.images) == std::vector{6, 4});
  CHECK(refuses([&] { static_cast<void>(images.without_broken(0)); }, "0 threads"));
  CHECK(refuses([&] { static_cast<void>(images.slice(5, 1).without_broken()); },
                "no image of the class class0 can be read", "Premature end"));
}

TEST_CASE("a file that vanishes or changes after the folder was read is an error") {
  const images_for_test folder;
  folder.add_classes({3, 1});
  const ImageFolder images{folder.path()};
  const Transformed data{images, tnn::Resize<4>{}};
  fs::remove(folder / "class0/100.png");
  folder.add("grey.jpg", "class0/101.png");
  fs::last_write_time(folder / "class0/102.png",
                      fs::last_write_time(folder / "class0/102.png") + std::chrono::seconds(1));
  CHECK(refuses([&] { sample(data, 0); }, "class0/100.png", "No such file"));
  CHECK(refuses([&] { sample(data, 1); }, "class0/101.png", "has changed since"));
  CHECK(refuses([&] { sample(data, 2); }, "class0/102.png", "has changed since"));
  CHECK(sample(data, 3).size() == 48);
  CHECK(ImageFolder{folder.path()}.size() == 3);
}

TEST_CASE("a split holds out every class in proportion, by its seed") {
  const images_for_test folder;
  folder.add_classes({40, 10, 1, 2, 7});
  const ImageFolder images{folder.path()};
  const auto [train, held_out] = images.split(0.2, 3);
  CHECK(class_counts(held_out) == std::vector{8, 2, 0, 1, 1});
  CHECK(class_counts(train) == std::vector{32, 8, 1, 1, 6});
  std::set<fs::path> all;
  for (const ImageFolder* part : {&train, &held_out})
    for (std::int64_t i = 0; i < part->size(); ++i) {
      CHECK(all.insert(part->path(i)).second);
      CHECK((i == 0 || part->path(i - 1) < part->path(i)));
    }
  CHECK(static_cast<std::int64_t>(all.size()) == images.size());

  const auto same = images.split(12, 3);
  CHECK(names(same.second, folder.path()) == names(held_out, folder.path()));
  CHECK(names(images.split(12, 4).second, folder.path()) != names(held_out, folder.path()));
  // A part is split as a folder of its own.
  const auto [rest, second] = train.split(5, 1);
  CHECK(class_counts(second) == std::vector{3, 1, 0, 0, 1});
  CHECK(second.size() + rest.size() == train.size());

  // Each image is held out as often as any other of its class.
  std::map<std::string, int> times;
  for (std::uint64_t seed = 0; seed < 400; ++seed)
    for (const std::string& name : names(images.split(12, seed).second, folder.path()))
      if (name.starts_with("class1")) ++times[name];
  CHECK(times.size() == 10);
  for (const auto& [name, count] : times) CHECK(std::abs(count - 80) < 32);

  CHECK(class_counts(images.split(4, 1).second) == std::vector{1, 1, 0, 1, 1});
  CHECK(class_counts(images.split(55, 1).second) == std::vector{39, 9, 0, 1, 6});
  CHECK(class_counts(images.split(0.001, 1).second) == std::vector{1, 1, 0, 1, 1});
  CHECK(class_counts(images.split(0.999, 1).second) == std::vector{39, 9, 0, 1, 6});
  CHECK(refuses([&] { static_cast<void>(images.split(3, 1)); }, "3 images", "expected 4 to 55"));
  CHECK(refuses([&] { static_cast<void>(images.split(56, 1)); }, "56 images"));
  CHECK(refuses([&] { static_cast<void>(images.split(1.0, 1)); }, "between 0 and 1"));
  CHECK(
      refuses([&] { static_cast<void>(images.slice(50, 1).split(0.5, 1)); }, "each class has one"));
}

TEST_CASE("transforms of a folder are torchvision's of the decoded image") {
  const images_for_test folder;
  folder.add("large420.jpg", "a/1.jpg");
  folder.add("large420.jpg", "b/1.jpg");
  const ImageFolder full{folder.path(), {.decode_in_full = true}}, images{folder.path()};
  int cases = 0;
  const auto matches = [&](const std::string& name, const auto&... transforms) {
    INFO(name);
    ++cases;
    const auto& expected = image_fixture()["seen"][name];
    const Transformed data{full, transforms...};
    CHECK(std::vector(data.shape().begin(), data.shape().end()) ==
          expected["shape"].template get<std::vector<int>>());
    const std::vector<float> x = sample(data, 0),
                             fast = sample(Transformed{images, transforms...}, 0);
    const std::vector<double> values = expected["values"];
    REQUIRE(values.size() == x.size());
    double worst = 0, mean = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      worst = std::max(worst, std::abs(double(x[i]) - values[i]));
      mean += std::abs(double(fast[i]) - values[i]) / double(x.size());
    }
    CHECK(worst < 2e-6);
    CHECK(mean < 0.01);  // decoded at a scale
  };
  // An ImageView of one's own is a transform.
  struct part : tnn::detail::makes_size<12, 14> {
    int top, left, of_height, of_width;
    part(int t, int l, int h, int w) : top(t), left(l), of_height(h), of_width(w) {}
    tnn::ImageView view(int, int) const { return {top, left, of_height, of_width, 12, 14}; }
    void operator()(tnn::Image<float>& image) const { tnn::detail::show(image, view(0, 0)); }
  };
  struct border : tnn::detail::makes_size<20, 25> {
    tnn::ImageView view(int, int) const { return {-5, 100, 20, 25, 20, 25}; }
    void operator()(tnn::Image<float>& image) const { tnn::detail::show(image, view(0, 0)); }
  };
  matches("resize 12 10", tnn::Resize<12, 10>{});
  matches("short 40 centre 12", tnn::ResizeShortSide<40>{}, tnn::CentreCrop<12>{});
  matches("centre 12", tnn::CentreCrop<12>{});
  matches("part 7 11 72 90 to 12 14", part{7, 11, 72, 90});
  matches("part 30 40 9 8 to 12 14", part{30, 40, 9, 8});
  matches("part -5 100 20 25 to 20 25", border{});
  CHECK(cases == static_cast<int>(image_fixture()["seen"].size()));
}

TEST_CASE("what is drawn for a file is what is drawn for an image in memory") {
  const images_for_test folder;
  folder.add("large420.jpg", "a/1.jpg");
  folder.add("large420.jpg", "b/1.jpg");
  const ImageFolder full{folder.path(), {.decode_in_full = true}};
  const auto all = tnn::detail::as_values<float>(tnn::read_image(image_path("large420.jpg")));
  const auto draws_alike = [&](const auto&... transforms) {
    const Transformed data{full, transforms...};
    for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
      tnn::Draws draws(1, tnn::random_stream::samples, epoch, 0);
      tnn::Image<float> image = all;
      const auto change = [&](const auto& f) {
        if constexpr (requires { f(image, draws); })
          f(image, draws);
        else
          f(image);
      };
      (change(transforms), ...);
      const std::vector<float> x = sample(data, 0, epoch);
      REQUIRE(x.size() == image.values.size());
      double worst = 0;
      for (std::size_t i = 0; i < x.size(); ++i)
        worst = std::max(worst, double(std::abs(x[i] - image.values[i])));
      CHECK(worst < 1e-6);
    }
  };
  draws_alike(tnn::RandomResizedCrop<16>{}, tnn::RandomHorizontalFlip{});
  draws_alike(tnn::ResizeShortSide<32>{}, tnn::RandomCrop<28, 24, 2>{}, tnn::ColourJitter{});
  draws_alike(tnn::RandomCrop<90, 60, 8>{});
  draws_alike(tnn::RandomHorizontalFlip{}, tnn::RandomCrop<60>{});
}

TEST_CASE("a folder's batches are the same bits on any number of threads") {
  const images_for_test folder;
  int number = 0;
  for (const auto& [name, expected] : image_fixture()["files"].items())
    for (int copy = 0; copy < 3; ++copy) {
      const std::string to = "class" + std::to_string(number % 4) + "/" + std::to_string(number);
      folder.add(name, to + fs::path(name).extension().string());
      ++number;
    }
  for (const int channels : {1, 3}) {
    const Transformed data{ImageFolder{folder.path(), {.channels = channels}},
                           tnn::RandomResizedCrop<8, 10>{}, tnn::RandomHorizontalFlip{},
                           tnn::Normalise{std::vector<double>(std::size_t(channels), 0.5),
                                          std::vector<double>(std::size_t(channels), 0.25)}};
    using list = std::remove_const_t<decltype(data)>;
    static_assert(tnn::SampleSource<list> && tnn::SampleSource<list, double>);
    static_assert(list::height == 8 && list::width == 10);
    CHECK(data.classes() == 4);
    const auto epoch_with = [&](int threads, std::uint64_t epoch) {
      return epoch_values(data, {.batch = 8, .shuffle = true, .seed = 3, .threads = threads},
                          epoch);
    };
    const std::vector<float> one = epoch_with(1, 2);
    CHECK(one.size() == static_cast<std::size_t>(number * (channels * 80 + 1)));
    CHECK(epoch_with(4, 2) == one);
    CHECK(epoch_with(3, 3) != one);
  }
}

TEST_CASE("transforms are refused when they are given, or with the name of the image") {
  const images_for_test folder;
  folder.add_classes({1, 1});  // of 9 x 13
  const ImageFolder images{folder.path()};
  static_assert(tnn::ImageSource<ImageFolder> && !tnn::SampleSource<ImageFolder>);
  CHECK(refuses(
      [&] {
        Transformed(images, tnn::RandomResizedCrop<4>{.scale = {0, 1}});
      },
      "scale of a random crop"));
  CHECK(refuses([&] { Transformed(images, tnn::CentreCrop<4>{}, tnn::CentreCrop<6>{}); },
                "4 x 4, and no 6 x 6"));
  CHECK(refuses(
      [&] {
        Transformed(images, tnn::Resize<4>{}, tnn::Normalise{{1}, {1}});
      },
      "3 channels"));
  const Transformed cropped{images, tnn::CentreCrop<12>{}};
  CHECK(refuses([&] { sample(cropped, 1); }, "class1/100.png", "9 x 13, and no 12 x 12"));
  const Transformed later{images, tnn::ResizeShortSide<10>{}, tnn::CentreCrop<12>{}};
  CHECK(refuses([&] { sample(later, 1); }, "10 x 14, and no 12 x 12"));
}
