// What a program may call its own while it says `using namespace std; using namespace tnn;`:
// everyday words of this field must not be ambiguous, here as types, functions and variables of the
// global namespace.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/images.hpp>
#include <tnn/io.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/lenet.hpp>
#include <tnn/reference.hpp>
#include <tnn/resnet.hpp>
#include <tnn/train.hpp>

#include <array>
#include <list>

using namespace std;
using namespace tnn;

#define A_TYPE(word) \
  struct word {      \
    int value = 1;   \
  };                 \
  word make_##word() { return word{}; }
A_TYPE(image)
A_TYPE(window)
A_TYPE(option)
A_TYPE(stored)
A_TYPE(placed)
A_TYPE(workspace)
A_TYPE(broken)
A_TYPE(Team)
A_TYPE(patches)
A_TYPE(network)
A_TYPE(Net)
A_TYPE(Tensor)
A_TYPE(tensor)
A_TYPE(matrix)
A_TYPE(batch)
A_TYPE(kernel)
A_TYPE(channel)
A_TYPE(label)
A_TYPE(text)
A_TYPE(row)
A_TYPE(column)
A_TYPE(point)
A_TYPE(interval)
A_TYPE(visit_counter)
A_TYPE(Optimizer)
A_TYPE(Loss)
A_TYPE(Dataset)
A_TYPE(Batch)
A_TYPE(Position)

int pack(int x) { return x; }
int draw(int x) { return x; }
int exact(int x) { return x; }
int padded(int x) { return x; }
int train(int x) { return x; }
int test(int x) { return x; }
int predict(int x) { return x; }
int accuracy(int x) { return x; }
int gemm(int x) { return x; }
int input = 1, output = 1, classes = 1, images = 1, labels = 1, weights = 1, bias = 1, gradient = 1,
    epoch = 1, rate = 1, seed = 1, rank_of = 1, width = 1, height = 1, rows = 1, columns = 1;

int main() {
  // The standard library's own, under their short names.
  const array<int, 2> two{1, 2};
  const list<int> few{1, 2};
  const int types = make_image().value + make_window().value + make_option().value +
                    make_stored().value + make_placed().value + make_workspace().value +
                    make_Team().value + make_patches().value + make_broken().value;
  const int calls = pack(1) + draw(1) + exact(1) + padded(1) + train(1) + test(1) + predict(1) +
                    accuracy(1) + gemm(1);
  const int values = input + output + classes + images + labels + weights + bias + gradient +
                     epoch + rate + seed + rank_of + width + height + rows + columns;
  static_assert(outputs<Sequential<Input<4>, Linear<2>>, Shape<2>>);
  return types + calls + values == 34 && two.size() == few.size() ? 0 : 1;
}
