// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/batch_norm_over_ranks.h"

#include <ATen/ops/batch_norm_stats.h>
#include <ATen/ops/batch_norm_update_stats.h>
#include <ATen/ops/native_batch_norm_backward.h>
#include <torch/csrc/autograd/custom_function.h>

#include <numeric>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"

// Shapes: W ranks, P parts, C channels.
namespace sslbench {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Rows of x that lie in one part of the batch.
struct Piece {
  int64_t part = 0, first = 0, count = 0;
};

std::vector<Piece> pieces_of(const std::vector<int64_t>& own_rows) {
  std::vector<Piece> out;
  int64_t first = 0;
  for (size_t part = 0; part < own_rows.size(); ++part) {
    if (own_rows[part] > 0) out.push_back({static_cast<int64_t>(part), first, own_rows[part]});
    first += own_rows[part];
  }
  return out;
}

// Mean, sum of squared deviations from it and count of every channel of a piece: [2 C + 1], at least float32.
Tensor moments(const Tensor& x, const Tensor& like_C) {
  const int64_t C = x.size(1), rows = x.numel() / C;
  const auto count = static_cast<double>(rows);
  Tensor mean_C, variance_C;
  if (x.is_cuda()) {
    const auto [mean, inverse] = at::batch_norm_stats(x, 0);
    mean_C = mean, variance_C = inverse.square().reciprocal();
  } else {
    // Without somewhere to keep them in float32, statistics of bfloat16 come in bfloat16.
    std::tie(mean_C, variance_C) = at::batch_norm_update_stats(x, at::zeros_like(like_C), at::ones_like(like_C), 0);
  }
  return at::cat({mean_C.to(like_C.scalar_type()), variance_C.to(like_C.scalar_type()) * count,
                  at::full({1}, count, like_C.options())});
}

struct Statistics {
  Tensor mean_PC, variance_PC, count_P1;
};

// The parallel algorithm of Chan, Golub and LeVeque (1979) for any number of pieces.
Statistics combined(const Tensor& all_WPM, int64_t C) {
  const Tensor mean_WPC = all_WPM.narrow(2, 0, C), squares_WPC = all_WPM.narrow(2, C, C);
  const Tensor count_WP1 = all_WPM.narrow(2, 2 * C, 1);
  const Tensor count_P1 = count_WP1.sum(0), mean_PC = (mean_WPC * count_WP1).sum(0) / count_P1;
  const Tensor spread_PC = (squares_WPC + count_WP1 * (mean_WPC - mean_PC).square()).sum(0);
  return {mean_PC, spread_PC / count_P1, count_P1};
}

void update(const RunningStatistics& running, const Statistics& found) {
  const Tensor unbiased_PC = found.variance_PC * found.count_P1 / (found.count_P1 - 1);
  for (int64_t part = 0; part < found.mean_PC.size(0); ++part) {
    running.mean.lerp_(found.mean_PC[part], running.momentum);
    running.variance.lerp_(unbiased_PC[part], running.momentum);
  }
}

// A per-channel vector beside x.
Tensor beside(const Tensor& value_C, const Tensor& x) {
  std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
  shape[1] = value_C.size(0);
  return value_C.view(shape);
}

struct NormOfWholeBatch : torch::autograd::Function<NormOfWholeBatch> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& weight_C, const Tensor& bias_C,
                        const Tensor& running_mean, const Tensor& running_variance, double momentum, double eps,
                        const std::vector<int64_t>& own_rows) {
    Ranks& group = ranks();
    const int64_t C = x.size(1), parts = std::ssize(own_rows);
    const std::vector<Piece> pieces = pieces_of(own_rows);
    const Tensor own_PM = at::zeros({parts, 2 * C + 1}, running_mean.options());
    for (const Piece& piece : pieces)
      own_PM[piece.part].copy_(moments(x.narrow(0, piece.first, piece.count), running_mean));
    const Statistics found = combined(at::stack(group.each(own_PM)), C);
    update({running_mean, running_variance, momentum}, found);
    ctx->save_for_backward({x, weight_C, found.mean_PC, found.variance_PC, found.count_P1});
    ctx->saved_data["eps"] = eps;
    ctx->saved_data["own_rows"] = own_rows;
    ctx->saved_data["group"] = reinterpret_cast<int64_t>(&group);  // autograd's thread may be another one
    std::vector<Tensor> out;
    for (const Piece& piece : pieces) {
      out.push_back(at::batch_norm(x.narrow(0, piece.first, piece.count), weight_C, bias_C, found.mean_PC[piece.part],
                                   found.variance_PC[piece.part], /*training=*/false, 0, eps, /*cudnn_enabled=*/true));
    }
    return out.size() == 1 ? out[0] : at::cat(out);
  }

  // With y = weight xhat + bias:  dx = weight / std (dy - mean(dy) - xhat mean(dy xhat)), means over the part.
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &weight_C = saved[1], &mean_PC = saved[2], &variance_PC = saved[3],
                 &count_P1 = saved[4];
    const double eps = ctx->saved_data["eps"].toDouble();
    Ranks& group = *reinterpret_cast<Ranks*>(ctx->saved_data["group"].toInt());
    const int64_t C = x.size(1), parts = mean_PC.size(0);
    const Tensor dy = grads[0].contiguous(x.suggest_memory_format());
    const Tensor sums_PM = at::zeros({parts, 2 * C}, mean_PC.options());  // of dy xhat, then of dy
    const std::vector<Piece> pieces = pieces_of(ctx->saved_data["own_rows"].toIntVector());
    std::vector<Tensor> dx;
    for (const Piece& piece : pieces) {
      auto [through, d_weight, d_bias] = at::native_batch_norm_backward(
          dy.narrow(0, piece.first, piece.count), x.narrow(0, piece.first, piece.count), weight_C, mean_PC[piece.part],
          variance_PC[piece.part], {}, {}, /*train=*/false, eps, {true, true, true});
      sums_PM[piece.part].copy_(at::cat({d_weight, d_bias}));
      dx.push_back(through);
    }
    const Tensor own_M = sums_PM.sum(0);
    group.sum(sums_PM);
    const Tensor inverse_PC = (variance_PC + eps).rsqrt(), factor_PC = inverse_PC * weight_C / count_P1;
    for (size_t i = 0; i < pieces.size(); ++i) {
      const Piece& piece = pieces[i];
      const Tensor slope_C = factor_PC[piece.part] * inverse_PC[piece.part] * sums_PM[piece.part].narrow(0, 0, C);
      const Tensor level_C =
          factor_PC[piece.part] * sums_PM[piece.part].narrow(0, C, C) - mean_PC[piece.part] * slope_C;
      const Tensor rows = x.narrow(0, piece.first, piece.count);
      dx[i].sub_(beside(level_C, x)).addcmul_(rows, beside(slope_C, x).to(rows.scalar_type()), -1);
    }
    return {dx.size() == 1 ? dx[0] : at::cat(dx), own_M.narrow(0, 0, C), own_M.narrow(0, C, C), {}, {}, {}, {}, {}};
  }
};

}  // namespace

std::vector<int64_t> own_images_of_parts(int64_t parts) {
  const Ranks& group = ranks();
  const int64_t begin = group.first_row(), end = begin + group.own();
  std::vector<int64_t> out;
  int64_t first = 0;
  for (const int64_t count : even_shares(group.whole(), parts)) {
    out.push_back(std::max<int64_t>(0, std::min(end, first + count) - std::max(begin, first)));
    first += count;
  }
  return out;
}

Tensor batch_norm_over_ranks(const Tensor& x, const Tensor& weight, const Tensor& bias,
                             const RunningStatistics& running, double eps, const std::vector<int64_t>& own_rows) {
  require(std::accumulate(own_rows.begin(), own_rows.end(), int64_t{0}) == x.size(0), "rows of no part of the batch");
  const Tensor scale = weight.defined() ? weight : at::ones_like(running.mean);
  const Tensor shift = bias.defined() ? bias : at::zeros_like(running.mean);
  return NormOfWholeBatch::apply(x, scale, shift, running.mean, running.variance, running.momentum, eps, own_rows);
}

}  // namespace sslbench
