// scripts/demo uses its folder only when that is nobody else's, and Ctrl-C ends it after the
// checkpoint. It is the script itself, in a folder where the program is built already, on data of a
// few images.
#include <sys/stat.h>

#include "support/alexnet_program.hpp"
#include "support/catch.hpp"

namespace {

struct demo {
  demo() {
    for (const char* name : {"scripts", "bin", "build/release/examples"})
      std::filesystem::create_directories(here / name);
    std::filesystem::copy("scripts/demo", here / "scripts/demo");
    program("scripts/setup", "");
    program("bin/cmake", "");
    // Of the script's options only the time and the number of test images are too large.
    program("build/release/examples/alexnet",
            "command=$1; shift\n"
            "for word; do\n"
            "  shift\n"
            "  case $word in 4) word=$MINUTES ;; 1000) word=16 ;; esac\n"
            "  set -- \"$@\" \"$word\"\n"
            "done\n"
            "exec " TNN_ALEXNET_PROGRAM " \"$command\" \"$@\" --threads 2 --data " +
                data.path().string() + "\n");
  }

  std::vector<std::string> command(const std::string& minutes) const {
    return {"-c", "cd \"$0\" && PATH=$PWD/bin:$PATH MINUTES=" + minutes + " exec scripts/demo",
            here.path().string()};
  }
  answer run() const {
    process p("/bin/bash", command("0.00001"));
    const int code = p.wait();
    return {code, p.out(), p.err()};
  }
  bool refuses(std::string_view words) const {
    const answer a = run();
    INFO(a.err);
    return a.code == 1 && a.says(words) && a.out.empty();
  }
  ino_t inode(const char* name) const {
    struct stat status {};
    return stat((here / name).c_str(), &status) == 0 ? status.st_ino : 0;
  }

  const small_data data;
  const temporary_folder here;

 private:
  void program(const char* name, const std::string& text) const {
    here.write(name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(here / name, std::filesystem::perms::owner_all);
  }
};

}  // namespace

TEST_CASE("demo: Ctrl-C, an earlier demo, a running one, and a folder that it did not make",
          "[slow]") {
  const demo d;
  {
    process p("/bin/bash", d.command("9"));
    REQUIRE(p.until([&] { return p.out().find("epoch 1 1/1") != std::string::npos; }));
    p.signal_all(SIGINT);
    CHECK(p.wait() == 128 + SIGINT);
    CHECK(p.out().find("Evaluating") == std::string::npos);
  }
  const ino_t first = d.inode("demo/last.safetensors");
  CHECK(first != 0);

  const answer again = d.run();  // in place of what the first one made
  INFO(again.err);
  CHECK(again.code == 0);
  CHECK(again.out.find("16 test images: loss") != again.out.npos);
  for (const char* name :
       {"demo/loss.png", "demo/filters.png", "demo/predictions.png", "demo/report.html"})
    CHECK(d.inode(name) != 0);
  const ino_t second = d.inode("demo/best.safetensors");
  std::ofstream(d.here / "demo/metrics.jsonl", std::ios::app) << "{}\n";
  CHECK(d.refuses("holds what this script did not make, or has changed since"));
  CHECK(d.inode("demo/best.safetensors") == second);

  std::filesystem::remove_all(d.here / "demo");
  {
    process training(TNN_ALEXNET_PROGRAM,
                     {"train", "--data", d.data.path().string(), "--out",
                      (d.here / "demo").string(), "--epochs", "1000", "--threads", "2"});
    REQUIRE(training.until([&] { return training.out().find(" 1/1 ") != std::string::npos; }));
    CHECK(d.refuses("is in use"));
    training.signal(SIGTERM);
    CHECK(training.wait() == 128 + SIGTERM);
  }
  const ino_t third = d.inode("demo/last.safetensors");
  CHECK(third != 0);
  CHECK(d.refuses("holds what this script did not make"));
  CHECK(d.inode("demo/last.safetensors") == third);

  std::filesystem::rename(d.here / "demo", d.here / "kept");
  std::filesystem::create_directory(d.here / "demo");
  d.here.write("demo/thesis.txt", "a user's own");
  CHECK(d.refuses("holds what this script did not make"));
  CHECK(d.here.read("demo/thesis.txt") == "a user's own");
  std::filesystem::remove_all(d.here / "demo");
  std::filesystem::create_directory_symlink(d.here / "kept", d.here / "demo");
  CHECK(d.refuses("another thing's"));
  CHECK(d.inode("kept/last.safetensors") == third);
}
