#pragma once
// Training: loss, SGD, schedules, metrics, the loop. Link tnn::io too: the loop feeds on data sets.
#include <tnn/core/requirements.hpp>

#include <tnn/train/evaluate.hpp>
#include <tnn/train/loss.hpp>
#include <tnn/train/schedule.hpp>
#include <tnn/train/sgd.hpp>
#include <tnn/train/trainer.hpp>
#include <tnn/train/training.hpp>
