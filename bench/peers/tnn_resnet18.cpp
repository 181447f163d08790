#include <tnn/resnet.hpp>

#include "tnn.hpp"

int main(int argc, char** argv) { return peer::measure_tnn<tnn::ResNet18<>>(argc, argv); }
