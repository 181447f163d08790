// The page on a run: well-formed whatever the run was, and of a tiny run by the program itself.
#include "alexnet/report.hpp"

#include <cctype>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/known_weights.hpp"
#include "support/small_training.hpp"
#include "support/xhtml.hpp"

using program::report_data;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

const std::vector<std::string> headings{
    "Training",           "What is taken for what", "First-layer filters",
    "The worst mistakes", "The network, to scale",  "The run"};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words{""};
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  return words;
}

/// Of a page that is well-formed, has each section once, and loads nothing.
std::string checked(const std::string& page) {
  CHECK(fault_of(page) == "");
  CHECK(page.size() < 2'000'000);
  for (const std::string& heading : headings) CHECK(contains(page, "<h2>" + heading + "</h2>"));
  for (const char* loading : {"<script", "<link", "@import", "url(", "src=\"http", "href="})
    CHECK_FALSE(contains(page, loading));
  const std::string text = text_of(page);
  for (const std::string& word : words_of(text))
    CHECK_FALSE((word == "nan" || word == "NaN" || word == "inf"));
  return text;
}

report_data small_report() {
  report_data r;
  r.network = program::facts_of<tnn::AlexNet<>>("AlexNet");
  r.data = "Cats & <dogs>";
  r.classes = {"<cat>", "\"dog\""};
  r.folder = "/runs/a&b";
  return r;
}

}  // namespace

TEST_CASE("a run that has not begun has a page, and so has one of a step") {
  report_data r = small_report();
  const std::string before = checked(program::report_page(r));
  CHECK(contains(before, "Cats &amp; &lt;dogs&gt;"));
  CHECK(contains(before, "alexnet report --run /runs/a&amp;b"));
  CHECK(contains(before, "the folder has no run.json"));
  CHECK(contains(before, "nothing yet"));
  r.curves.loss = {{1, 2.3}};
  r.curves.rate = {{1, unknown}};
  checked(program::report_page(r));
}

TEST_CASE("a page fetches itself anew while its run goes on, and only then") {
  report_data r = small_report();
  CHECK_FALSE(contains(program::report_page(r), "http-equiv"));
  r.live = true;
  const std::string page = program::report_page(r);
  checked(page);
  CHECK(contains(page, "<meta http-equiv=\"refresh\" content=\"30\"/>"));
}

TEST_CASE("a million steps and text of any kind make a page of ordinary size") {
  report_data r = small_report();
  for (int i = 0; i < 1'000'000; ++i) {
    r.curves.loss.push_back({double(i), i % 1000 == 0 ? unknown : 1.0 / (i + 1)});
    r.curves.accuracy.push_back({double(i), 1 - 1.0 / (i + 1)});
    r.curves.rate.push_back({double(i), 0.01});
  }
  r.options = {{"lr", "<0.01>"}, {"odd", std::string(1'000'000, '&')}};
  r.calls = {{"2026-11-27T13:02:11Z",
              "0.1.0",
              {"alexnet", "--out", "a <script>\x1b"},
              {{"batch", "1 & 2"}},
              {{"cpu", "<A>"}}}};
  const std::string page = program::report_page(r);
  checked(page);
  CHECK(page.size() < 300'000);
  CHECK(contains(page, "--out &#39;a &lt;script&gt;\\x1b&#39;"));
}

TEST_CASE("the test images: each cell, each class, each mistake") {
  report_data r = small_report();
  program::test_result t{14, 0.5, 0.75, 1, {{9, 3}, {0, 0}}, {}};
  t.worst.push_back({{2, 1, {0, 255}}, 1, 0, 0.875});
  r.test = t;
  const std::string page = program::report_page(r), text = checked(page);
  CHECK(contains(page, "<title>&lt;cat&gt; taken for &quot;dog&quot;: 3</title>"));
  CHECK(contains(text, "75.0%"));
  CHECK(contains(text, "\u2013"));  // the accuracy of a class without images
  CHECK(contains(page, "alt=\"&lt;cat&gt;, taken for &quot;dog&quot;\""));
  CHECK(contains(text, "87.5%"));
  r.test->worst.clear();
  CHECK(contains(checked(program::report_page(r)), "No test image was taken for another class."));
}

TEST_CASE("the network is drawn from its type") {
  const program::network_facts facts = program::facts_of<tnn::AlexNet<>>("AlexNet");
  CHECK(facts.parameters == 46'764'746);
  REQUIRE(facts.layers.size() == 21);
  CHECK(facts.layers[2].shape == std::vector<int>{96, 26, 26});
  CHECK(facts.layers[20].type == "Linear<10>");
  const std::string picture = program::drawn(facts), table = program::table_of(facts);
  CHECK(fault_of(picture) == "");
  CHECK(fault_of(table) == "");
  for (const char* words :
       {"1\u00d7224\u00d7224", "96\u00d754\u00d754", "14 Linear", "15 ReLU", "26,218,496", "6400"})
    CHECK(contains(picture, words));
  std::size_t boxes = 0;
  for (std::size_t at = 0; (at = picture.find("class=\"front\"", at)) != picture.npos; ++at)
    ++boxes;
  CHECK(boxes == 13);  // the input, and what 8 layers with parameters, 3 pools and Flatten make
  // 11 units times the cube roots of 96, 54 and 54.
  CHECK(contains(picture, "h50.4v-41.6h-50.4z"));
  CHECK(contains(table, "Conv2d&lt;96, Kernel&lt;11&gt;, Stride&lt;4&gt;, Padding&lt;1&gt;&gt;"));
}

TEST_CASE("curves are read from the logs, and sums made of whole epochs") {
  const temporary_folder run;
  const auto metrics =
      run.write("metrics.jsonl", R"({"epoch":1,"step":5,"validation_loss":2,"validation_top1":0.5,)"
                                 R"("images_per_second":10,"seconds":2})"
                                 "\n"
                                 R"({"epoch":2,"step":10,"validation_loss":null,)"
                                 R"("validation_top1":0.25,"images_per_second":40,"seconds":1})"
                                 "\n");
  const auto steps =
      run.write("steps.jsonl", R"({"step":5,"loss":2.5,"accuracy":0.1,"learning_rate":0.02})"
                               "\n"
                               R"({"step":12,"loss":null,"accuracy":0.2})"
                               "\n");
  const program::run_curves c = program::read_curves(metrics, steps);
  CHECK(c.epochs == 2);
  CHECK(c.steps == 12);
  CHECK(c.seconds == 3);
  CHECK(c.images_per_second == 20);
  CHECK(c.best_top1 == 0.5);
  CHECK(c.best_epoch == 1);
  REQUIRE(c.validation_loss.size() == 2);
  CHECK(c.validation_loss[0].x == 5);
  CHECK(std::isnan(c.validation_loss[1].y));
  CHECK(std::isnan(c.loss[1].y));
  CHECK(std::isnan(c.rate[1].y));
  run.write("steps.jsonl", "{\"step\":5,\"loss\":\"2.5\"}\n");
  CHECK(refuses([&] { program::read_curves(metrics, steps); }, steps.string(),
                "the line of 5 has \"loss\" \"2.5\", expected a number"));
  CHECK(program::read_curves(run / "none", run / "none").loss.empty());
}

TEST_CASE("report: of a live run, a finished one and one that was resumed", "[slow]") {
  const small_data data;
  const temporary_folder run;
  const std::string out = run.path().string();
  REQUIRE(alexnet(train(data, out, {"--epochs", "1", "--live", "--seed", "7"})).code == 0);
  const std::string live = run.read("report.html"), live_text = checked(live);
  CHECK_FALSE(contains(live, "http-equiv"));  // it has ended
  CHECK(contains(live_text, "alexnet report --run " + out));
  CHECK(contains(live, "alt=\"The filters of the first layer\""));
  CHECK(contains(live_text, "--live --seed 7"));

  REQUIRE(alexnet(resume(data, out, {"--epochs", "2"})).code == 0);
  CHECK(run.read("report.html") == live);
  const answer a = alexnet(
      {"report", "--run", out, "--data", data.path().string(), "--batch", "5", "--threads", "2"});
  INFO(a.err);
  REQUIRE(a.code == 0);
  CHECK(contains(a.out, "wrote " + out + "/report.html"));
  const std::string page = run.read("report.html"), text = checked(page);
  CHECK(contains(text, "of 16 test images"));
  CHECK(contains(text, "AlexNet on Fashion-MNIST"));
  CHECK(contains(text, "Ankle boot"));
  CHECK(contains(text, "Begun 20"));
  CHECK(contains(text, "Called again 20"));
  CHECK(contains(text, "train --resume"));
  CHECK(contains(text, "10 steps"));
  const answer e = alexnet(
      {"evaluate", "--json", "--weights", (run / best).string(), "--data", data.path().string()});
  const double top1 = ordered_json::parse(e.out).at("top1").get<double>();
  CHECK(contains(text, fmt::format("{:.2f}%", 100 * top1)));

  // An older run: no run.json, no checkpoint, logs cut by a kill.
  std::filesystem::remove(run / "run.json");
  std::filesystem::remove(run / last);
  run.write("steps.jsonl", run.read("steps.jsonl") + "{\"step\":11,\"lo");
  REQUIRE(alexnet({"report", "--run", out, "--data", data.path().string(), "--limit", "3"}).code ==
          0);
  const std::string older = checked(run.read("report.html"));
  CHECK(contains(older, "the folder has no run.json"));
  CHECK(contains(older, "There is no checkpoint"));
  CHECK(contains(older, "of 3 test images"));

  run.write("run.json", "{}");
  CHECK(alexnet({"report", "--run", out, "--data", data.path().string()}).says("run.json"));
  CHECK(alexnet({"report", "--run", out, "--limit", "17", "--data", data.path().string()}).code ==
        1);
  CHECK(checked(run.read("report.html")) == older);
}

TEST_CASE("train --live: the page fetches itself anew until the run is stopped", "[slow]") {
  const small_data data;
  const temporary_folder run;
  process p(TNN_ALEXNET_PROGRAM,
            train(data, run.path().string(), {"--epochs", "1000", "--live", "--threads", "2"}));
  REQUIRE(p.until([&] { return std::filesystem::exists(run / "report.html"); }));
  CHECK(contains(checked(run.read("report.html")), "This page fetches itself anew"));
  REQUIRE(p.until([&] { return contains(run.read("report.html"), "<dd>1<small>5 steps"); }));
  CHECK(contains(run.read("report.html"), "http-equiv"));
  p.signal(SIGTERM);
  CHECK(p.wait() == 128 + SIGTERM);
  CHECK_FALSE(contains(checked(run.read("report.html")), "fetches itself"));
}

TEST_CASE("report: weights whose results are no numbers are said to be so", "[slow]") {
  const small_data data;
  std::vector<tnn::TensorSource> tensors = known_weights();
  for (tnn::TensorSource& tensor : tensors)
    tensor.fill = [](std::span<float> values) { std::fill(values.begin(), values.end(), 3e38f); };
  tnn::write_safetensors(data / best, tensors);
  const std::string folder = data.path().string();
  const answer a = alexnet({"report", "--run", folder, "--data", folder, "--limit", "1"});
  CHECK(a.code == 1);
  CHECK(a.says(folder + "/best.safetensors: "));
  CHECK(a.says("not a finite number"));
  CHECK_FALSE(std::filesystem::exists(data / "report.html"));
}

TEST_CASE("report: a folder that holds no run is refused, and left as it is") {
  const temporary_folder folder;
  const answer a = alexnet({"report", "--run", folder.path().string()});
  CHECK(a.code == 1);
  CHECK(a.says("holds neither metrics.jsonl nor best.safetensors"));
  CHECK(alexnet({"report", "--run", (folder / "none").string()}).code == 1);
  CHECK(folder.size() == 0);
}
