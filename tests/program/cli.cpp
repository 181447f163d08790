// The program as a user meets it: what it prints, what it refuses and how soon. Training itself is
// tested in train.cpp.
#include <cmath>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include <tnn/alexnet.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/io/safetensors.hpp>
#include "support/alexnet_program.hpp"
#include "support/catch.hpp"
#include "support/picture_bytes.hpp"

using nlohmann::json;

namespace {

bool contains(const std::string& text, std::string_view words) {
  return text.find(words) != text.npos;
}

// Weights that are zero but for the last bias, so that class k has the logit k / 10 whatever the
// image is.
std::vector<tnn::tensor_source> known_weights() {
  std::vector<tnn::tensor_source> all;
  for (const tnn::parameter_info& p : tnn::parameters_table<tnn::AlexNet<>>)
    all.push_back({std::string(p.name),
                   {p.shape.begin(), p.shape.end()},
                   [last = p.name == "20.bias"](std::span<float> values) {
                     for (std::size_t i = 0; last && i < values.size(); ++i)
                       values[i] = static_cast<float>(i) / 10;
                   }});
  return all;
}

}  // namespace

TEST_CASE("help, version and summary") {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"--help"},
                                                  {"summary", "--help"},
                                                  {"train", "--help"},
                                                  {"evaluate", "--help"},
                                                  {"bench", "--help"},
                                                  {"predict", "--help"},
                                                  {"pictures", "--help"}}) {
    const answer a = alexnet(command);
    CHECK(a.code == 0);
    CHECK(contains(a.out, "Usage"));
    CHECK(a.err.empty());
  }
  const std::string train = alexnet({"train", "--help"}).out;
  for (const char* option :
       {"--data", "--out", "--epochs", "--minutes", "--batch", "--lr", "--momentum",
        "--weight-decay", "--schedule", "--seed", "--threads", "--validation", "--limit",
        "--precision", "--resume", "--previous", "--override"})
    CHECK(contains(train, option));
  CHECK(contains(alexnet({"--version"}).out, "tnn "));
  const answer summary = alexnet({"summary"});
  CHECK(summary.code == 0);
  CHECK(contains(summary.out, "46,764,746"));
  CHECK(contains(summary.out, "938,146,176"));
  CHECK(contains(summary.out, "Conv2d<96, Kernel<11>, Stride<4>, Padding<1>>"));
}

TEST_CASE("commands and options that make no sense are refused by name") {
  const small_data data;
  const std::string out = (data / "run").string();
  const auto refused = [&](std::vector<std::string> arguments, std::string_view words) {
    const answer a = alexnet(arguments);
    INFO(a.err);
    return a.code != 0 && a.says(words);
  };
  CHECK(refused({}, "subcommand"));
  CHECK(refused({"nonsense"}, "subcommand"));
  CHECK(refused({"train", "--out", out, "--nonsense"}, "--nonsense"));
  CHECK(refused({"train"}, "--out"));
  CHECK(refused({"train", "--out", out, "--previous"}, "--previous requires --resume"));
  CHECK(refused({"evaluate"}, "--weights"));
  CHECK(refused({"predict", "--weights", "x"}, "images"));
  CHECK(refused({"bench", "--mode", "fly"}, "infer, train"));
  CHECK(refused({"train", "--out", out, "--schedule", "x"}, "constant, plateau, step"));
  CHECK(refused({"train", "--out", out, "--epochs", "1", "--minutes", "1"}, "--minutes"));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--batch", "0"},
                                                {"--batch", "x"},
                                                {"--lr", "-1"},
                                                {"--lr", "0"},
                                                {"--momentum", "1"},
                                                {"--weight-decay", "-1"},
                                                {"--epochs", "0"},
                                                {"--minutes", "0"},
                                                {"--minutes", "nan"},
                                                {"--save-minutes", "inf"},
                                                {"--lr", "nan"},
                                                {"--momentum", "nan"},
                                                {"--mean", "inf"},
                                                {"--threads", "-1"},
                                                {"--validation", "-1"},
                                                {"--limit", "-1"},
                                                {"--factor", "1"}})
    CHECK(refused({"train", "--out", out, wrong[0], wrong[1]}, wrong[0]));
  // What only the library can refuse, still before the first step.
  const std::string folder = data.path().string();
  CHECK(refused({"train", "--data", folder, "--out", out, "--floor", "1"}, "floor"));
  CHECK(std::filesystem::is_empty(data / "run"));
}

TEST_CASE("a result that cannot be written is an error") {
  const temporary_folder folder;
  tnn::write_safetensors(folder / "weights", known_weights());
  const std::string pgm = folder.write("a.pgm", "P2 1 2 255\n0 200\n").string();
  const auto refused = [&](const std::string& shell, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-c", shell, TNN_ALEXNET_PROGRAM});
    process p("/bin/sh", arguments);
    const int code = p.wait();
    INFO(p.err());
    return code == 1 && contains(p.err(), "cannot write to standard output: ");
  };
  const std::string full = "exec \"$0\" \"$@\" >/dev/full", closed = "exec \"$0\" \"$@\" >&-";
  for (const std::string& shell : {full, closed}) {
    CHECK(refused(shell, {"summary"}));
    CHECK(refused(shell, {"--help"}));
    CHECK(refused(shell, {"bench", "--roofline", "h100"}));
  }
  CHECK(refused(full, {"predict", "--weights", (folder / "weights").string(), pgm}));
  CHECK(refused(full, {"bench", "--mode", "infer", "--batch", "1", "--seconds", "0.01", "--json"}));
  const small_data data;
  for (const char* form : {"--batch=64", "--json"})
    CHECK(refused(full, {"evaluate", "--weights", (folder / "weights").string(), "--data",
                         data.path().string(), "--limit", "1", form}));
  // That standard error is full changes nothing.
  process p("/bin/sh",
            {"-c", "exec \"$0\" evaluate --weights x --data x 2>/dev/full", TNN_ALEXNET_PROGRAM});
  CHECK(p.wait() == 1);
}

TEST_CASE("a device that was not built in, or is nonsense, is refused with those that were") {
  for (const char* device : {"nonsense", "thrust-nonsense"}) {
    const answer a = alexnet({"bench", "--mode", "infer", "--device", device});
    CHECK((a.code == 1 && a.says(device) && a.says("reference, cpu")));
  }
  const answer a = alexnet({"evaluate", "--weights", "x", "--device", "reference"});
  CHECK((a.code == 1 && a.says("only serves `alexnet bench`")));
}

TEST_CASE("a precision that the device has not is refused before anything else") {
  for (const char* precision : {"tf32", "bf16"})
    for (const std::vector<std::string>& command : {std::vector<std::string>{"train", "--out", "x"},
                                                    {"evaluate", "--weights", "x"},
                                                    {"bench", "--mode", "infer"}}) {
      std::vector<std::string> words = command;
      words.insert(words.end(), {"--device", "cpu", "--precision", precision});
      const answer a = alexnet(words);
      INFO(a.err);
      CHECK((a.code == 1 && a.says(std::string("--precision ") + precision)));
      CHECK((a.says("cpu computes in fp32") && a.says("for --device cuda")));
    }
  const answer reference =
      alexnet({"bench", "--mode", "infer", "--device", "reference", "--precision", "bf16"});
  CHECK((reference.code == 1 && reference.says("reference computes in fp32")));
  const answer nonsense = alexnet({"bench", "--mode", "infer", "--precision", "fp8"});
  CHECK((nonsense.code != 0 && nonsense.says("'fp8' is none of: bf16, fp32, tf32")));
}

TEST_CASE("a training step on paper") {
  const answer a = alexnet({"bench", "--roofline", "h100", "--batch", "128"});
  INFO(a.out);
  CHECK(a.code == 0);
  // conv2: 3 products x 2 operations x 415,334,400 multiply-adds x 128 images.
  CHECK(contains(a.out, "NVIDIA H100"));
  CHECK(contains(a.out, "318.98"));
  CHECK(contains(a.out, "at least 11.48 ms a step"));
  const answer wrong = alexnet({"bench", "--roofline", "h200"});
  CHECK((wrong.code == 1 && wrong.says("h200") && wrong.says("h100")));
}

TEST_CASE("data and folders are refused before the first step, and nothing is left behind") {
  const small_data data;
  const std::string out = (data / "run").string();
  const auto refused = [&](const temporary_folder& folder, std::vector<std::string> more,
                           std::vector<std::string> words) {
    std::vector<std::string> arguments{"train", "--data", folder.path().string(), "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const answer a = alexnet(arguments);
    INFO(a.err);
    bool all = a.code == 1 && a.out.empty();
    for (const std::string& w : words) all = all && a.says(w);
    return all &&
           (!std::filesystem::exists(data / "run") || std::filesystem::is_empty(data / "run"));
  };

  SECTION("missing data says how to get it") {
    const temporary_folder empty;
    CHECK(refused(empty, {}, {empty.path().string(), "apt-get install dataset-fashion-mnist"}));
    const answer a = alexnet({"evaluate", "--weights", "x", "--data", empty.path().string()});
    CHECK(a.code == 1);
    CHECK(a.says("apt-get install dataset-fashion-mnist"));
  }
  SECTION("damaged data") {
    const std::string images = data.read("train-images-idx3-ubyte");
    const std::string labels = data.read("train-labels-idx1-ubyte");
    data.write("train-images-idx3-ubyte", images.substr(0, images.size() - 1));
    CHECK(refused(data, {}, {"train-images-idx3-ubyte", "promise 9408 values", "holds 9407"}));
    data.write("train-images-idx3-ubyte", images);
    data.write("train-labels-idx1-ubyte", labels.substr(0, 8 + 3) + '\x0a' + labels.substr(12));
    CHECK(refused(data, {}, {"train-labels-idx1-ubyte", "label 3 is 10", "0 to 9"}));
    data.write("train-labels-idx1-ubyte", idx_bytes({11}, std::vector<std::uint8_t>(11)));
    CHECK(refused(data, {}, {"12 images", "11 labels"}));
  }
  SECTION("more images than there are") {
    CHECK(refused(data, {"--limit", "13"}, {"--limit 13", "12 images"}));
    CHECK(refused(data, {"--validation", "12"}, {"--validation 12", "none of the 12"}));
    CHECK(refused(data, {"--limit", "4", "--validation", "5"}, {"--validation 5", "4 images"}));
  }
  SECTION("--out that is a file, or below one") {
    data.write("run", "a file");
    const answer a = alexnet({"train", "--data", data.path().string(), "--out", out});
    CHECK(a.code == 1);
    CHECK(a.says(out + " is a file"));
    const answer below = alexnet({"train", "--data", data.path().string(), "--out", out + "/x"});
    CHECK(below.code == 1);
    CHECK(below.says(out + "/x cannot be made"));
    CHECK(data.read("run") == "a file");
  }
  SECTION("a run where there is one, and none where there is none") {
    CHECK(refused(data, {"--resume"}, {"--resume finds no folder", out}));
    CHECK_FALSE(std::filesystem::exists(data / "run"));
    std::filesystem::create_directory(data / "run");
    CHECK(refused(data, {"--resume"}, {"--resume finds no last.safetensors", out}));
    data.write("run/best.safetensors", "precious");
    for (const char* more : {"--epochs=3", "--resume"}) {
      const answer a = alexnet({"train", "--data", data.path().string(), "--out", out, more});
      CHECK(a.code == 1);
      CHECK(a.says("holds a best.safetensors, but no last.safetensors"));
    }
    data.write("run/last.safetensors", "precious too");
    const answer a = alexnet({"train", "--data", data.path().string(), "--out", out});
    CHECK(a.code == 1);
    CHECK(a.says("holds a run already"));
    CHECK(a.says("--resume"));
    CHECK(data.read("run/best.safetensors") == "precious");
    CHECK(data.read("run/last.safetensors") == "precious too");
  }
  SECTION("a checkpoint that is none") {
    std::filesystem::create_directory(data / "run");
    data.write("run/last.safetensors", "not a checkpoint");
    const answer a = alexnet({"train", "--data", data.path().string(), "--out", out, "--resume"});
    CHECK(a.code == 1);
    CHECK(a.says("last.safetensors"));
    CHECK(a.says("safetensors file"));
    CHECK(data.read("run/last.safetensors") == "not a checkpoint");
  }
}

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
  std::vector<tnn::tensor_source> tensors = known_weights();
  for (tnn::tensor_source& tensor : tensors)
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
        {"bench", "--mode", mode, "--batch", "2", "--threads", "1", "--seconds", "0.01", "--json"});
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
