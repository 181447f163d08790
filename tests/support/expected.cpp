#include "support/expected.hpp"

#include <tnn/reference.hpp>

#include "support/answers.hpp"
#include "support/branching_nets.hpp"
#include "support/nets_in_runs.hpp"

template <class Net>
std::vector<double> expected_answers(int batch) {
  return answers<Net, double>(tnn::Reference{}, batch);
}

template std::vector<double> expected_answers<residual_net>(int);
template std::vector<double> expected_answers<nested_net>(int);
template std::vector<double> expected_answers<normed_net>(int);
template std::vector<double> expected_answers<gated_net>(int);
template std::vector<double> expected_answers<runs::by_winograd>(int);
template std::vector<double> expected_answers<runs::in_groups>(int);
template std::vector<double> expected_answers<runs::narrow>(int);
template std::vector<double> expected_answers<runs::narrow_within>(int);
template std::vector<double> expected_answers<runs::narrow_alone>(int);
template std::vector<double> expected_answers<runs::formula>(int);
template std::vector<double> expected_answers<runs::unbiased>(int);
template std::vector<double> expected_answers<runs::dropped>(int);
