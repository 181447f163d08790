// The program as a user meets it: what it prints, what it refuses and how soon. Its results are
// tested in results.cpp, training itself in train.cpp and endings.cpp.
#include <fstream>

#include <tnn/data/fashion_mnist.hpp>
#include "support/alexnet_program.hpp"
#include "support/catch.hpp"
#include "support/known_weights.hpp"

TEST_CASE("help, version and summary") {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"--help"},
                                                  {"summary", "--help"},
                                                  {"train", "--help"},
                                                  {"evaluate", "--help"},
                                                  {"bench", "--help"},
                                                  {"predict", "--help"},
                                                  {"pictures", "--help"},
                                                  {"report", "--help"}}) {
    const answer a = alexnet(command);
    CHECK(a.code == 0);
    CHECK(contains(a.out, "Usage"));
    CHECK(a.err.empty());
  }
  const std::string train = alexnet({"train", "--help"}).out;
  for (const char* option :
       {"--data", "--out", "--epochs", "--minutes", "--batch", "--micro-batch", "--lr",
        "--momentum", "--weight-decay", "--schedule", "--seed", "--threads", "--validation",
        "--limit", "--precision", "--resume", "--previous", "--live", "--override"})
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
  CHECK(refused({"train", "--out", out, "--schedule", "x"},
                "constant, cosine, one-cycle, plateau, step"));
  CHECK(refused({"train", "--out", out, "--schedule", "cosine", "--minutes", "1"}, "--epochs"));
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

TEST_CASE("options may stand in a file, and those of the command line go before them") {
  const small_data data;
  const temporary_folder folder;
  const auto said = [&](const char* text, const std::vector<std::string>& more) {
    std::ofstream(folder / "options") << text;
    std::vector<std::string> all{"train", "--config", (folder / "options").string()};
    all.insert(all.end(), more.begin(), more.end());
    return alexnet(all);
  };
  // Refused before the first step, for what the file says: an image more than there are.
  const std::string out = "out = " + (folder / "run").string() + "\n";
  const std::string asks = "[train]\n" + out + "data = " + data.path().string() + "\nlimit = 77\n";
  CHECK(said(asks.c_str(), {}).says("--limit 77 asks for more"));
  CHECK(said(asks.c_str(), {"--limit", "78"}).says("--limit 78 asks for more"));
  CHECK(said(("[train]\n" + out + "epoch = 3\n").c_str(), {}).says("train.epoch"));
  CHECK(said(("[train]\n" + out + "epochs = many\n").c_str(), {}).says("many"));
  CHECK(alexnet({"train", "--config", (folder / "no such file").string()}).says("no such file"));
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
                                                    {"predict", "--weights", "x", "y.png"},
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
