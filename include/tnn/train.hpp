#pragma once
// Training: losses, optimizers, schedules, metrics, the loop. Link tnn::io too: the loop feeds on
// data sets.
#include <tnn/core/requirements.hpp>

#include <tnn/train/adam.hpp>
#include <tnn/train/averaged.hpp>
#include <tnn/train/cross_entropy.hpp>
#include <tnn/train/evaluate.hpp>
#include <tnn/train/outputs_of.hpp>
#include <tnn/train/rmsprop.hpp>
#include <tnn/train/schedule.hpp>
#include <tnn/train/sgd.hpp>
#include <tnn/train/trainer.hpp>
#include <tnn/train/training.hpp>
#include <tnn/train/value_losses.hpp>
