#include <algorithm>
#include <cmath>
#include <limits>

#include "tok/measure_study.h"

namespace tok {
namespace {

// For a given b the best a and c follow from a straight line through (V^-b, count).
PowerLaw LineFor(double b, std::span<const StudyPoint> points) {
  const auto n = static_cast<double>(points.size());
  double mean_x = 0, mean_y = 0;
  for (const StudyPoint& point : points) {
    mean_x += std::pow(point.n_tokens, -b) / n;
    mean_y += static_cast<double>(point.count) / n;
  }
  double xx = 0, xy = 0;
  for (const StudyPoint& point : points) {
    const double x = std::pow(point.n_tokens, -b) - mean_x;
    xx += x * x;
    xy += x * (static_cast<double>(point.count) - mean_y);
  }
  PowerLaw law{.a = xx > 0 ? xy / xx : 0, .b = b};
  law.c = mean_y - law.a * mean_x;
  if (law.c < 0) {  // then through the origin
    double x_2 = 0, x_y = 0;
    for (const StudyPoint& point : points) {
      const double x = std::pow(point.n_tokens, -b);
      x_2 += x * x;
      x_y += x * static_cast<double>(point.count);
    }
    law.c = 0;
    law.a = x_2 > 0 ? x_y / x_2 : 0;
  }
  double squares = 0;
  for (const StudyPoint& point : points) {
    const double error = law.At(point.n_tokens) - static_cast<double>(point.count);
    squares += error * error;
  }
  law.rmse = std::sqrt(squares / n);
  return law;
}

}  // namespace

double PowerLaw::At(double size) const { return a * std::pow(size, -b) + c; }

double PowerLaw::SizeOf(double count) const {
  if (a <= 0 || b <= 0 || count <= c) return std::numeric_limits<double>::infinity();
  return std::pow(a / (count - c), 1 / b);
}

PowerLaw FitPowerLaw(std::span<const StudyPoint> points) {
  // Errors over b have one valley in practice: the best of a grid, then a search between its neighbours.
  constexpr double kStep = 0.05, kMost = 3;
  constexpr int kRounds = 60;
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double best = kStep;
  for (double b = kStep; b <= kMost; b += kStep) {
    if (LineFor(b, points).rmse < LineFor(best, points).rmse) best = b;
  }
  double low = std::max(best - kStep, 1e-3), high = best + kStep;
  for (int round = 0; round < kRounds; ++round) {
    const double left = high - golden * (high - low), right = low + golden * (high - low);
    if (LineFor(left, points).rmse < LineFor(right, points).rmse) {
      high = right;
    } else {
      low = left;
    }
  }
  return LineFor((low + high) / 2, points);
}

}  // namespace tok
