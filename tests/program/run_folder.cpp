// The folder of a run: its logs are cut back to a checkpoint, nobody else writes to it, and the run
// writes to no other, wherever folders are moved and whatever lies in them.
#include "alexnet/run_folder.hpp"

#include <sys/stat.h>

#include <tnn/files/atomic_file.hpp>

#include "alexnet/run_log.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

using program::beginning;
using program::run_folder;

TEST_CASE("what was logged after a checkpoint is forgotten, the rest kept as it was") {
  const temporary_folder folder;
  folder.write("last.safetensors", "x");
  run_folder run(folder.path(), beginning::from_last);
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
  CHECK(refuses([&] { run_folder run(folder.path(), beginning::anew); }, "metrics.jsonl",
                "not a regular file"));
  folder.write("last.safetensors", "x");
  run_folder run(folder.path(), beginning::from_last);
  CHECK(refuses([&] { run.rewind(1, 10); }, "metrics.jsonl", "not a regular file"));
  std::filesystem::remove(folder / "metrics.jsonl");
  const std::string nested = std::string(100'000, '[') + std::string(100'000, ']');
  folder.write("metrics.jsonl", "{\"epoch\":1,\"a\":" + nested + "}\n");
  CHECK(refuses([&] { run.rewind(1, 10); }, "metrics.jsonl", "line 1", "no JSON object of plain"));
}

TEST_CASE("two trainings cannot share a folder") {
  const temporary_folder folder;
  {
    const run_folder first(folder / "run", beginning::anew);
    CHECK(refuses([&] { run_folder second(folder / "run", beginning::anew); },
                  (folder / "run").string(), "is in use"));
  }
  CHECK(error_text([&] { run_folder second(folder / "run", beginning::anew); }) == "no error");
}

TEST_CASE("--resume makes no folder") {
  const temporary_folder folder;
  for (const beginning how : {beginning::from_last, beginning::from_previous})
    CHECK(refuses([&] { run_folder run(folder / "typo", how); }, (folder / "typo").string(),
                  "--resume finds no folder"));
  CHECK(folder.size() == 0);
}

TEST_CASE("a run whose folder is moved goes on in it, and leaves another run's files alone") {
  const temporary_folder folder;
  run_folder run(folder / "run", beginning::anew);
  run.add_step({{"step", 1}});
  std::filesystem::rename(folder / "run", folder / "moved");
  run_folder other(folder / "run", beginning::anew);
  other.add_step({{"step", 7}});

  run.add_step({{"step", 2}});
  run.add_epoch({{"epoch", 1}});
  tnn::write_file_atomically(run.last(), "weights");
  tnn::write_file_atomically(run.best(), "weights");
  run.keep_last();
  run.rewind(1, 1);
  CHECK(run.path() == folder / "moved");
  CHECK(run.has_last());
  CHECK_FALSE(other.has_last());
  CHECK(folder.read("moved/steps.jsonl") == "{\"step\":1}\n");
  CHECK(folder.read("moved/previous.safetensors") == "weights");
  CHECK(folder.read("run/steps.jsonl") == "{\"step\":7}\n");
  CHECK(std::distance(std::filesystem::directory_iterator(folder / "run"), {}) == 1);
  CHECK(refuses([&] { run_folder second(folder / "moved", beginning::from_last); }, "is in use"));
}

TEST_CASE("what lies in the folder is not written through, and what is not the run's stays") {
  const temporary_folder folder, elsewhere;
  elsewhere.write("precious", "a user's own");
  folder.write(".tnn-can-write", "a user's own");  // what an earlier version tried the folder with
  for (const char* name : {"steps.jsonl", "metrics.jsonl", "last.safetensors.1-0.tmp"})
    std::filesystem::create_symlink(elsewhere / "precious", folder / name);
  const auto is_kept = [&] {
    return elsewhere.read("precious") == "a user's own" &&
           folder.read(".tnn-can-write") == "a user's own";
  };
  SECTION("a file of the probe's name, links in the place of logs") {
    run_folder run(folder.path(), beginning::anew);
    run.add_step({{"step", 1}});
    CHECK(is_kept());
    CHECK(folder.read("steps.jsonl") == "{\"step\":1}\n");
  }
  SECTION("links that are planted later") {
    for (const char* name : {"steps.jsonl", "metrics.jsonl"})
      std::filesystem::remove(folder / name);
    run_folder run(folder.path(), beginning::anew);
    std::filesystem::create_symlink(elsewhere / "precious", folder / "steps.jsonl");
    CHECK(refuses([&] { run.add_step({{"step", 1}}); }, "steps.jsonl"));
    CHECK(is_kept());
  }
  SECTION("a link of the probe's name") {
    for (const char* name : {".tnn-can-write", "steps.jsonl", "metrics.jsonl"})
      std::filesystem::remove(folder / name);
    std::filesystem::create_symlink(elsewhere / "precious", folder / ".tnn-can-write");
    run_folder run(folder.path(), beginning::anew);
    CHECK(is_kept());
    CHECK(std::filesystem::is_symlink(folder / ".tnn-can-write"));
  }
}

TEST_CASE("the checkpoint from before a divergence stays until it is dropped or gone back to") {
  const temporary_folder folder;
  const auto begins = [&](beginning how) {
    return error_text([&] { run_folder run(folder.path(), how); });
  };
  {
    run_folder run(folder.path(), beginning::anew);
    tnn::write_file_atomically(run.last(), "good");
    run.keep_last();
    CHECK(run.has_last());  // a kill here leaves both
    tnn::write_file_atomically(run.last(), "ruined");
    CHECK(folder.read("previous.safetensors") == "good");
    run.drop_previous();
    run.drop_previous();
    CHECK_FALSE(run.has_previous());
    CHECK(folder.read("last.safetensors") == "ruined");

    tnn::write_file_atomically(run.last(), "good");
    run.keep_last();
    run.keep_last();  // again, of what is already kept
    run.go_back();    // both are names of one file
    CHECK_FALSE(run.has_previous());
    CHECK(folder.read("last.safetensors") == "good");
    run.keep_last();
    tnn::write_file_atomically(run.last(), "ruined");
    run.go_back();
    CHECK_FALSE(run.has_previous());
    CHECK(folder.read("last.safetensors") == "good");
  }
  CHECK(begins(beginning::from_previous).find("finds no previous.safetensors") !=
        std::string::npos);
  std::filesystem::rename(folder / "last.safetensors", folder / "previous.safetensors");
  for (const beginning how : {beginning::anew, beginning::from_last})
    CHECK(begins(how).find("--resume --previous goes on from it") != std::string::npos);
  CHECK(begins(beginning::from_previous) == "no error");
}

TEST_CASE("a disk without room for the run's files is refused") {
  const temporary_folder folder;
  const run_folder run(folder.path(), beginning::anew);
  CHECK(error_text([&] { run.require_space(1000); }) == "no error");
  CHECK(refuses([&] { run.require_space(std::uintmax_t{1} << 60); }, folder.path().string(),
                "MiB left", "free some space"));
}
