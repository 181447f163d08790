// The program on folders of colour images, a folder a class: of ten classes, since it is built for
// those.
#include <cstdlib>

#include "alexnet/image.hpp"
#include "support/catch.hpp"
#include "support/small_training.hpp"

namespace {

/// Images in `classes` folders, two in each: one colour a class, of sizes that are no square.
struct colours : temporary_folder {
  explicit colours(int classes) {
    for (int c = 0; c < classes; ++c) {
      const auto folder = *this / ("class " + std::string(1, static_cast<char>('a' + c)));
      std::filesystem::create_directory(folder);
      for (int i = 0; i < 2; ++i) {
        pictures::rgb_image image{40 + 10 * i, 30 + 20 * i, {}};
        for (int p = 0; p < image.width * image.height; ++p)
          for (const int light : {25 * c, 255 - 25 * c, 100 + 50 * i})
            image.pixels.push_back(static_cast<std::uint8_t>(light));
        pictures::write_png(folder / (std::to_string(i) + ".png"), image);
      }
    }
  }
};

}  // namespace

TEST_CASE("a folder of images: trained on, validated, evaluated, and its classes named", "[slow]") {
  const colours images(10);
  const temporary_folder folder;
  const std::string run = (folder / "run").string(), from = images.path().string();
  const answer trained = alexnet({"train", "--images", from, "--out", run, "--batch", "5",
                                  "--epochs", "1", "--validation", "10", "--flip", "0.5", "--crop",
                                  "0.5", "--pca", "0.1", "--lr", "0.001"});
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(contains(trained.out, "10 training and 10 validation images"));

  // Going on needs the same images; without them it would be Fashion-MNIST's.
  CHECK(
      contains(alexnet({"train", "--images", from, "--out", run, "--resume", "--epochs", "1"}).out,
               "epoch 1 is done already"));

  const std::string weights = (folder / "run" / best).string();
  const answer evaluated = alexnet({"evaluate", "--images", from, "--weights", weights, "--json"});
  INFO(evaluated.err);
  REQUIRE(evaluated.code == 0);
  const auto report = ordered_json::parse(evaluated.out);
  CHECK(report.at("images") == 20);
  CHECK(report.at("confusion").size() == 10);

  const answer predicted =
      alexnet({"predict", "--weights", weights, (images / "class c" / "1.png").string()});
  REQUIRE(predicted.code == 0);
  CHECK(contains(predicted.out, "%  class "));

  const answer page = alexnet({"report", "--run", run});
  INFO(page.err);
  CHECK(page.code == 0);

  // What a run was given decides how its weights are evaluated; classes are named by both files.
  CHECK(contains(alexnet({"predict", "--weights", (folder / "run" / last).string(),
                          (images / "class c" / "1.png").string()})
                     .out,
                 "%  class "));
  const auto refused = [](const answer& a, std::string_view words) {
    INFO(a.err);
    CHECK(a.code == 1);
    CHECK(a.says(words));
  };
  refused(alexnet({"evaluate", "--weights", weights}), "name a folder with --images");
  refused(alexnet({"evaluate", "--images", from, "--weights", weights, "--limit", "2"}),
          "leave files out");
  refused(alexnet({"evaluate", "--images", colours(5).path().string(), "--weights", weights}),
          "tells 10 classes apart, but ");
  refused(alexnet({"pictures", "--run", run}), "are not drawn");
  refused(alexnet({"train", "--out", run, "--resume"}), "name it again with --images");

  // The same number of classes by other names are others.
  std::filesystem::rename(images / "class d", images / "another");
  CHECK(alexnet({"evaluate", "--images", from, "--weights", weights})
            .says("was trained to call class 0 \"class a\", but in"));
  CHECK(alexnet({"train", "--images", from, "--out", run, "--resume", "--epochs", "2"})
            .says("is of a run with data of checksum"));
}

TEST_CASE("folders that cannot be trained on are refused before the first step") {
  const temporary_folder folder;
  const std::string out = (folder / "run").string();
  const auto refused = [&](const std::filesystem::path& images, std::string_view words,
                           std::vector<std::string> more = {}) {
    std::vector<std::string> all{"train", "--images", images.string(), "--out", out};
    all.insert(all.end(), more.begin(), more.end());
    const answer a = alexnet(all);
    INFO(a.err);
    CHECK(a.code == 1);
    CHECK(a.says(words));
  };
  const colours three(3), ten(10);
  refused(three.path(), "-DALEXNET_CLASSES=3 && cmake --build");
  refused(folder / "nowhere", "nowhere");
  CHECK(alexnet({"train", "--out", out, "--pca", "0.1"}).says("Fashion-MNIST is grey"));
  refused(ten.path(), "leave files out", {"--limit", "5"});
  refused(ten.path(), "--validation 20 leaves none", {"--validation", "20"});
  refused(ten.path(), "--mean was given 2 numbers for images of 3 channels", {"--mean", "0.5,0.5"});
  CHECK(alexnet({"train", "--out", out, "--skip-broken"}).says("--skip-broken requires --images"));

  ten.write("class b/1.png", "no image");
  refused(ten.path(), "1.png", {"--batch", "4", "--validation", "0", "--epochs", "1"});
}

TEST_CASE("a file that cannot be read is left out where that was asked", "[slow]") {
  const colours ten(10);
  const temporary_folder folder;
  ten.write("class b/1.png", "no image");
  const answer a =
      alexnet({"train", "--images", ten.path().string(), "--out", (folder / "run").string(),
               "--skip-broken", "--batch", "19", "--validation", "0", "--epochs", "1"});
  INFO(a.err);
  CHECK(a.code == 0);
  CHECK(a.says("1 of 20 images cannot be read and are left out; the first: "));
  CHECK(contains(a.out, "19 training and 0 validation images"));
}
