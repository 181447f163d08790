// A checkpoint is read back to the same bits, or refused with nothing touched.
#include <tnn/io/checkpoint.hpp>

#include <sys/resource.h>
#include <sys/wait.h>

#include <clocale>
#include <cmath>
#include <optional>

#include <tnn/data/loader.hpp>
#include <tnn/reference.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/small_run.hpp"
#include "support/temporary_folder.hpp"

namespace {

using model_type = tnn::Model<small_net, tnn::Reference>;
using metadata = std::map<std::string, std::string>;

struct run {
  explicit run(std::uint64_t seed)
      : model({}, {.seed = seed}), training(model, {.capacity = 4, .seed = seed}) {}

  // A few steps on four images.
  void train(int steps = 3) {
    const tnn::LabelledImages images = quarters(4);
    tnn::Loader source(small(images), {.batch = 4});
    source.start(0);
    const auto* batch = source.next();
    for (int i = 0; i < steps; ++i) training.step(batch->x, batch->targets, {0.1, 0.9, 1e-3});
  }

  // Weights, then momentum.
  std::vector<float> values() {
    std::vector<float> all;
    for (const bool momentum : {false, true})
      for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>) {
        std::vector<float> one(static_cast<std::size_t>(p.size));
        momentum ? training.read_state("momentum_buffer", p.name, one) : model.read(p.name, one);
        all.insert(all.end(), one.begin(), one.end());
      }
    return all;
  }

  model_type model;
  tnn::Training<model_type> training;
};

tnn::RunPosition somewhere() {
  tnn::RunPosition at;
  at.epoch = 3;
  at.batch = 17;
  at.step = 5'000'000'000;
  at.so_far.loss = 0.1 + 0.2;
  at.so_far.weight = 34.5;
  at.so_far.right = 12;
  at.so_far.labels = 34;
  at.so_far.count = 34;
  at.schedule = {1e-3 / 3, INFINITY, 3, 1};
  at.best_accuracy = -1;
  at.best_loss = 2.0 / 3;
  at.best_epoch = 2;
  at.interval = {0.3 + 0.4, 8.25, 2, 9, 8};
  return at;
}

const tnn::RunOptions asked = {{"batch", "4"}, {"lr", "0.1"}, {"data", "89abcdef"}};

// A trained run's checkpoint, for tests that disturb it.
struct saved {
  saved() {
    before.train();
    tnn::save_checkpoint(before.training, somewhere(), asked, folder / "last");
  }
  temporary_folder folder;
  run before{1};
};

// The same tensors as in the file, with other metadata.
void rewrite(const std::filesystem::path& from, const std::filesystem::path& to,
             const metadata& with, const std::string& without = {}, const char* nan_in = "") {
  const auto file = std::make_shared<tnn::SafetensorsFile>(from);
  std::vector<tnn::TensorSource> all;
  for (const std::string& name : file->names()) {
    if (name == without) continue;
    all.push_back({name, file->info(name).shape, [=](std::span<float> values) {
                     file->read(name, values);
                     if (name == nan_in) values[1] = NAN;
                   }});
  }
  tnn::write_safetensors(to, all, with);
}

// Does resuming from this file fail with all of the words, and leave weights, momentum and steps as
// they were?
template <class... Words>
bool resume_refused(const std::filesystem::path& path, const Words&... words) {
  run r(2);
  r.train(1);
  const std::vector<float> before = r.values();
  const bool refused = refuses(
      [&] {
        const tnn::SafetensorsFile file(path);
        tnn::load_checkpoint(r.training, file);
      },
      path.string(), words...);
  return refused && r.values() == before && r.training.steps() == 1;
}

}  // namespace

TEST_CASE("weights, momentum and position come back to the same bits") {
  saved s;
  run after(2);
  const tnn::SafetensorsFile file(s.folder / "last");
  const tnn::RunPosition at = tnn::load_checkpoint(after.training, file);
  CHECK(after.values() == s.before.values());
  const tnn::RunPosition was = somewhere();
  CHECK(at.epoch == was.epoch);
  CHECK(at.batch == was.batch);
  CHECK(at.step == was.step);
  CHECK(at.so_far.loss == was.so_far.loss);
  CHECK(at.so_far.weight == was.so_far.weight);
  CHECK(at.so_far.right == was.so_far.right);
  CHECK(at.so_far.labels == was.so_far.labels);
  CHECK(at.so_far.count == was.so_far.count);
  CHECK(at.schedule.rate == was.schedule.rate);
  CHECK(at.schedule.best == was.schedule.best);
  CHECK(at.schedule.epochs == was.schedule.epochs);
  CHECK(at.schedule.bad_epochs == was.schedule.bad_epochs);
  CHECK(at.best_accuracy == was.best_accuracy);
  CHECK(at.best_loss == was.best_loss);
  CHECK(at.best_epoch == was.best_epoch);
  CHECK(at.interval.loss == was.interval.loss);
  CHECK(at.interval.weight == was.interval.weight);
  CHECK(at.interval.right == was.interval.right);
  CHECK(at.interval.labels == was.interval.labels);
  CHECK(at.interval.count == was.interval.count);
  tnn::save_checkpoint(after.training, at, asked, s.folder / "again");
  CHECK((s.folder.read("again") == s.folder.read("last")));
}

TEST_CASE("two equal runs write equal bytes, and nothing else is written") {
  saved a, b;
  CHECK((a.folder.read("last") == b.folder.read("last")));
  CHECK(a.folder.size() == 1);
  const tnn::SafetensorsFile file(a.folder / "last");
  std::vector<std::string> names;
  for (const char* prefix : {"", "optimizer.momentum_buffer."})
    for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>)
      names.push_back(prefix + std::string(p.name));
  CHECK(file.names() == names);
  std::vector<std::string> keys;
  for (const auto& [key, value] : file.metadata()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"format",
                                         "optimizer",
                                         "position.batch",
                                         "position.best_accuracy",
                                         "position.best_epoch",
                                         "position.best_loss",
                                         "position.count",
                                         "position.epoch",
                                         "position.interval_count",
                                         "position.interval_labels",
                                         "position.interval_loss_sum",
                                         "position.interval_right",
                                         "position.interval_weight",
                                         "position.labels",
                                         "position.loss_sum",
                                         "position.right",
                                         "position.step",
                                         "position.weight",
                                         "run.batch",
                                         "run.data",
                                         "run.lr",
                                         "schedule.bad_epochs",
                                         "schedule.best",
                                         "schedule.epochs",
                                         "schedule.rate"});
}

TEST_CASE("doubles are written exactly, in any locale") {
  const bool comma = std::setlocale(LC_NUMERIC, "de_DE.UTF-8") != nullptr;
  for (const double x : {0.1, 1.0 / 3, 1e-300, 5e-324, -2.5, 0.0, double(INFINITY)}) {
    double back = -1;
    tnn::detail::parse(tnn::detail::exact(x), back, "x");
    CHECK(back == x);
    CHECK(tnn::detail::exact(x).find(',') == std::string::npos);
  }
  if (comma) std::setlocale(LC_NUMERIC, "C");
}

TEST_CASE("load() takes the weights of a checkpoint") {
  saved s;
  model_type model({}, {.seed = 9});
  tnn::load(model, s.folder / "last");
  tnn::save(model, s.folder / "weights");
  tnn::save(s.before.model, s.folder / "expected");
  CHECK((s.folder.read("weights") == s.folder.read("expected")));
}

TEST_CASE("a file of weights alone is refused, and says what is needed") {
  saved s;
  tnn::save(s.before.model, s.folder / "weights");
  CHECK(resume_refused(s.folder / "weights", "weights alone", "last.safetensors"));
  const metadata from_pytorch = {{"format", "pt"}};
  rewrite(s.folder / "last", s.folder / "pt", from_pytorch);
  CHECK(resume_refused(s.folder / "pt", "format \"pt\"", "tnn-checkpoint-2"));
}

TEST_CASE("each missing tensor is named") {
  saved s;
  const metadata good = tnn::SafetensorsFile(s.folder / "last").metadata();
  for (const char* prefix : {"", "optimizer.momentum_buffer."})
    for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>) {
      const std::string name = prefix + std::string(p.name);
      rewrite(s.folder / "last", s.folder / "bad", good, name);
      CHECK(resume_refused(s.folder / "bad", "no tensor \"" + name + '"'));
    }
}

TEST_CASE("momentum of another shape, or that is no number, is refused") {
  saved s;
  const metadata good = tnn::SafetensorsFile(s.folder / "last").metadata();
  for (const char* name : {"4.bias", "optimizer.momentum_buffer.7.weight"}) {
    rewrite(s.folder / "last", s.folder / "bad", good, "", name);
    CHECK(resume_refused(s.folder / "bad", std::string("\"") + name + "\" holds nan at element 1"));
  }
  std::vector<tnn::TensorSource> all;
  for (const char* prefix : {"", "optimizer.momentum_buffer."})
    for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>)
      all.push_back({prefix + std::string(p.name),
                     {p.shape.begin(), p.shape.end()},
                     [](std::span<float>) {}});
  all.back().shape = {2, 2};
  tnn::write_safetensors(s.folder / "shape", all, good);
  CHECK(resume_refused(s.folder / "shape",
                       "\"optimizer.momentum_buffer.7.bias\" has the shape [2, 2]"));
  all.back().shape = {4};
  all.push_back({"optimizer.momentum_buffer.8.bias", {4}, [](std::span<float>) {}});
  tnn::write_safetensors(s.folder / "extra", all, good);
  CHECK(resume_refused(s.folder / "extra", "\"optimizer.momentum_buffer.8.bias\" belongs to no"));
}

TEST_CASE("each entry of the metadata is needed, and must make sense") {
  saved s;
  const metadata good = tnn::SafetensorsFile(s.folder / "last").metadata();
  for (const auto& [key, value] : good) {
    if (key.starts_with("run.")) continue;
    metadata with = good;
    with.erase(key);
    rewrite(s.folder / "last", s.folder / "bad", with);
    CHECK(resume_refused(s.folder / "bad", key == "format" ? "weights alone" : key));
    for (const char* garbage : {"", "x", "1x", "nan", " 1", "0x10", "1,5"}) {
      with[key] = garbage;
      rewrite(s.folder / "last", s.folder / "bad", with);
      CHECK(resume_refused(s.folder / "bad", key, '"' + std::string(garbage) + '"'));
    }
  }
  for (const char* value : {"-1", "1.5", "99999999999999999999", "inf"}) {
    metadata with = good;
    with["position.batch"] = value;
    rewrite(s.folder / "last", s.folder / "bad", with);
    CHECK(resume_refused(s.folder / "bad", "position.batch", value, "whole number"));
  }
  metadata with = good;
  with["format"] = "tnn-checkpoint-1";
  rewrite(s.folder / "last", s.folder / "bad", with);
  CHECK(resume_refused(s.folder / "bad", "tnn-checkpoint-1", "expected \"tnn-checkpoint-2\""));
}

TEST_CASE("a position that no run reaches is refused: nothing worked out from it overflows") {
  saved s;
  const metadata good = tnn::SafetensorsFile(s.folder / "last").metadata();
  const std::string largest = "9223372036854775807";
  const std::pair<const char*, std::vector<std::string>> wrong[] = {
      {"position.epoch", {largest, "1000000001", "2"}},  // 2: the schedule has counted 3
      {"position.batch", {largest, "35"}},               // 34 images have been seen
      {"position.count", {largest, "2147483648", "16"}},
      {"position.right", {largest, "35"}},
      {"position.step", {largest, "8589934589"}},
      {"schedule.epochs", {largest, "4"}},
      {"schedule.bad_epochs", {largest, "4"}},
      {"position.loss_sum", {"-inf", "inf"}},
      {"position.weight", {"-1", "inf", "8"}},    // the interval's is 8.25
      {"position.labels", {largest, "8", "11"}},  // the interval's are 9, and 12 were right
      {"position.best_accuracy", {"1.5", "-2"}},
      {"position.best_loss", {"-inf"}},
      {"schedule.best", {"-inf"}},
      {"schedule.rate", {"-1", "inf"}},
      {"position.best_epoch", {largest, "4"}},
      {"position.interval_count", {largest, "35"}},
      {"position.interval_right", {largest, "10"}},
      {"position.interval_labels", {largest, "35", "1"}},
      {"position.interval_weight", {"-1", "35"}},
      {"position.interval_loss_sum", {"-inf", "inf"}}};
  for (const auto& [key, values] : wrong)
    for (const std::string& value : values) {
      CAPTURE(key, value);
      metadata with = good;
      with[key] = value;
      rewrite(s.folder / "last", s.folder / "bad", with);
      CHECK(resume_refused(s.folder / "bad", "expected", "the checkpoint is damaged"));
    }
}

TEST_CASE("what a checkpoint says is shown in escapes, and cut") {
  saved s;
  metadata with = tnn::SafetensorsFile(s.folder / "last").metadata();
  const std::string hostile = "\x1b[2J" + std::string(1000, 'x'), shown = "\\x1b[2Jxxx";
  const std::string good_format = std::exchange(with["format"], hostile);
  rewrite(s.folder / "last", s.folder / "bad", with);
  CHECK(resume_refused(s.folder / "bad", shown, "... (1004 bytes)"));
  with["format"] = good_format;
  with["position.epoch"] = with["run.batch"] = hostile;
  rewrite(s.folder / "last", s.folder / "bad", with);
  CHECK(resume_refused(s.folder / "bad", shown, "... (1004 bytes)"));
  const tnn::SafetensorsFile file(s.folder / "bad");
  CHECK(refuses([&] { tnn::require_same_run(file, asked); }, shown, "... (1004 bytes)"));
}

TEST_CASE("a checkpoint cut short anywhere is refused") {
  saved s;
  const std::string whole = s.folder.read("last");
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{7}, std::size_t{300}, whole.size() / 2, whole.size() - 1}) {
    s.folder.write("cut", whole.substr(0, bytes));
    CHECK(resume_refused(s.folder / "cut"));
  }
}

TEST_CASE("another run's options are refused by name") {
  saved s;
  const tnn::SafetensorsFile file(s.folder / "last");
  const auto wants = [&](const std::string& name, const std::string& value) {
    return [&file, name, value] {
      tnn::RunOptions options = asked;
      options[name] = value;
      tnn::require_same_run(file, options);
    };
  };
  CHECK(error_text(wants("batch", "4")) == "no error");
  CHECK(refuses(wants("batch", "8"), file.path().string(), "batch 4", "asks for 8",
                "ask for 4 again"));
  CHECK(refuses(wants("data", "00000000"), "data 89abcdef"));
  CHECK(refuses(wants("seed", "1"), "run.seed"));
}

TEST_CASE("on a full disk the old checkpoint stays") {
  saved s;
  const std::string before = s.folder.read("last");
  s.before.train();
  for (const rlim_t limit : {rlim_t{0}, rlim_t{4096}, rlim_t{before.size() - 1}}) {
    const pid_t child = fork();
    if (child == 0) {
      const rlimit few{limit, limit};
      setrlimit(RLIMIT_FSIZE, &few);
      const bool refused = refuses(
          [&] { tnn::save_checkpoint(s.before.training, somewhere(), asked, s.folder / "last"); },
          (s.folder / "last").string(), "File too large", "nothing was replaced");
      _exit(refused ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK((s.folder.read("last") == before));
    CHECK(s.folder.size() == 1);
  }
}

TEST_CASE("a training that has diverged leaves the old checkpoint") {
  saved s;
  const std::string before = s.folder.read("last");
  const std::vector<float> bias = {0, NAN, 0, 0};
  s.before.training.write_state("momentum_buffer", "7.bias", bias);
  CHECK(refuses(
      [&] { tnn::save_checkpoint(s.before.training, somewhere(), asked, s.folder / "last"); },
      "\"optimizer.momentum_buffer.7.bias\" holds nan at element 1", "diverged"));
  CHECK((s.folder.read("last") == before));
  CHECK(s.folder.size() == 1);
}
