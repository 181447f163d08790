// seeds FOLDER: writes the inputs that fuzzing begins with, FOLDER/TARGET/NAME: good files of every
// kind and, for what mutation hardly finds, some that are bad in one place.
#include <tnn/io/checkpoint.hpp>
#include <tnn/reference.hpp>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "small_model.hpp"
#include "support/gzip.hpp"
#include "support/idx.hpp"
#include "support/picture_bytes.hpp"

namespace {

namespace fs = std::filesystem;
fs::path corpus;

fs::path place(const char* target, const std::string& name) {
  fs::create_directories(corpus / target);
  return corpus / target / name;
}
void write(const char* target, const std::string& name, const std::string& bytes) {
  std::ofstream(place(target, name), std::ios::binary) << bytes;
}

/// A safetensors file's header.
std::string header_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::uint64_t length = 0;
  std::memcpy(&length, all.data(), sizeof length);
  return all.substr(sizeof length, length);
}

void write_idx() {
  for (const std::vector<int>& extents :
       {std::vector{5}, std::vector{2, 3}, std::vector{2, 3, 4}, std::vector{2, 1, 3, 2}}) {
    std::size_t count = 1;
    for (const int extent : extents) count *= static_cast<std::size_t>(extent);
    const std::string bytes = idx_bytes(extents, std::vector<std::uint8_t>(count, 7));
    const std::string name = "rank" + std::to_string(extents.size());
    write("idx", name, bytes);
    write("idx", name + "-gz", gzipped(bytes));
  }
}

void write_gzip() {
  write("gzip", "plain", "text");
  write("gzip", "text", gzipped("a text that says text twice, text"));
  write("gzip", "zeros", gzipped(std::string(50'000, '\0')));
  write("gzip", "large", gzipped(std::string(200'000, 'x')));
  write("gzip", "two", gzipped("one") + gzipped("two"));
  write("gzip", "garbage", gzipped("one") + "garbage");
}

void write_headers() {
  const char* headers[] = {
      R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
      R"({"__metadata__":{"a":"b","\u0063":"\n"},"w":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}})",
      R"({"b":{"data_offsets":[4,8],"shape":[4],"dtype":"U8"},"a":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}})",
      R"({"e":{"dtype":"I64","shape":[0,3],"data_offsets":[0,0]},"s":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}  )",
      R"({"w":{"dtype":"F32","dtype":"F32"}})",
      R"({"w":[[{"a":null}],true,-1,2.5e3]})"};
  int i = 0;
  for (const char* header : headers) write("safetensors_header", std::to_string(i++), header);
}

void write_models() {
  using model_type = tnn::Model<fuzz_net, tnn::Reference>;
  model_type model{{}, {.capacity = 2}};
  tnn::Training<model_type> training{model, {.capacity = 2}};
  tnn::save(model, place("weights", "weights"));

  // Weights as other programs write them: another order, other types, a tensor of integers.
  std::string header = R"({"1.bias":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},)"
                       R"("1.weight":{"dtype":"F64","shape":[2,4],"data_offsets":[4,68]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string length(8, '\0');
  length[0] = static_cast<char>(header.size());
  write("weights", "other-types", length + header + std::string(68, '\0'));

  const fs::path file = corpus / "checkpoint.safetensors";
  const std::map<std::string, std::string> asked{{"batch", "2"},        {"seed", "0"},
                                                 {"limit", "0"},        {"validation", "1"},
                                                 {"lr", "0.01"},        {"momentum", "0.9"},
                                                 {"factor", "0.1"},     {"weight-decay", "0.0005"},
                                                 {"patience", "2"},     {"schedule", "plateau"},
                                                 {"floor", "0"},        {"threshold", "0.0001"},
                                                 {"mean", "0"},         {"std", "1"},
                                                 {"step-epochs", "10"}, {"data", "e9ec3db1"}};
  tnn::RunPosition at;
  at.schedule.rate = 0.01;
  tnn::save_checkpoint(training, at, asked, file);
  write("checkpoint", "begun", header_of(file));
  at.epoch = at.schedule.epochs = 3;
  at.batch = 1;
  at.step = 4;
  at.so_far = {1.5, 2, 1, 2, 2};
  tnn::save_checkpoint(training, at, {{"batch", "2"}}, file);
  write("checkpoint", "mid-epoch", header_of(file));

  std::map<std::string, std::string> metadata{{"format", "tnn-checkpoint-2"}};
  for (const auto& [name, value] : asked) metadata["run." + name] = value;
  tnn::write_safetensors(file, {}, metadata);
  write("run_identity", "all", header_of(file));
  write("run_identity", "odd",
        R"({"__metadata__":{"run.batch":"65537","run.lr":"-1e-5","run.schedule":"step"}})");
  fs::remove(file);
}

void write_logs() {
  write("run_record", "good",
        R"({"calls":[{"began":"2026-11-27T13:02:11Z","version":"0.1.0","command":["alexnet"],)"
        R"("options":{"batch":"128"},"machine":{"cpu":"x"}}]})");
  write("metrics", "good",
        "{\"epoch\":1,\"step\":5,\"loss\":2.3,\"validation_loss\":null,\"seconds\":1e3}\n"
        "{\"epoch\":2,\"step\":10,\"loss\":2.1,\"validation_loss\":2.2,\"seconds\":0.5}\n");
  write("metrics", "cut", "{\"epoch\":1}\n{\"epoch\":2,\"lo");
  write("metrics", "nested", "{\"epoch\":1,\"a\":" + std::string(1000, '[') + "\n");
  write("training_curve", "good",
        "{\"step\":10,\"loss\":2.5,\"accuracy\":0.1,\"learning_rate\":0.01}\n"
        "{\"step\":20,\"loss\":2.25,\"accuracy\":0.2,\"learning_rate\":0.01}\n");
  write("training_curve", "odd",
        "{\"step\":0,\"loss\":null,\"accuracy\":null}\n"
        "{\"step\":1000000000000000,\"loss\":-1e308,\"accuracy\":5e-324}\n");
  write("training_curve", "falling",
        "{\"step\":1000000000000000,\"loss\":1,\"accuracy\":1}\n"
        "{\"step\":1,\"loss\":1,\"accuracy\":1}\n");
}

void write_images() {
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 17 * 9 * 3; ++i) pixels.push_back(static_cast<std::uint8_t>(i * 37 % 251));
  for (const char* target : {"image", "image_file"}) {
    for (int channels = 1; channels <= 4; ++channels)
      write(target, "png" + std::to_string(channels), png(9, 4, channels, pixels));
    write(target, "jpeg-grey", jpeg(9, 8, 1, pixels));
    write(target, "jpeg-colour", jpeg(17, 9, 3, pixels));
  }
  write("image", "p2", "P2\n3 1\n# largest value:\n15\n0 5\n15");
  write("image", "p3", "P3 2 1 255 255 0 0  0 0 255\n");
  write("image", "p5", std::string("P5\n# a comment\n3 1 255\n\0\x80\xFF", 27));
  write("image", "p5-wide", "P5 2 1 65535 abcd");
  write("image", "p6", "P6 1 1 255 abc");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: seeds FOLDER\n", stderr);
    return 2;
  }
  corpus = argv[1];
  write_idx();
  write_gzip();
  write_headers();
  write_models();
  write_logs();
  write_images();
  return 0;
}
