// SPDX-License-Identifier: Apache-2.0
#include "datasets/leaks/fingerprint_space.h"

#include <cmath>

#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

constexpr size_t kSize = kFingerprintSize;
// Added to the covariance's diagonal, of its mean: directions in which pictures hardly differ hold noise.
constexpr double kRidge = 0.25;

using Matrix = std::vector<double>;  // row by row

void make_unit(Fingerprint& v) {
  double squares = 0;
  for (const float value : v) squares += static_cast<double>(value) * static_cast<double>(value);
  const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
  for (float& value : v) value *= scale;
}

Fingerprint centred(const Fingerprint& fingerprint, const Fingerprint& mean) {
  Fingerprint out;
  for (size_t i = 0; i < kSize; ++i) out[i] = fingerprint[i] - mean[i];
  make_unit(out);
  return out;
}

SSLBENCH_VECTOR_CLONES void add_products(const float* v, double* covariance) {
  for (size_t i = 0; i < kSize; ++i) {
    const double scale = v[i];
    for (size_t j = 0; j < kSize; ++j) covariance[i * kSize + j] += scale * static_cast<double>(v[j]);
  }
}

// Lower triangular L with L L^T = the matrix, which must be positive definite.
Matrix cholesky(Matrix a) {
  for (size_t i = 0; i < kSize; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double value = a[i * kSize + j];
      for (size_t k = 0; k < j; ++k) value -= a[i * kSize + k] * a[j * kSize + k];
      a[i * kSize + j] = i == j ? std::sqrt(value) : value / a[j * kSize + j];
    }
  }
  return a;
}

// The inverse of a lower triangular matrix, column by column.
std::vector<float> inverse_columns(const Matrix& lower) {
  std::vector<float> out(kSize * kSize);
  std::vector<double> column(kSize);
  for (size_t j = 0; j < kSize; ++j) {
    for (size_t i = j; i < kSize; ++i) {
      double value = i == j ? 1 : 0;
      for (size_t k = j; k < i; ++k) value -= lower[i * kSize + k] * column[k];
      column[i] = value / lower[i * kSize + i];
      out[j * kSize + i] = static_cast<float>(column[i]);
    }
  }
  return out;
}

SSLBENCH_VECTOR_CLONES void whiten(const float* columns, const float* v, float* out) {
  for (size_t i = 0; i < kSize; ++i) out[i] = 0;
  for (size_t j = 0; j < kSize; ++j) {
    for (size_t i = j; i < kSize; ++i) out[i] += columns[j * kSize + i] * v[j];
  }
}

}  // namespace

FingerprintSpace::FingerprintSpace(std::span<const Fingerprint> sample) {
  const auto n = static_cast<double>(sample.size());
  for (size_t i = 0; i < kSize; ++i) {
    double total = 0;
    for (const Fingerprint& each : sample) total += static_cast<double>(each[i]);
    mean_[i] = static_cast<float>(total / n);
  }
  Matrix covariance(kSize * kSize);
  for (const Fingerprint& each : sample) add_products(centred(each, mean_).data(), covariance.data());
  constexpr double kLeast = 1e-6;  // of pictures that are all alike
  double trace = 0;
  for (size_t i = 0; i < kSize; ++i) trace += covariance[i * kSize + i] / n;
  const double ridge = kRidge * trace / kSize + kLeast;
  for (double& value : covariance) value /= n;
  for (size_t i = 0; i < kSize; ++i) covariance[i * kSize + i] += ridge;
  whiten_ = inverse_columns(cholesky(std::move(covariance)));
}

Fingerprint FingerprintSpace::place(const Fingerprint& fingerprint) const {
  const Fingerprint v = centred(fingerprint, mean_);
  Fingerprint out;
  whiten(whiten_.data(), v.data(), out.data());
  make_unit(out);
  return out;
}

float similarity(const Fingerprint& a, const Fingerprint& b) {
  float out = 0;
  for (size_t i = 0; i < kSize; ++i) out += a[i] * b[i];
  return out;
}

}  // namespace sslbench
