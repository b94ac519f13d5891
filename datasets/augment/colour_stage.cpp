// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/colour_stage.h"

#include "datasets/augment/colour.h"

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

void apply_step(ColourStep step, float mean_gray, float* r, float* g, float* b) {
  const float factor = step.factor;
  switch (step.op) {
    case ColourOp::brightness: return change_lanes(r, g, b, [=](Rgb p) { return brightened(p, factor); });
    case ColourOp::contrast: return change_lanes(r, g, b, [=](Rgb p) { return contrasted(p, mean_gray, factor); });
    case ColourOp::saturation: return change_lanes(r, g, b, [=](Rgb p) { return saturated(p, factor); });
    case ColourOp::hue: return change_lanes(r, g, b, [=](Rgb p) { return hue_shifted(p, factor); });
    case ColourOp::gray: return change_lanes(r, g, b, [](Rgb p) { return grayed(p); });
  }
}

void apply_steps(const ColourStep* first, const ColourStep* last, float mean_gray, Planes& planes) {
  float *r = planes.plane(0), *g = planes.plane(1), *b = planes.plane(2);
  if (first == last) return;
  for (size_t at = 0; at < planes.plane_size(); at += kLanes) {
    for (const ColourStep* step = first; step != last; ++step) apply_step(*step, mean_gray, r + at, g + at, b + at);
  }
}

}  // namespace

float mean_gray_level(const Planes& planes) {
  double total = 0;
  for (int y = 0; y < planes.height(); ++y) {
    const float *r = planes.row(0, y), *g = planes.row(1, y), *b = planes.row(2, y);
    float sum[kLanes] = {};
    // The padding of a row is 0 up to here: no operation that may precede contrast makes light out of black.
    for (int x = 0; x < planes.stride(); x += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) sum[lane] += gray_level({r[x + lane], g[x + lane], b[x + lane]});
    }
    for (const float value : sum) total += static_cast<double>(value);
  }
  return static_cast<float>(total / (static_cast<double>(planes.height()) * planes.width()));
}

void apply_colour(const ColourChoice& choice, Planes& planes) {
  const ColourProgram program = program_of(choice);
  const ColourStep *first = program.steps.data(), *last = first + program.size;
  const ColourStep* contrast = first;
  while (contrast != last && contrast->op != ColourOp::contrast) ++contrast;
  apply_steps(first, contrast, 0, planes);
  if (contrast != last) apply_steps(contrast, last, mean_gray_level(planes), planes);
}

void apply_solarize(float threshold, Planes& planes) {
  float *r = planes.plane(0), *g = planes.plane(1), *b = planes.plane(2);
  for (size_t at = 0; at < planes.plane_size(); at += kLanes) {
    change_lanes(r + at, g + at, b + at, [=](Rgb p) { return solarized(p, threshold); });
  }
}

}  // namespace sslbench
