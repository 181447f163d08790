// What a checkpoint says of its run is taken where the command line would take it, and no further.
#include "alexnet/run_identity.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

namespace {

program::train_options adopted(const temporary_folder& folder,
                               const std::map<std::string, std::string>& metadata) {
  tnn::write_safetensors(folder / "checkpoint", {}, metadata);
  program::train_options options;
  options.seed = 5;
  options.given = {"seed"};
  program::adopt_run_options(options, tnn::SafetensorsFile(folder / "checkpoint"));
  return options;
}

}  // namespace

TEST_CASE("options that are not given come from the checkpoint") {
  const temporary_folder folder;
  const program::train_options o = adopted(folder, {{"run.batch", "65536"},
                                                    {"run.seed", "18446744073709551615"},
                                                    {"run.lr", "1e-05"},
                                                    {"run.schedule", "step"},
                                                    {"run.mean", "-0.5"},
                                                    {"run.validation", "0"}});
  CHECK(o.batch == 65536);
  CHECK(o.seed == 5);  // given
  CHECK(o.schedule.rate == 1e-5);
  CHECK(o.schedule.kind == tnn::ScheduleKind::step);
  CHECK(o.pixels.mean == std::vector<double>{-0.5});
  CHECK(o.validation == 0);
  CHECK(o.momentum == 0.9);  // not there
}

TEST_CASE("a run is the same however its figures are asked for") {
  const program::data_facts data{"few", "0123abcd", 24, 2};
  program::train_options asked;
  asked.batch = 8;
  const tnn::RunOptions run = program::run_identity(asked, data);
  CHECK(run.at("batch") == "8");
  CHECK(run.at("validation") == "2");
  CHECK(program::checked_split(asked, data) == 2);
  CHECK(run.at("micro-batch") == "0");
  program::train_options same = asked;
  same.validation = 2;
  same.limit = 24;
  same.micro_batch = 8;  // the whole batch
  CHECK(program::run_identity(same, data) == run);
  same.pixels = {.mean = {0}, .deviation = {1}};  // what grey images have
  CHECK(program::run_identity(same, data) == run);
  same.micro_batch = 4;  // other bits
  CHECK(program::run_identity(same, data).at("micro-batch") == "4");
}

TEST_CASE("a schedule that ends with the run has the run's epochs") {
  program::train_options o;
  o.epochs = 15;
  o.schedule.kind = tnn::ScheduleKind::one_cycle;
  settle_epochs(o);
  CHECK(o.schedule.epochs == 15);
  // Gone on with: the checkpoint's are taken, unless others are asked for.
  o.epochs = 10;
  settle_epochs(o);
  CHECK((o.epochs == 15 && o.schedule.epochs == 15));
  o.epochs = 20;
  o.given = {"epochs"};
  settle_epochs(o);
  CHECK((o.epochs == 20 && o.schedule.epochs == 20));
  o.minutes = 1;
  CHECK(error_text([&] { settle_epochs(o); }) ==
        "a cosine or one-cycle schedule ends with the run: give --epochs instead of --minutes");

  program::train_options plain;
  plain.minutes = 1;
  settle_epochs(plain);
  CHECK((plain.epochs == program::some.most && plain.schedule.epochs == 0));
}

TEST_CASE("a checkpoint from before an option existed is of runs that do not use it") {
  const temporary_folder folder;
  const program::data_facts data{"few", "0123abcd", 24, 2};
  program::train_options asked;
  asked.schedule.kind = tnn::ScheduleKind::plateau;
  std::map<std::string, std::string> metadata;
  for (const auto& [name, value] : program::run_identity(asked, data))
    if (name != "label-smoothing" && name != "pca" && name != "warm-up")
      metadata["run." + name] = value;
  tnn::write_safetensors(folder / "checkpoint", {}, metadata);
  const tnn::SafetensorsFile checkpoint(folder / "checkpoint");
  CHECK_NOTHROW(program::require_run_of(checkpoint, program::run_identity(asked, data)));
  const auto refusal = [&] {
    return error_text(
        [&] { program::require_run_of(checkpoint, program::run_identity(asked, data)); });
  };
  asked.schedule.kind = tnn::ScheduleKind::cosine;
  settle_epochs(asked);
  CHECK(refusal().find("with schedule plateau, but this one asks for cosine") != std::string::npos);
  asked.schedule.kind = tnn::ScheduleKind::plateau;
  asked.label_smoothing = 0.1;
  CHECK(refusal().find("label-smoothing") != std::string::npos);
}

TEST_CASE("what the command line would not take is refused, by the file's name and in escapes") {
  const temporary_folder folder;
  const std::pair<const char*, std::vector<const char*>> wrong[] = {
      {"batch", {"0", "-1", "65537", "2147483648", "1.5", "1x", "", " 1", "+1"}},
      {"micro-batch", {"-1", "x"}},
      {"limit", {"-1", "1000000001"}},
      {"validation", {"-1"}},
      {"lr", {"0", "-1", "nan", "inf", "1e999"}},
      {"momentum", {"1", "-0.1", "nan"}},
      {"weight-decay", {"-1", "inf"}},
      {"schedule", {"", "Step", "constant "}},
      {"factor", {"0", "1"}},
      {"patience", {"-1"}},
      {"threshold", {"1"}},
      {"floor", {"-1", "nan"}},
      {"step-epochs", {"0"}},
      {"mean", {"inf", "1e39", "0.5,", ",", "0.5,x,0.5"}},
      {"std", {"0", "-1", "1,0,1"}},
      {"flip", {"-0.1", "1.1", "nan"}},
      {"crop", {"0", "1.1"}},
      {"erase", {"2"}}};
  for (const auto& [name, values] : wrong)
    for (const std::string value : values) {
      CAPTURE(name, value);
      CHECK(refuses(
          [&, n = name] {
            adopted(folder, {{std::string("run.") + n, value}});
          },
          (folder / "checkpoint").string(), std::string("run.") + name + " is \"" + value + '"',
          "does not take"));
    }
  CHECK(refuses(
      [&] {
        adopted(folder, {{"run.batch", "\x1b[31m" + std::string(1000, '1')}});
      },
      "\\x1b[31m111", "... (1005 bytes)"));
}
