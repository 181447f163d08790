// Full-size AlexNet on a dozen images, by the program: whatever stops a run and however it goes on,
// it ends with the bytes of a run that nothing stopped.
#include <sys/stat.h>
#include <zlib.h>

#include <cmath>
#include <sstream>

#include <nlohmann/json.hpp>

#include <tnn/io/safetensors.hpp>
#include "support/alexnet_program.hpp"
#include "support/catch.hpp"

using nlohmann::ordered_json;

namespace {

constexpr const char* last = "last.safetensors";
constexpr const char* best = "best.safetensors";

// Ten images to train on, in five batches, and two held out.
std::vector<std::string> train(const temporary_folder& data, const std::string& out,
                               const std::vector<std::string>& more,
                               const std::string& rate = "0.02") {
  std::vector<std::string> all{"train",   "--data", data.path().string(), "--out", out,
                               "--batch", "2",      "--validation",       "2",     "--lr",
                               rate};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// Going on: what decides the weights comes from the checkpoint.
std::vector<std::string> resume(const temporary_folder& data, const std::string& out,
                                const std::vector<std::string>& more) {
  std::vector<std::string> all{"train", "--resume", "--data", data.path().string(), "--out", out};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// CRC-32 of last and best: the files themselves are too large to keep.
struct sums {
  uLong last = 0, best = 0;
  bool operator==(const sums&) const = default;
};
sums sums_of(const temporary_folder& run) {
  const auto sum = [&](const char* name) {
    const std::string all = run.read(name);
    return crc32_z(0, reinterpret_cast<const Bytef*>(all.data()), all.size());
  };
  return {sum(last), sum(best)};
}

std::vector<ordered_json> lines(const temporary_folder& run, const char* name) {
  std::vector<ordered_json> all;
  std::istringstream text(run.read(name));
  for (std::string line; std::getline(text, line);) all.push_back(ordered_json::parse(line));
  return all;
}

// What does not depend on the machine in an epoch's metrics.
std::vector<ordered_json> figures(const temporary_folder& run) {
  auto all = lines(run, "metrics.jsonl");
  for (ordered_json& line : all)
    for (const char* key : {"images_per_second", "seconds", "loader_wait_seconds"}) line.erase(key);
  return all;
}

bool holds_only_its_files(const temporary_folder& run) {
  return run.size() == 4 && std::filesystem::exists(run / "steps.jsonl");
}

std::string position(const temporary_folder& run, const char* name) {
  return tnn::safetensors_file(run / last).metadata().at(std::string("position.") + name);
}

// Two epochs that nothing stopped, on two threads.
struct whole_run {
  whole_run() {
    const temporary_folder run;
    const answer a = alexnet(train(data, run.path().string(), {"--epochs", "2", "--threads", "2"}));
    INFO(a.err);
    REQUIRE(a.code == 0);
    CHECK(holds_only_its_files(run));
    end = sums_of(run);
    metrics = lines(run, "metrics.jsonl");
    without_times = figures(run);
    steps = run.read("steps.jsonl");
    out = a.out;
  }
  small_data data;
  sums end;
  std::vector<ordered_json> metrics, without_times;
  std::string steps, out;
};
const whole_run& whole() {
  static const whole_run run;
  return run;
}

}  // namespace

TEST_CASE("a run says what it did, a line an epoch", "[slow]") {
  const std::vector<ordered_json>& metrics = whole().metrics;
  REQUIRE(metrics.size() == 2);
  int epoch = 0;
  for (const ordered_json& line : metrics) {
    ++epoch;
    std::vector<std::string> keys;
    for (const auto& [key, value] : line.items()) keys.push_back(key);
    CHECK(keys == std::vector<std::string>{"epoch", "step", "loss", "accuracy", "validation_loss",
                                           "validation_top1", "learning_rate", "images_per_second",
                                           "seconds", "loader_wait_seconds"});
    CHECK(line.at("epoch") == epoch);
    CHECK(line.at("step") == 5 * epoch);
    CHECK(std::abs(line.at("loss").get<double>() - std::log(10.0)) < 0.5);
    CHECK(std::abs(line.at("validation_loss").get<double>() - std::log(10.0)) < 0.5);
    for (const char* share : {"accuracy", "validation_top1"}) {
      CHECK(line.at(share) >= 0);
      CHECK(line.at(share) <= 1);
    }
    CHECK(line.at("learning_rate") == 0.02);
    CHECK(line.at("seconds") > 0);
    const double images =
        line.at("images_per_second").get<double>() * line.at("seconds").get<double>();
    CHECK(std::abs(images - 10) < 1e-6);
    CHECK(line.at("loader_wait_seconds") >= 0);
    CHECK(line.at("loader_wait_seconds") <= line.at("seconds"));
  }
  // Standard output is a file here: plain lines.
  const std::string& out = whole().out;
  CHECK(out.find("10 training and 2 validation images") != out.npos);
  CHECK(out.find("epoch 1/2 1/5  loss ") != out.npos);
  CHECK(out.find("epoch 2/2: loss ") != out.npos);
  CHECK(out.find("done after epoch 2") != out.npos);
  CHECK(out.find_first_of("\r\033") == out.npos);
}

TEST_CASE("one epoch on one thread, then a second: as two on two threads", "[slow]") {
  const whole_run& w = whole();
  const temporary_folder run;
  const std::string out = run.path().string();
  REQUIRE(alexnet(train(w.data, out, {"--epochs", "1", "--threads", "1"})).code == 0);
  CHECK(lines(run, "metrics.jsonl").size() == 1);
  CHECK(position(run, "epoch") == "1");

  SECTION("it goes on, and is of use afterwards") {
    const answer a = alexnet(resume(w.data, out, {"--epochs", "2", "--threads", "1"}));
    INFO(a.err);
    CHECK(a.code == 0);
    CHECK(a.out.find("going on in epoch 2, after 0 of 5 batches") != a.out.npos);
    CHECK(sums_of(run) == w.end);
    CHECK(figures(run) == w.without_times);
    CHECK(holds_only_its_files(run));

    const answer more = alexnet(resume(w.data, out, {"--epochs", "2"}));
    CHECK(more.code == 0);
    CHECK(more.out.find("epoch 2 is done already") != more.out.npos);
    CHECK(sums_of(run) == w.end);

    for (const char* file : {last, best}) {
      const answer e = alexnet({"evaluate", "--json", "--weights", (run / file).string(), "--data",
                                w.data.path().string()});
      REQUIRE(e.code == 0);
      const ordered_json report = ordered_json::parse(e.out);
      CHECK(std::abs(report.at("loss").get<double>() - std::log(10.0)) < 0.5);
      CHECK(report.at("top1") <= report.at("top5"));
    }
    const answer p =
        alexnet({"pictures", "--run", out, "--data", w.data.path().string(), "--threads", "1"});
    CHECK(p.code == 0);
    for (const char* file : {"loss.png", "filters.png", "predictions.png"})
      CHECK(std::filesystem::exists(run / file));
  }

  SECTION("another run's options are refused by name, and taken with --override") {
    const sums before = sums_of(run);
    const small_data other(7);
    const auto refused = [&](const temporary_folder& data, const std::vector<std::string>& option,
                             const std::string& words) {
      std::vector<std::string> more{"--epochs", "2"};
      more.insert(more.end(), option.begin(), option.end());
      const answer a = alexnet(resume(data, out, more));
      INFO(a.err);
      return a.code == 1 && a.out.empty() && a.says(words) && a.says("--override");
    };
    CHECK(refused(w.data, {"--batch", "3"}, "batch 2, but this one asks for 3"));
    CHECK(refused(w.data, {"--seed", "1"}, "seed 0, but this one asks for 1"));
    CHECK(refused(w.data, {"--limit", "11"}, "limit 0, but this one asks for 11"));
    CHECK(refused(w.data, {"--validation", "3"}, "validation 2, but this one asks for 3"));
    CHECK(refused(w.data, {"--lr", "0.01"}, "lr 0.02, but this one asks for 0.01"));
    CHECK(refused(w.data, {"--momentum", "0.5"}, "momentum 0.9, but this one asks for 0.5"));
    CHECK(refused(w.data, {"--weight-decay", "0"}, "weight-decay 0.0005, but"));
    CHECK(refused(w.data, {"--schedule", "step"}, "schedule plateau, but this one asks for step"));
    CHECK(refused(w.data, {"--factor", "0.5"}, "factor 0.1, but this one asks for 0.5"));
    CHECK(refused(w.data, {"--mean", "0.5"}, "mean 0, but this one asks for 0.5"));
    CHECK(refused(other, {}, "data "));
    // The same, said in other words.
    CHECK(alexnet(resume(w.data, out, {"--epochs", "1", "--limit", "12", "--lr", "2e-2"})).code ==
          0);
    // A fresh run where there is one.
    CHECK(alexnet(train(w.data, out, {})).says("holds a run already"));
    CHECK(sums_of(run) == before);

    const answer a = alexnet(resume(
        other, out,
        {"--override", "--epochs", "2", "--batch", "3", "--seed", "1", "--limit", "9",
         "--validation", "1", "--lr", "0.01", "--momentum", "0.5", "--schedule", "constant"}));
    INFO(a.err);
    CHECK(a.code == 0);
    CHECK(lines(run, "metrics.jsonl").back().at("step") == 5 + 3);
    CHECK(lines(run, "metrics.jsonl").back().at("learning_rate") == 0.01);
    const auto asked = tnn::safetensors_file(run / last).metadata();
    CHECK(asked.at("run.batch") == "3");
    CHECK(asked.at("run.schedule") == "constant");
  }
}

TEST_CASE("Ctrl-C in mid-epoch saves and stops, and the resumed run ends the same", "[slow]") {
  const whole_run& w = whole();
  const temporary_folder run;
  {
    process p(TNN_ALEXNET_PROGRAM,
              train(w.data, run.path().string(), {"--epochs", "2", "--threads", "1"}));
    REQUIRE(p.until([&] { return p.out().find("epoch 1/2 1/5") != std::string::npos; }));
    p.signal(SIGINT);
    CHECK(p.wait() == 128 + SIGINT);
    INFO(p.out());
    CHECK(p.out().find("stopped in epoch 1, after batch ") != std::string::npos);
    CHECK(p.out().find("weights so far, never validated") != std::string::npos);
    CHECK(p.out().find("--resume goes on from here") != std::string::npos);
    CHECK(p.err().find("stopping after this batch") != std::string::npos);
  }
  CHECK(position(run, "epoch") == "0");
  CHECK(position(run, "batch") != "0");
  CHECK(position(run, "batch") < std::string("5"));
  CHECK(std::filesystem::exists(run / best));
  const answer a =
      alexnet(resume(w.data, run.path().string(), {"--epochs", "2", "--threads", "2"}));
  INFO(a.err);
  CHECK(a.code == 0);
  CHECK(sums_of(run) == w.end);
  CHECK(figures(run) == w.without_times);
  CHECK(run.read("steps.jsonl") == w.steps);  // of all steps, those before Ctrl-C too
}

TEST_CASE("Ctrl-C under `| tee`, which ends tee at once, still saves", "[slow]") {
  const small_data data;
  const temporary_folder run;
  const std::string log = (run / "log").string();
  std::vector<std::string> arguments{"-c", "\"$0\" \"$@\" 2>&1 | tee " + log, TNN_ALEXNET_PROGRAM};
  for (const std::string& word :
       train(data, (run / "run").string(), {"--epochs", "9", "--threads", "2"}))
    arguments.push_back(word);
  process p("/bin/bash", arguments);
  REQUIRE(p.until([&] { return p.out().find("epoch 1/9 1/5") != std::string::npos; }));
  p.signal_all(SIGINT);
  p.wait();
  CHECK(std::filesystem::exists(run / "run" / last));
  CHECK(std::filesystem::exists(run / "run" / best));
}

TEST_CASE("a closing terminal, whose output nobody reads any more: the run saves", "[slow]") {
  const small_data data;
  const temporary_folder run;
  // The first line is read, as by `| head -1`; the shell becomes the program.
  std::vector<std::string> arguments{
      "-c", "mkfifo \"$0/pipe\"; head -1 <\"$0/pipe\" >/dev/null & exec \"$@\" >\"$0/pipe\"",
      run.path().string(), TNN_ALEXNET_PROGRAM};
  for (const std::string& word :
       train(data, (run / "run").string(), {"--epochs", "9", "--threads", "2"}))
    arguments.push_back(word);
  process p("/bin/bash", arguments);
  constexpr std::string_view unread =
      "cannot write to standard output: Broken pipe; the training goes on unwatched";
  REQUIRE(p.until([&] { return p.err().find(unread) != std::string::npos; }));
  REQUIRE(p.until([&] { return std::filesystem::exists(run / "run" / "steps.jsonl"); }));
  p.signal(SIGHUP);
  p.signal(SIGHUP);  // the shell's and the system's
  CHECK(p.wait() == 128 + SIGHUP);
  INFO(p.err());
  CHECK(p.err().find("cannot write") == p.err().rfind("cannot write"));
  CHECK(std::filesystem::exists(run / "run" / last));
  CHECK(std::filesystem::exists(run / "run" / best));
}

TEST_CASE("a run whose folder is moved saves in it, and leaves alone what took its place",
          "[slow]") {
  const small_data data;
  const temporary_folder folder;
  process p(TNN_ALEXNET_PROGRAM,
            train(data, (folder / "run").string(), {"--epochs", "9", "--threads", "2"}));
  REQUIRE(p.until([&] { return p.out().find("epoch 1/9 1/5") != std::string::npos; }));
  std::filesystem::rename(folder / "run", folder / "moved");
  std::filesystem::create_directory(folder / "run");
  folder.write("run/last.safetensors", "another run's");
  p.signal(SIGTERM);
  p.signal(SIGTERM);  // as timeout does
  CHECK(p.wait() == 128 + SIGTERM);
  CHECK(p.out().find((folder / "moved").string() + ": best.safetensors") != std::string::npos);
  CHECK(std::filesystem::exists(folder / "moved" / last));
  CHECK(std::filesystem::exists(folder / "moved" / best));
  CHECK(folder.read("run/last.safetensors") == "another run's");
  CHECK(std::distance(std::filesystem::directory_iterator(folder / "run"), {}) == 1);
}

TEST_CASE("a run that is killed goes on from its last checkpoint, and ends the same", "[slow]") {
  const whole_run& w = whole();
  const temporary_folder run;
  {
    process p(TNN_ALEXNET_PROGRAM,
              train(w.data, run.path().string(),
                    {"--epochs", "2", "--threads", "1", "--save-minutes", "0.00001"}));
    // The second checkpoint is being written while the first is there.
    REQUIRE(p.until([&] { return std::filesystem::exists(run / last); }));
    REQUIRE(p.until([&] {
      for (const auto& file : std::filesystem::directory_iterator(run.path()))
        if (file.path().extension() == ".tmp") return true;
      return false;
    }));
    p.signal(SIGKILL);
    CHECK(p.wait() == -SIGKILL);
  }
  CHECK(position(run, "epoch") == "0");
  CHECK(position(run, "batch") != "0");
  CHECK_FALSE(std::filesystem::exists(run / best));  // in the first epoch
  const answer a =
      alexnet(resume(w.data, run.path().string(), {"--epochs", "2", "--threads", "2"}));
  INFO(a.err);
  CHECK(a.code == 0);
  CHECK(sums_of(run) == w.end);
  CHECK(figures(run) == w.without_times);
  CHECK(holds_only_its_files(run));
}

TEST_CASE("killed between the two files of its first epoch, a run goes on to the same end",
          "[slow]") {
  const whole_run& w = whole();
  const temporary_folder run;
  {
    process p(TNN_ALEXNET_PROGRAM,
              train(w.data, run.path().string(), {"--epochs", "2", "--threads", "2"}));
    REQUIRE(p.until([&] {
      return std::filesystem::exists(run / last) || std::filesystem::exists(run / best);
    }));
    p.signal(SIGKILL);
    CHECK(p.wait() == -SIGKILL);
  }
  const answer a =
      alexnet(resume(w.data, run.path().string(), {"--epochs", "2", "--threads", "2"}));
  INFO(a.err);
  CHECK(a.code == 0);
  CHECK(sums_of(run) == w.end);
  CHECK(figures(run) == w.without_times);
  CHECK(holds_only_its_files(run));
}

TEST_CASE("a disk that is full at the end of the first epoch leaves a folder to begin in",
          "[slow]") {
  const small_data data;
  const temporary_folder run;
  // Enough for the weights alone.
  process p(TNN_ALEXNET_PROGRAM,
            train(data, run.path().string(), {"--epochs", "1", "--threads", "2"}), 300'000'000);
  CHECK(p.wait() == 1);
  CHECK(p.err().find("File too large; nothing was replaced") != std::string::npos);
  const answer a = alexnet(train(data, run.path().string(), {"--minutes", "0.00001"}));
  INFO(a.err);
  CHECK(a.code == 0);
}

TEST_CASE("on a full disk a run ends with an error, and its checkpoint is still good", "[slow]") {
  const small_data data;
  const temporary_folder run;
  const std::string out = run.path().string();
  REQUIRE(alexnet(train(data, out, {"--minutes", "0.00001", "--threads", "2"})).code == 0);
  {
    // What a checkpoint replaces leaves the disk at once: nobody holds it open.
    process p(TNN_ALEXNET_PROGRAM,
              resume(data, out, {"--epochs", "1", "--threads", "2", "--save-minutes", "0.00001"}));
    struct stat first {
    }, now{};
    REQUIRE(stat((run / last).c_str(), &first) == 0);
    REQUIRE(p.until(
        [&] { return stat((run / last).c_str(), &now) == 0 && now.st_ino != first.st_ino; }));
    for (const auto& fd :
         std::filesystem::directory_iterator("/proc/" + std::to_string(p.pid()) + "/fd")) {
      std::error_code closed_meanwhile;
      const std::string file = std::filesystem::read_symlink(fd, closed_meanwhile).string();
      CHECK(file.find("last.safetensors (deleted)") == file.npos);
    }
  }
  const sums before = sums_of(run);
  process p(TNN_ALEXNET_PROGRAM, resume(data, out, {"--epochs", "1", "--threads", "2"}),
            300'000'000);
  CHECK(p.wait() == 1);
  CHECK(p.err().find((run / last).string()) != std::string::npos);
  CHECK(p.err().find("File too large; nothing was replaced") != std::string::npos);
  CHECK(sums_of(run).last == before.last);
  CHECK(alexnet(resume(data, out, {"--epochs", "1", "--threads", "2"})).code == 0);
  CHECK(position(run, "epoch") == "1");
  CHECK(holds_only_its_files(run));
}

TEST_CASE("--minutes stops by time", "[slow]") {
  const small_data data;
  const temporary_folder run;
  const answer a = alexnet(train(data, run.path().string(), {"--minutes", "0.00001"}));
  INFO(a.err);
  CHECK(a.code == 0);
  CHECK(a.out.find("time is up in epoch 1, after batch 1 of 5") != a.out.npos);
  CHECK(position(run, "batch") == "1");
  // Weights that nobody has validated are those of the last stop, and said to be what they are.
  const auto step = [&] {
    return tnn::safetensors_file(run / best).metadata().at("position.step");
  };
  CHECK(step() == "1");
  CHECK(alexnet(resume(data, run.path().string(), {"--minutes", "0.00001"})).code == 0);
  CHECK(step() == "2");
  CHECK_FALSE(tnn::safetensors_file(run / best).metadata().contains("validation.top1"));
}

TEST_CASE("a training that diverges keeps the checkpoint from before, and says how to go on",
          "[slow]") {
  const small_data data;
  const temporary_folder run;
  const std::string out = run.path().string();
  // The same command with what the error offers trains one more epoch.
  int epochs = 1;
  const auto remedied = [&](const answer& failed) {
    std::istringstream words(failed.err.substr(failed.err.find("the same command with ") + 22));
    std::vector<std::string> offered{"--epochs", std::to_string(++epochs)};
    for (std::string word; words >> word && word != "goes";) offered.push_back(word);
    INFO(failed.err);
    const answer a = alexnet(resume(data, out, offered));
    INFO(a.err);
    CHECK(a.code == 0);
    const auto metrics = lines(run, "metrics.jsonl");
    CHECK(std::ssize(metrics) == epochs);
    for (const ordered_json& line : metrics)
      CHECK(std::abs(line.at("loss").get<double>() - std::log(10.0)) < 0.5);
    CHECK(holds_only_its_files(run));
  };
  REQUIRE(alexnet(train(data, out, {"--epochs", "1"})).code == 0);
  const sums good = sums_of(run);

  const answer before_any =
      alexnet(resume(data, out, {"--epochs", "9", "--override", "--lr", "5"}));
  CHECK(before_any.code == 1);
  CHECK(before_any.says("diverged"));
  CHECK(before_any.says("--resume --override --lr 0.01 goes on from last.safetensors"));
  CHECK(sums_of(run) == good);
  remedied(before_any);

  const answer after_one = alexnet(
      resume(data, out, {"--epochs", "9", "--override", "--lr", "5", "--save-minutes", "0.00001"}));
  CHECK(after_one.code == 1);
  CHECK(after_one.says("diverged"));
  CHECK(after_one.says("--previous --override --lr 0.01 goes on from previous.safetensors"));
  CHECK(after_one.out.find("stays, as previous.safetensors") != after_one.out.npos);
  CHECK(run.size() == 5);
  remedied(after_one);
}

TEST_CASE("a training that diverges at once says to begin anew", "[slow]") {
  const small_data data;
  const temporary_folder run;
  const answer a = alexnet(train(data, run.path().string(), {"--epochs", "3"}, "1e5"));
  INFO(a.err);
  CHECK(a.code == 1);
  CHECK(a.says("diverged"));
  CHECK(a.says("there is no checkpoint from before: begin anew with --lr 0.01\n"));
  CHECK_FALSE(std::filesystem::exists(run / best));
  CHECK_FALSE(std::filesystem::exists(run / last));
  CHECK(alexnet(train(data, run.path().string(), {"--minutes", "0.00001"}, "0.01")).code == 0);
}
