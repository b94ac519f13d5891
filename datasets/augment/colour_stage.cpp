// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/colour_stage.h"

#include "datasets/augment/colour.h"
#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

enum class ColourOp : uint8_t { brightness, contrast, saturation, hue, gray };

struct ColourStep {
  ColourOp op;
  float factor;
};

struct ColourProgram {
  std::array<ColourStep, 5> steps{};
  int size = 0;
};

ColourProgram program_of(const ColourChoice& choice) {
  ColourProgram program;
  for (const uint8_t number : choice.order) {
    const auto op = static_cast<ColourOp>(number);
    const float factor = std::array{choice.brightness, choice.contrast, choice.saturation, choice.hue}.at(number);
    if (factor != (op == ColourOp::hue ? 0.f : 1.f)) program.steps[program.size++] = {op, factor};
  }
  if (choice.gray) program.steps[program.size++] = {ColourOp::gray, 1};
  return program;
}

template <class Change>
void change_lanes(float* __restrict__ r, float* __restrict__ g, float* __restrict__ b, Change change) {
  for (int lane = 0; lane < kLanes; ++lane) {
    const Rgb p = change(Rgb{r[lane], g[lane], b[lane]});
    r[lane] = p.r, g[lane] = p.g, b[lane] = p.b;
  }
}

// Forced into its caller: on its own it would be compiled without the vectors of the clone that calls it.
[[gnu::always_inline]] inline void apply_step(ColourStep step, float mean_gray, float* r, float* g, float* b) {
  const float factor = step.factor;
  switch (step.op) {
    case ColourOp::brightness: return change_lanes(r, g, b, [=](Rgb p) { return brightened(p, factor); });
    case ColourOp::contrast: return change_lanes(r, g, b, [=](Rgb p) { return contrasted(p, mean_gray, factor); });
    case ColourOp::saturation: return change_lanes(r, g, b, [=](Rgb p) { return saturated(p, factor); });
    case ColourOp::hue: return change_lanes(r, g, b, [=](Rgb p) { return hue_shifted(p, factor); });
    case ColourOp::gray: return change_lanes(r, g, b, [](Rgb p) { return grayed(p); });
  }
}

// All steps on a few pixels at a time, which stay in the nearest cache.
SSLBENCH_VECTOR_CLONES
void apply_steps(const ColourStep* first, const ColourStep* last, float mean_gray, size_t pixels, float* r, float* g,
                 float* b) {
  for (size_t at = 0; at < pixels; at += kLanes) {
    for (const ColourStep* step = first; step != last; ++step) apply_step(*step, mean_gray, r + at, g + at, b + at);
  }
}

SSLBENCH_VECTOR_CLONES
void solarize_lanes(float threshold, size_t pixels, float* r, float* g, float* b) {
  for (size_t at = 0; at < pixels; at += kLanes) {
    change_lanes(r + at, g + at, b + at, [=](Rgb p) { return solarized(p, threshold); });
  }
}

SSLBENCH_VECTOR_CLONES
void add_gray_levels(const float* r, const float* g, const float* b, int width, float* __restrict__ sum) {
  for (int x = 0; x < width; x += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) sum[lane] += gray_level({r[x + lane], g[x + lane], b[x + lane]});
  }
}

}  // namespace

float mean_gray_level(const Planes& planes) {
  double total = 0;
  for (int y = 0; y < planes.height(); ++y) {
    float sum[kLanes] = {};
    // The padding of a row is 0 up to here: no colour operation that may precede contrast makes light out of black.
    add_gray_levels(planes.row(0, y), planes.row(1, y), planes.row(2, y), planes.stride(), sum);
    for (const float value : sum) total += static_cast<double>(value);
  }
  return static_cast<float>(total / (static_cast<double>(planes.height()) * planes.width()));
}

void apply_colour(const ColourChoice& choice, Planes& planes) {
  const ColourProgram program = program_of(choice);
  const ColourStep *first = program.steps.data(), *last = first + program.size;
  const ColourStep* contrast = first;
  while (contrast != last && contrast->op != ColourOp::contrast) ++contrast;
  float *r = planes.plane(0), *g = planes.plane(1), *b = planes.plane(2);
  if (contrast != first) apply_steps(first, contrast, 0, planes.plane_size(), r, g, b);
  if (contrast != last) apply_steps(contrast, last, mean_gray_level(planes), planes.plane_size(), r, g, b);
}

void apply_solarize(float threshold, Planes& planes) {
  solarize_lanes(threshold, planes.plane_size(), planes.plane(0), planes.plane(1), planes.plane(2));
  if (threshold <= 0) planes.clear_padding();
}

}  // namespace sslbench
