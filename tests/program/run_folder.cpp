// The folder of a run: its logs are cut back to a checkpoint, and nobody else writes to it.
#include "alexnet/run_folder.hpp"

#include <sys/stat.h>

#include "alexnet/run_log.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

using program::run_folder;

TEST_CASE("what was logged after a checkpoint is forgotten, the rest kept as it was") {
  const temporary_folder folder;
  folder.write("last.safetensors", "x");
  run_folder run(folder.path(), true);
  run.add_epoch({{"epoch", 1}, {"loss", 0.1}, {"a", nullptr}});
  run.add_epoch({{"epoch", 2}, {"loss", 1.0 / 3}, {"a", 1}});
  for (int step = 5; step <= 20; step += 5) run.add_step({{"step", step}, {"b", 1}, {"a", 2}});
  const std::string metrics = folder.read("metrics.jsonl"), steps = folder.read("steps.jsonl");
  CHECK(metrics.substr(0, metrics.find('\n')) == R"({"epoch":1,"loss":0.1,"a":null})");

  run.rewind(2, 20);
  CHECK(folder.read("metrics.jsonl") == metrics);
  CHECK(folder.read("steps.jsonl") == steps);
  run.rewind(1, 14);
  CHECK(folder.read("metrics.jsonl") == metrics.substr(0, metrics.find('\n') + 1));
  CHECK(program::read_log(folder / "steps.jsonl", "step").size() == 2);
  run.rewind(0, 0);
  CHECK(folder.read("metrics.jsonl").empty());
}

TEST_CASE("logs that are none are refused when a run begins and when it goes on") {
  const temporary_folder folder;
  REQUIRE(mkfifo((folder / "metrics.jsonl").c_str(), 0600) == 0);
  CHECK(refuses([&] { run_folder run(folder.path(), false); }, "metrics.jsonl",
                "not a regular file"));
  folder.write("last.safetensors", "x");
  run_folder run(folder.path(), true);
  CHECK(refuses([&] { run.rewind(1, 10); }, "metrics.jsonl", "not a regular file"));
  std::filesystem::remove(folder / "metrics.jsonl");
  const std::string nested = std::string(100'000, '[') + std::string(100'000, ']');
  folder.write("metrics.jsonl", "{\"epoch\":1,\"a\":" + nested + "}\n");
  CHECK(refuses([&] { run.rewind(1, 10); }, "metrics.jsonl", "line 1", "no JSON object of plain"));
}

TEST_CASE("two trainings cannot share a folder") {
  const temporary_folder folder;
  {
    const run_folder first(folder / "run", false);
    CHECK(refuses([&] { run_folder second(folder / "run", false); }, (folder / "run").string(),
                  "is in use"));
  }
  CHECK(error_text([&] { run_folder second(folder / "run", false); }) == "no error");
}

TEST_CASE("a disk without room for the run's files is refused") {
  const temporary_folder folder;
  const run_folder run(folder.path(), false);
  CHECK(error_text([&] { run.require_space(1000); }) == "no error");
  CHECK(refuses([&] { run.require_space(std::uintmax_t{1} << 60); }, folder.path().string(),
                "MiB left", "free some space"));
}
