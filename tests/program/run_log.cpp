// Logs are read strictly: whatever a folder holds in their place is an error that names it.
#include "alexnet/run_log.hpp"

#include <sys/stat.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

using program::read_curve;
using program::read_log;

TEST_CASE("a last line cut by a kill is dropped, another that is no JSON refused") {
  const temporary_folder folder;
  const auto cut = folder.write("a.jsonl", "{\"step\":1}\n{\"step\":2}\n{\"st");
  CHECK(read_log(cut, "step").size() == 2);
  const auto bad = folder.write("b.jsonl", "{\"step\":1}\nstep 2\n{\"step\":3}\n");
  CHECK(refuses([&] { read_log(bad, "step"); }, bad.string(), "line 2"));
  CHECK(read_log(folder / "none.jsonl", "step").empty());
}

TEST_CASE("a line is a flat object, however deep another would be") {
  const temporary_folder folder;
  const auto refused = [&](const std::string& line, const std::string& why) {
    const auto file = folder.write("log", "{\"step\":1}\n" + line + "\n");
    return refuses([&] { read_log(file, "step"); }, file.string(), "line 2", why);
  };
  CHECK(refused(R"({"step":2,"a":[1]})", "no JSON object of plain values"));
  CHECK(refused(R"({"step":2,"a":{}})", "no JSON object of plain values"));
  CHECK(refused("{\"step\":2,\"a\":" + std::string(2000, '[') + std::string(2000, ']') + '}',
                "no JSON object of plain values"));
  CHECK(refused("{\"step\":2,\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + '}',
                "no JSON object of plain values"));
  CHECK(refused(std::string("{\"step\":2}\0", 11), "no JSON object"));
  CHECK(refused("", "no JSON object"));
  CHECK(refused("[2]", "no JSON object"));
}

TEST_CASE("counts rise from line to line") {
  const temporary_folder folder;
  const auto refused = [&](const std::string& line, const std::string& why) {
    const auto file = folder.write("log", "{\"step\":7}\n" + line + "\n");
    return refuses([&] { read_log(file, "step"); }, file.string(), "line 2", why);
  };
  CHECK(refused(R"({"epoch":8})", "has no whole number \"step\""));
  CHECK(refused(R"({"step":"8"})", "has no whole number \"step\""));
  CHECK(refused(R"({"step":8.0})", "has no whole number \"step\""));
  CHECK(refused(R"({"step":9223372036854775808})", "has no whole number \"step\""));
  CHECK(refused(R"({"step":7})", "\"step\" 7, expected more than the 7"));
  CHECK(refused(R"({"step":-9})", "\"step\" -9, expected more than the 7"));
  const auto negative = folder.write("log", "{\"step\":-1}\n");
  CHECK(refuses([&] { read_log(negative, "step"); }, "line 1", "expected 0 or more"));
  const auto large = folder.write("log", "{\"step\":0}\n{\"step\":9223372036854775807}\n");
  CHECK(read_log(large, "step").back().count == 9223372036854775807);
}

TEST_CASE("a curve is numbers at rising steps") {
  const temporary_folder folder;
  const auto good = folder.write("steps.jsonl",
                                 "{\"step\":10,\"loss\":2.5,\"accuracy\":0}\n"
                                 "{\"step\":20,\"loss\":null,\"accuracy\":0.5,\"x\":\"y\"}");
  const auto curve = read_curve(good);
  REQUIRE(curve.size() == 2);
  CHECK(curve[0].step == 10);
  CHECK(curve[0].loss == 2.5);
  CHECK(std::isnan(curve[1].loss));
  CHECK(curve[1].accuracy == 0.5);
  const auto refused = [&](const std::string& text, const std::string& why) {
    const auto file = folder.write("steps.jsonl", text);
    return refuses([&] { read_curve(file); }, file.string(), why);
  };
  CHECK(refused("{\"step\":1,\"loss\":\"1\",\"accuracy\":0}\n", "line 1 has no number \"loss\""));
  CHECK(refused("{\"step\":1,\"loss\":1}\n", "line 1 has no number \"accuracy\""));
  CHECK(
      refused("{\"step\":1000000000000000,\"loss\":1,\"accuracy\":0}\n"
              "{\"step\":1,\"loss\":1,\"accuracy\":0}\n",
              "line 2 has \"step\" 1, expected more than the 1000000000000000"));
}

TEST_CASE("what is no file is refused at once") {
  const temporary_folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  std::filesystem::create_symlink("/dev/zero", folder / "device");
  std::filesystem::create_symlink("loop", folder / "loop");
  CHECK(refuses([&] { read_log(folder / "pipe", "step"); }, "pipe", "not a regular file"));
  CHECK(refuses([&] { read_log(folder / "device", "step"); }, "device", "not a regular file"));
  CHECK(refuses([&] { read_log(folder / "loop", "step"); }, "cannot open", "loop"));
  CHECK(refuses([&] { read_log(folder.path(), "step"); }, "it is a folder"));
  std::filesystem::resize_file(folder.write("large", ""), (std::uint64_t{256} << 20) + 1);
  CHECK(refuses([&] { read_log(folder / "large", "step"); }, "large", "move it away"));
}
