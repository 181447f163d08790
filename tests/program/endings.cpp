// What ends a training or keeps it from going on, by the program: output that nobody reads, a
// folder that is moved, a full disk, time, divergence. What it had is saved, and it says how to go
// on.
#include <sys/stat.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/small_training.hpp"

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
  const auto step = [&] { return tnn::SafetensorsFile(run / best).metadata().at("position.step"); };
  CHECK(step() == "1");
  CHECK(alexnet(resume(data, run.path().string(), {"--minutes", "0.00001"})).code == 0);
  CHECK(step() == "2");
  CHECK_FALSE(tnn::SafetensorsFile(run / best).metadata().contains("validation.top1"));
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
    for (std::size_t i = 0; i < metrics.size(); ++i)
      CHECK(std::abs(metrics[i].at("loss").get<double>() - recorded::slower_losses[i]) <
            recorded::tolerance);
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
  CHECK(run.size() == 6);
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
