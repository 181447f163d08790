// What a network has learnt of some classes serves others, of which there are few images: trained
// on seven classes of Fashion-MNIST, moved to the other three (pullover, coat, shirt).
//   13_transfer [SEEDS [PICTURE]]   a table of means over so many seeds (without: one seed,
//   quickly)
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/io.hpp>
#include <tnn/train.hpp>

using namespace tnn;

// [net]
template <int Classes>
using Net = Sequential<Input<1, 28, 28>,                                               //
                       Conv2d<32, Kernel<5>, Padding<2>>, ReLU, MaxPool2d<Kernel<2>>,  // 0
                       Conv2d<64, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<2>>,  // 3
                       Flatten, Linear<128>, ReLU, Dropout<Percent<50>>,               // 6
                       Linear<Classes>>;                                               // 10
template <int Layers>
using Tuned = FreezeFirst<Net<3>, Layers>;  // what is behind the first so many is trained
// [/net]

/// The images of these classes, at most `each` of one beginning with its `from`-th, labelled by
/// their place in the list.
LabelledImages only(const LabelledImages& all, const std::vector<int>& classes, int from,
                    int each) {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int32_t> labels;
  std::vector<int> seen(classes.size());
  for (std::int64_t i = 0; i < all.size(); ++i) {
    const auto found = std::find(classes.begin(), classes.end(), all.label(i));
    if (found == classes.end()) continue;
    const auto label = found - classes.begin();
    const int place = seen[static_cast<std::size_t>(label)]++;
    if (place < from || place >= from + each) continue;
    const auto image = all.image(i);
    pixels.insert(pixels.end(), image.begin(), image.end());
    labels.push_back(static_cast<std::int32_t>(label));
  }
  return {"Fashion-MNIST, in part", 1, 28, 28, static_cast<int>(classes.size()), std::move(pixels),
          std::move(labels)};
}

constexpr int at_once = 30;  // images a step of the trainings on few

/// Trains on the images, and says what share of `unseen` it gets right.
template <class N>
double trained(Model<N, Cpu>& model, const LabelledImages& images, const LabelledImages& unseen,
               int epochs, TensorRule (*rule)(const ParameterInfo&) = as_declared) {
  Training training{model, {.rule = rule}, {}, AdamW{.rate = 1e-3}};
  Trainer trainer{training, images, {.schedule = {.kind = ScheduleKind::cosine, .epochs = epochs}}};
  trainer.run(epochs);
  return evaluate(model, unseen).top(1);
}

enum way { from_scratch, last_layer, linear_layers, gently, ways };
constexpr const char* name_of[ways] = {"from scratch", "last layer alone", "both Linears",
                                       "all, gently"};

/// Layers that begin anew, and the others at a tenth of their rate.
const std::vector<std::string> anew{"7", "10"};
TensorRule slower_if_loaded(const ParameterInfo& p) {
  const bool is_new = p.name.substr(0, 2) == "7." || p.name.substr(0, 3) == "10.";
  return {.decays = p.decays, .rate = is_new ? 1 : 0.1};
}

double accuracy(way how, const LabelledImages& images, const LabelledImages& unseen,
                std::uint64_t seed, int steps) {
  const char* const weights = "seven.safetensors";
  const ModelOptions options{.capacity = at_once, .seed = seed};
  const int epochs = steps * at_once / static_cast<int>(images.size());
  if (how == last_layer) {
    Model<Tuned<10>, Cpu> model{Cpu{.threads = 2}, options};
    load(model, weights, {.except = {"10"}});
    return trained(model, images, unseen, epochs);
  }
  if (how == linear_layers) {
    // [frozen]
    Model<Tuned<6>, Cpu> model{Cpu{.threads = 2}, options};
    load(model, weights, {.except = {"7", "10"}});
    return trained(model, images, unseen, epochs);
    // [/frozen]
  }
  Model<Net<3>, Cpu> model{Cpu{.threads = 2}, options};
  if (how == from_scratch) return trained(model, images, unseen, epochs);
  load(model, weights, {.except = anew});
  return trained(model, images, unseen, epochs, slower_if_loaded);
}

/// Accuracy over images a class: means[way][number of images].
void draw(const std::vector<int>& each, const std::vector<std::vector<double>>& means,
          const char* file) {
  const char* const colours[ways] = {"#7f7f7f", "#9467bd", "#d62728", "#1f77b4"};
  const char* const dashes[ways] = {"7 4", "2 3", "", "12 3 2 3"};
  std::ofstream svg(file);
  const auto x = [&](std::size_t i) { return 90 + 200 * i; };
  const auto y = [](double share) { return 240 - 400 * (share - 0.4); };
  svg << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 720 300' width='720' "
         "font-family='sans-serif' font-size='13'>\n<rect width='720' height='300' "
         "fill='white'/>\n";
  for (int percent = 40; percent <= 90; percent += 10)
    svg << "<path d='M60 " << y(percent / 100.0) << "H520' stroke='#ddd'/><text x='52' y='"
        << y(percent / 100.0) + 4 << "' text-anchor='end'>" << percent << " %</text>\n";
  for (std::size_t i = 0; i < each.size(); ++i)
    svg << "<text x='" << x(i) << "' y='262' text-anchor='middle'>" << each[i] << "</text>\n";
  svg << "<text x='290' y='288' text-anchor='middle'>images of each class to train on</text>\n"
         "<text x='20' y='22'>right of the classes' 3,000 test images</text>\n";
  for (int w = 0; w < ways; ++w) {
    svg << "<polyline fill='none' stroke-width='2.5' stroke='" << colours[w]
        << "' stroke-dasharray='" << dashes[w] << "' points='";
    for (std::size_t i = 0; i < each.size(); ++i)
      svg << x(i) << ',' << y(means[std::size_t(w)][i]) << ' ';
    const int row = 60 + 24 * w;
    svg << "'/>\n<path d='M540 " << row << "h36' stroke-width='2.5' stroke='" << colours[w]
        << "' stroke-dasharray='" << dashes[w] << "'/><text x='584' y='" << row + 4 << "'>"
        << name_of[w] << "</text>\n";
  }
  svg << "</svg>\n";
}

int main(int argc, char** argv) try {
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 1;
  const bool whole = argc > 1;
  const auto all = fashion_mnist(fashion_mnist_default_dir, Split::train);
  const auto test = fashion_mnist(fashion_mnist_default_dir, Split::test);
  const std::vector<int> seven{0, 1, 3, 5, 7, 8, 9}, three{2, 4, 6};
  const auto unseen = only(test, three, 0, whole ? 1000 : 200);

  Model<Net<7>, Cpu> first{Cpu{.threads = 2}, {.capacity = 100, .seed = 1}};
  const double before = trained(first, only(all, seven, 0, whole ? 6000 : 300),
                                only(test, seven, 0, whole ? 1000 : 200), whole ? 5 : 3);
  save(first, "seven.safetensors");
  std::printf("seven classes: %s 80%%\n", before > 0.8 ? "more than" : "LESS than");

  const std::vector<int> each = whole ? std::vector{10, 30, 100} : std::vector{10};
  std::vector<std::vector<double>> means(ways);
  for (int w = 0; w < ways; ++w)
    for (const int n : each) {
      double sum = 0;
      for (int seed = 0; seed < seeds; ++seed)  // each on images of its own
        sum += accuracy(way(w), only(all, three, seed * n, n), unseen, std::uint64_t(seed),
                        whole ? 300 : 100);
      means[std::size_t(w)].push_back(sum / seeds);
      if (whole) std::printf("%-17s %4d a class: %.1f%%\n", name_of[w], n, 100 * sum / seeds);
    }
  if (argc > 2) draw(each, means, argv[2]);
  const double moved = means[linear_layers][0];
  std::printf("three others, 10 images of each: %s 50%%\n",
              moved > 0.5 ? "more than" : "LESS than");
  return before > 0.8 && moved > 0.5 ? 0 : 1;
} catch (const error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
