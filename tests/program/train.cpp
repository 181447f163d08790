// Full-size AlexNet on a dozen images, by the program: whatever stops a run and however it goes on,
// it ends with the bytes of a run that nothing stopped.
#include <cmath>

#include "support/catch.hpp"
#include "support/small_training.hpp"

namespace {

// What does not depend on the machine in an epoch's metrics.
std::vector<ordered_json> figures(const temporary_folder& run) {
  auto all = lines(run, "metrics.jsonl");
  for (ordered_json& line : all)
    for (const char* key : {"images_per_second", "seconds", "loader_wait_seconds"}) line.erase(key);
  return all;
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

/// Goes on from the run's checkpoint, to the end of the run that nothing stopped.
void check_resumed(const temporary_folder& run) {
  const whole_run& w = whole();
  const answer a =
      alexnet(resume(w.data, run.path().string(), {"--epochs", "2", "--threads", "2"}));
  INFO(a.err);
  CHECK(a.code == 0);
  CHECK(sums_of(run) == w.end);
  CHECK(figures(run) == w.without_times);
  CHECK(holds_only_its_files(run));
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
    const recorded::epoch& expected = recorded::epochs[epoch - 1];
    CHECK(std::abs(line.at("loss").get<double>() - expected.loss) < recorded::tolerance);
    CHECK(std::abs(line.at("validation_loss").get<double>() - expected.validation_loss) <
          recorded::tolerance);
    CHECK(line.at("validation_top1") == expected.validation_top1);
    // Of the ten training images one has two answers that are nearly the same.
    const double right = 10 * line.at("accuracy").get<double>();
    CHECK(std::abs(right - std::round(right)) < 1e-12);
    CHECK(std::abs(right - 10 * expected.accuracy) < 1 + 1e-12);
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

TEST_CASE("a run in micro-batches goes on in them, and no run mixes them with whole batches",
          "[slow]") {
  const whole_run& w = whole();
  const temporary_folder run;
  const std::string out = run.path().string();
  const answer a = alexnet(train(w.data, out, {"--epochs", "1", "--micro-batch", "1"}));
  INFO(a.err);
  REQUIRE(a.code == 0);
  CHECK(sums_of(run) != w.end);
  const answer other = alexnet(resume(w.data, out, {"--epochs", "2", "--micro-batch", "2"}));
  CHECK(other.code != 0);
  CHECK(other.says("micro-batch 1, but this one asks for 0"));
  CHECK(alexnet(resume(w.data, out, {"--epochs", "2"})).code == 0);
  CHECK(std::abs(lines(run, "metrics.jsonl")[1].at("loss").get<double>() -
                 w.metrics[1].at("loss").get<double>()) < 0.05);
}

TEST_CASE("augmentation belongs to a run: it goes on with the same bytes, and can be looked at",
          "[slow]") {
  const whole_run& w = whole();
  const temporary_folder at_once, in_two;
  const std::vector<std::string> asked{"--flip", "0.5", "--crop", "0.3", "--erase", "0.5"};
  const auto with = [&](const char* epochs) {
    std::vector<std::string> all = asked;
    all.insert(all.end(), {"--epochs", epochs});
    return all;
  };
  REQUIRE(alexnet(train(w.data, at_once.path().string(), with("2"))).code == 0);
  CHECK(sums_of(at_once) != w.end);
  const std::string out = in_two.path().string();
  REQUIRE(alexnet(train(w.data, out, with("1"))).code == 0);
  const answer other = alexnet(resume(w.data, out, {"--epochs", "2", "--flip", "0"}));
  CHECK(other.says("flip 0.5, but this one asks for 0"));
  REQUIRE(alexnet(resume(w.data, out, {"--epochs", "2"})).code == 0);
  CHECK(sums_of(in_two) == sums_of(at_once));
  const answer drawn = alexnet({"pictures", "--run", out, "--data", w.data.path().string()});
  CHECK(drawn.code == 0);
  CHECK(contains(drawn.out, "augmented.png"));
  CHECK(std::filesystem::file_size(in_two / "augmented.png") > 10'000);
}

TEST_CASE("a run may begin with the weights of another, but for some layers", "[slow]") {
  const whole_run& w = whole();
  const temporary_folder first, second;
  REQUIRE(alexnet(train(w.data, first.path().string(), {"--epochs", "1"})).code == 0);
  const std::string weights = (first / best).string();
  const auto begun_with = [&](const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> all{"--epochs", "1", "--seed", "9", "--from", weights};
    all.insert(all.end(), more.begin(), more.end());
    return alexnet(train(w.data, out, all, "1e-30"));  // a rate that changes no weight
  };
  REQUIRE(begun_with(second.path().string(), {"--except", "20"}).code == 0);
  const tnn::SafetensorsFile was(weights), is(second / best);
  const auto tensor = [](const tnn::SafetensorsFile& file, const char* name) {
    std::vector<float> values;
    std::size_t size = 1;
    for (const std::int64_t extent : file.info(name).shape)
      size *= static_cast<std::size_t>(extent);
    values.resize(size);
    file.read(name, std::span<float>(values));
    return values;
  };
  CHECK(tensor(is, "3.weight") == tensor(was, "3.weight"));
  CHECK(tensor(is, "20.weight") != tensor(was, "20.weight"));
  const temporary_folder third;
  const std::string out = third.path().string();
  CHECK(begun_with(out, {"--except", "21"})
            .says("no layer or tensor of this network is called \"21\""));
  CHECK(alexnet(train(w.data, out, {"--from", (first / "none").string()})).says("none"));
  CHECK(alexnet(train(w.data, out, {"--from", weights, "--resume"})).code != 0);
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

    for (const auto& [file, loss] :
         {std::pair{last, recorded::loss_of_last}, std::pair{best, recorded::loss_of_best}}) {
      const answer e = alexnet({"evaluate", "--json", "--weights", (run / file).string(), "--data",
                                w.data.path().string()});
      REQUIRE(e.code == 0);
      const ordered_json report = ordered_json::parse(e.out);
      CHECK(std::abs(report.at("loss").get<double>() - loss) < recorded::tolerance);
      CHECK(report.at("top1") == 2.0 / 16);  // every image gets the same answer
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
    const auto asked = tnn::SafetensorsFile(run / last).metadata();
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
  check_resumed(run);
  CHECK(run.read("steps.jsonl") == w.steps);  // of all steps, those before Ctrl-C too
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
  check_resumed(run);
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
  std::filesystem::remove(run / best);  // whether the kill came before it was written or after
  check_resumed(run);
}
