// What is in the target's place is always a whole file: the old one, or the new one.
#include <tnn/files/atomic_file.hpp>

#include <sys/resource.h>
#include <sys/wait.h>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

namespace {

// Runs the call in a child process that may write only `limit` bytes to a file. True: it threw a
// tnn::error that names the reason (and no signal ended the process).
template <class Call>
bool refused_when_disk_is_full(rlim_t limit, Call call) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit few{limit, limit};
    setrlimit(RLIMIT_FSIZE, &few);
    _exit(refuses(call, "File too large", "nothing was replaced") ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("a file is written and replaced") {
  const temporary_folder folder;
  tnn::write_file_atomically(folder / "a", "one");
  CHECK(folder.read("a") == "one");
  const std::string large(3'000'000, 'x');
  tnn::write_file_atomically(folder / "a", large);
  CHECK(folder.read("a") == large);
  tnn::write_file_atomically(folder / "a", "");
  CHECK(folder.read("a").empty());
  CHECK(folder.size() == 1);
}

TEST_CASE("a name without a folder is in the current one") {
  const temporary_folder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  tnn::write_file_atomically("here", "text");
  std::filesystem::current_path(before);
  CHECK(folder.read("here") == "text");
}

TEST_CASE("without commit nothing happened") {
  const temporary_folder folder;
  folder.write("a", "old");
  {
    tnn::AtomicFile file(folder / "a");
    file.write(std::as_bytes(std::span("new", 3)));
    CHECK(folder.read("a") == "old");
    CHECK(folder.size() == 2);
  }
  CHECK(folder.read("a") == "old");
  CHECK(folder.size() == 1);
}

TEST_CASE(
    "a folder that is moved takes its files with it, and what takes its place is not touched") {
  const temporary_folder folder;
  std::filesystem::create_directory(folder / "run");
  const tnn::detail::held_folder run(folder / "run");
  tnn::AtomicFile by_path(folder / "run/a"), held({run, "b"});
  for (tnn::AtomicFile* file : {&by_path, &held}) file->write(std::as_bytes(std::span("new", 3)));
  std::filesystem::rename(folder / "run", folder / "moved");
  std::filesystem::create_directory(folder / "run");
  by_path.commit();
  held.commit();
  tnn::write_file_atomically({run, "c"}, "new");
  CHECK(std::filesystem::is_empty(folder / "run"));
  for (const char* name : {"moved/a", "moved/b", "moved/c"}) CHECK(folder.read(name) == "new");
  CHECK(run.path() == folder / "moved");
  CHECK(run.holds("c"));
  std::filesystem::remove_all(folder / "moved");
  CHECK(refuses([&] { tnn::write_file_atomically({run, "d"}, "new"); }, "moved", "No such file"));
}

TEST_CASE("two writers of one target do not meet") {
  const temporary_folder folder;
  tnn::AtomicFile first(folder / "a");
  tnn::AtomicFile second(folder / "a");
  first.write(std::as_bytes(std::span("first", 5)));
  second.write(std::as_bytes(std::span("second", 6)));
  second.commit();
  CHECK(folder.read("a") == "second");
  first.commit();
  CHECK(folder.read("a") == "first");
  CHECK(folder.size() == 1);
}

TEST_CASE("what a killed writer left is removed by the next, and nothing else") {
  const temporary_folder folder;
  const pid_t child = fork();
  if (child == 0) {
    tnn::AtomicFile file(folder / "a");
    file.write(std::as_bytes(std::span("half", 4)));
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(folder.size() == 1);
  folder.write("a.b.tmp", "a user's");
  folder.write("a.tmp", "a user's");
  folder.write("b.1-2.tmp", "another target's");
  tnn::write_file_atomically(folder / "a", "whole");
  CHECK(folder.read("a") == "whole");
  CHECK(folder.size() == 4);
}

TEST_CASE("a full disk is an error, and the old file stays") {
  const temporary_folder folder;
  folder.write("a", "old");
  const std::string large(100'000, 'x');
  const auto write = [&] { tnn::write_file_atomically(folder / "a", large); };
  CHECK(refused_when_disk_is_full(0, write));
  CHECK(refused_when_disk_is_full(50'000, write));
  CHECK(folder.read("a") == "old");
  CHECK(folder.size() == 1);
}

TEST_CASE("SIGXFSZ is as it was after a refused write") {
  const temporary_folder folder;
  const pid_t child = fork();
  if (child == 0) {
    const rlimit few{10, 10};
    setrlimit(RLIMIT_FSIZE, &few);
    const bool refused =
        refuses([&] { tnn::write_file_atomically(folder / "a", "more than ten bytes"); }, "large");
    sigset_t pending, blocked;
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    _exit(refused && !sigismember(&pending, SIGXFSZ) && !sigismember(&blocked, SIGXFSZ) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("targets that cannot be files are refused at once, by name") {
  const temporary_folder folder;
  folder.write("file", "text");
  const auto refused = [&](const std::string& name, const std::string& why) {
    return refuses([&] { tnn::AtomicFile file(folder / name); }, (folder / name).string(), why);
  };
  std::filesystem::create_directory(folder / "folder");
  CHECK(refused("folder", "it is a folder"));
  CHECK(refused("folder/", "it is a folder"));
  CHECK(refused("missing/a", "No such file or directory"));
  CHECK(refused("file/a", "Not a directory"));
  CHECK(refused(std::string(300, 'n'), "File name too long"));
  CHECK(folder.size() == 2);
}

TEST_CASE("a target that becomes a folder meanwhile is an error at commit") {
  const temporary_folder folder;
  {
    tnn::AtomicFile file(folder / "a");
    std::filesystem::create_directory(folder / "a");
    CHECK(refuses([&] { file.commit(); }, "cannot replace", "Is a directory"));
  }
  CHECK(folder.size() == 1);
}
