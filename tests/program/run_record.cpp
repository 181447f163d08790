// run.json: what was called is read as it was written, and anything else is refused by name.
#include "alexnet/run_record.hpp"

#include <nlohmann/json.hpp>

#include "alexnet/run_folder.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

using program::read_calls;
using program::run_call;
using program::run_folder;

TEST_CASE("a call says what was asked, where and when") {
  program::train_options options;
  options.out = "runs/\xff";
  options.command = {"alexnet", "train", "--out", "runs/\xff"};
  const run_call call = program::present_call(options, {{"batch", "128"}, {"lr", "0.01"}}, 3);
  CHECK(call.began.size() == 20);
  CHECK(call.began.substr(0, 2) == "20");
  CHECK(call.began.back() == 'Z');
  CHECK(call.version == program::version);
  CHECK(call.options.at("batch") == "128");
  CHECK(call.options.at("epochs") == "10");
  CHECK(call.machine.at("threads") == "3");
  CHECK(call.machine.at("backend") == "cpu");
  CHECK(std::stoi(call.machine.at("cores")) >= 1);
  CHECK_FALSE(call.machine.at("cpu").empty());

  const temporary_folder folder;
  CHECK(read_calls(folder / "run.json").empty());
  {
    const run_folder run(folder.path(), program::beginning::anew);
    run.add_call(call);
    run.add_call(call);
  }
  const auto read = read_calls(folder / "run.json");
  REQUIRE(read.size() == 2);
  CHECK(read[1].began == call.began);
  CHECK(read[1].options.at("lr") == "0.01");
  CHECK(read[1].machine == call.machine);
  CHECK(read[1].command.at(3) == "runs/\ufffd");  // no text: the replacement character
}

TEST_CASE("a run that begins anew forgets the calls of one that never came to a checkpoint") {
  const temporary_folder folder;
  const run_call call{"then", "0", {"alexnet"}, {}, {}};
  for (int i = 0; i < 2; ++i) {
    const run_folder run(folder.path(), program::beginning::anew);
    run.add_call(call);
  }
  CHECK(read_calls(folder / "run.json").size() == 1);
}

TEST_CASE("what is no list of calls is refused, and stays as it is") {
  const temporary_folder folder;
  folder.write("last.safetensors", "x");
  const run_folder run(folder.path(), program::beginning::from_last);
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
        std::string(R"({"calls":1})"), std::string(R"({"calls":[{}]})"),
        std::string(
            R"({"calls":[{"began":1,"version":"","command":[],"options":{},"machine":{}}]})"),
        std::string(
            R"({"calls":[{"began":"","version":"","command":[],"options":{"a":1},"machine":{}}]})"),
        "{\"calls\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
        std::string("{\"calls\":[]}\0", 13)}) {
    INFO(text.substr(0, 100));
    folder.write("run.json", text);
    CHECK(refuses([&] { run.add_call({}); }, "run.json", "expected the calls of a run",
                  "move it away"));
    CHECK(folder.read("run.json") == text);
  }
}
