#pragma once
// What Reference answers in double of a network and a batch (answers.hpp). Every program of the
// suite asks it of the same networks: expected.cpp, a library that they share, has it compiled
// once.
#include <vector>

template <class Net>
std::vector<double> expected_answers(int batch);
