#pragma once
// What ours.cpp, compiled with -ffast-math or the like, has for main.cpp, compiled without.
#include <cstdint>

enum class function { exp, log, log1p, tanh, sigmoid, erf, sqrt };

/// y[i] = f(x[i]), in loops that a compiler vectorizes.
void apply(function f, const float* x, float* y, std::int64_t n);
void apply(function f, const double* x, double* y, std::int64_t n);

/// y[i] = pow(x[i], exponent).
void apply_pow(const float* x, float exponent, float* y, std::int64_t n);
void apply_pow(const double* x, double exponent, double* y, std::int64_t n);

bool holds_for_nan(float x);
bool holds_for_finite(float x);

/// The rank that the loss gives a sample of four logits, whose label is 1.
std::int32_t rank(const float* logits);
