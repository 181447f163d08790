// What evaluate, predict and bench give, for weights whose results are known.
#include <cmath>

#include <nlohmann/json.hpp>

#include <tnn/data/fashion_mnist.hpp>
#include "support/alexnet_program.hpp"
#include "support/catch.hpp"
#include "support/known_weights.hpp"
#include "support/picture_bytes.hpp"

using nlohmann::json;

TEST_CASE("evaluate: the loss, top-1 and top-5 of known weights", "[slow]") {
  const small_data data;
  tnn::write_safetensors(data / "weights", known_weights());
  double loss = 0;
  int nines = 0, fives = 0;
  double sum = 0;
  for (int k = 0; k < 10; ++k) sum += std::exp(k / 10.0);
  for (int i = 0; i < 16; ++i) {
    const int label = small_label(101, i);
    loss += (std::log(sum) - label / 10.0) / 16;
    nines += label == 9 ? 1 : 0;
    fives += label >= 5 ? 1 : 0;
  }
  REQUIRE(nines > 0);

  const std::vector<std::string> arguments{"evaluate", "--weights", (data / "weights").string(),
                                           "--data", data.path().string()};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = arguments;
    all.insert(all.end(), more.begin(), more.end());
    return alexnet(all);
  };
  const answer a = with({"--json", "--batch", "5", "--threads", "1"});
  INFO(a.err);
  REQUIRE(a.code == 0);
  const json report = json::parse(a.out);  // one object and nothing else
  CHECK(report.size() == 5);
  CHECK(report.at("images") == 16);
  CHECK(std::abs(report.at("loss").get<double>() - loss) < 1e-6);
  CHECK(report.at("top1") == nines / 16.0);
  CHECK(report.at("top5") == fives / 16.0);
  int all = 0;
  for (const json& row : report.at("confusion"))
    for (const json& count : row) all += count.get<int>();
  CHECK(all == 16);

  CHECK(a.err.empty());

  // Weights of a run say how old they are, and whether they were validated.
  tnn::write_safetensors(data / "weights", known_weights(), {{"position.step", "5"}});
  CHECK(with({"--limit", "1"}).err ==
        "note: " + (data / "weights").string() +
            " holds the weights after step 5 of its run, never validated\n");
  tnn::write_safetensors(data / "last.safetensors", {}, {{"position.step", "7"}});
  tnn::write_safetensors(data / "weights", known_weights(),
                         {{"position.step", "5"}, {"validation.top1", "0.5"}});
  CHECK(with({"--limit", "1"})
            .says("after step 5 of its run, of validation top-1 50.00%; "
                  "last.safetensors beside it stands after step 7\n"));
  tnn::write_safetensors(data / "weights", known_weights(), {{"position.step", "x"}});
  CHECK(with({"--limit", "1"}).err.empty());

  const answer text = with({"--limit", "2"});
  CHECK(text.code == 0);
  CHECK(contains(text.out, "2 test images: loss "));
  CHECK(contains(text.out, "Ankle boot"));
  const answer many = with({"--limit", "17"});
  CHECK(many.code == 1);
  CHECK(many.says("--limit 17"));

  // A state_dict that lacks one tensor, or has one too many.
  auto tensors = known_weights();
  tensors.pop_back();
  tnn::write_safetensors(data / "weights", tensors);
  CHECK(with({}).code == 1);
  CHECK(with({}).says("no tensor \"20.bias\""));
  tensors = known_weights();
  tensors.push_back({"21.weight", {1}, [](std::span<float>) {}});
  tnn::write_safetensors(data / "weights", tensors);
  CHECK(with({}).says("\"21.weight\" belongs to no parameter"));
}

TEST_CASE("predict: pictures of any size, and one that is broken") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "weights", known_weights());
  const auto noise = [](int n) {
    std::vector<std::uint8_t> pixels;
    for (int i = 0; i < n; ++i)
      pixels.push_back(
          static_cast<std::uint8_t>(tnn::philox(5, static_cast<std::uint32_t>(i), 0, 0, 0).v[0]));
    return pixels;
  };
  const std::string weights = (folder / "weights").string();
  const std::string png_file = folder.write("a.png", png(31, 57, 3, noise(31 * 57 * 3))).string();
  const std::string jpeg_file = folder.write("b.jpg", jpeg(300, 17, 1, noise(5100))).string();
  const std::string pgm_file = folder.write("c.pgm", "P2 1 2 255\n0 200\n").string();
  const answer a =
      alexnet({"predict", "--weights", weights, "--threads", "1", png_file, jpeg_file, pgm_file});
  INFO(a.err);
  CHECK(a.code == 0);
  double sum = 0;
  for (int k = 0; k < 10; ++k) sum += std::exp(k / 10.0);
  std::string expected;
  for (const std::string& file : {png_file, jpeg_file, pgm_file}) {
    expected += file + '\n';
    for (int k = 9; k >= 5; --k) {
      char line[64];
      std::snprintf(
          line, sizeof line, "  %5.1f%%  %s\n", 100 * std::exp(k / 10.0) / sum,
          std::string(tnn::fashion_mnist_class_names[static_cast<std::size_t>(k)]).c_str());
      expected += line;
    }
  }
  CHECK(a.out == expected);

  const std::string broken = folder.write("d.png", folder.read("a.png").substr(0, 400)).string();
  const answer b = alexnet({"predict", "--weights", weights, png_file, broken});
  CHECK(b.code == 1);
  CHECK(b.says(broken));
  CHECK(b.out.empty());  // refused before anything is computed
  const std::string named = folder.write("\x1b[31m.png", folder.read("a.png")).string();
  const answer e = alexnet({"predict", "--weights", weights, named});
  CHECK(e.code == 0);
  CHECK(contains(e.out, "\\x1b[31m.png"));
  CHECK_FALSE(contains(e.out, "\x1b"));
  const answer c = alexnet({"predict", "--weights", (folder / "none").string(), png_file});
  CHECK(c.code == 1);
  CHECK(c.says((folder / "none").string()));
}

TEST_CASE("weights that are finite but too large to compute with are said to be so", "[slow]") {
  const small_data data;
  std::vector<tnn::TensorSource> tensors = known_weights();
  for (tnn::TensorSource& tensor : tensors)
    tensor.fill = [](std::span<float> values) { std::fill(values.begin(), values.end(), 3e38f); };
  tnn::write_safetensors(data / "weights", tensors);
  const std::string weights = (data / "weights").string();
  const std::string picture = data.write("a.pgm", "P2 1 2 255\n0 200\n").string();
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"predict", "--weights", weights, picture},
        {"evaluate", "--weights", weights, "--data", data.path().string(), "--limit", "1"},
        {"evaluate", "--json", "--weights", weights, "--data", data.path().string(), "--limit",
         "1"}}) {
    const answer a = alexnet(command);
    INFO(a.out << a.err);
    CHECK(a.code == 1);
    CHECK(a.says(weights + ": "));
    CHECK(a.says("not a finite number"));
    CHECK_FALSE(contains(a.out, "nan %"));
    CHECK_FALSE(contains(a.out, "loss"));
  }
}

TEST_CASE("bench reports images a second, for training and inference", "[slow]") {
  for (const char* mode : {"train", "infer"}) {
    const answer a = alexnet(
        {"bench", "--mode", mode, "--batch", "2", "--threads", "1", "--seconds", "0.2", "--json"});
    INFO(a.err);
    REQUIRE(a.code == 0);
    const json report = json::parse(a.out);
    CHECK(report.at("mode") == mode);
    CHECK(report.at("batch") == 2);
    CHECK(report.at("threads") == 1);
    CHECK(report.at("runs") >= 3);
    const double rate = report.at("images_per_second"), ms = report.at("milliseconds");
    CHECK(rate > 0);
    CHECK(std::abs(rate * ms / 1000 - 2) < 1e-9);
    CHECK(report.at("gflops") > 0);
  }
  const answer text = alexnet({"bench", "--mode", "infer", "--batch", "1", "--seconds", "0.01"});
  CHECK(contains(text.out, "images/s"));
}
