#pragma once
// Types, shapes, facts and the templates of Model: needs Boost's headers and nothing else. A
// backend is one more include: <tnn/cpu.hpp>, <tnn/reference.hpp>.
#include <tnn/core/requirements.hpp>

#include <tnn/core/facts.hpp>
#include <tnn/core/freeze_first.hpp>
#include <tnn/core/model.hpp>
#include <tnn/core/summary.hpp>
#include <tnn/layers/all.hpp>
