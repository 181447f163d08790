#include <tnn/alexnet.hpp>

#include "tnn.hpp"

int main(int argc, char** argv) { return peer::measure_tnn<tnn::AlexNet<>>(argc, argv); }
