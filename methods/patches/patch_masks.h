// SPDX-License-Identifier: Apache-2.0
// Which patches a masked method hides: at random (MAE, MSN), in units of several patches (SimMIM), in blocks (BEiT,
// data2vec, iBOT). All draws follow from (seed, epoch, sample, view).
// Shapes: N images, L = h w patches in row-major order, K kept patches, M mask units, D width.
#pragma once

#include <functional>

#include "datasets/batches/train_batch.h"
#include "methods/module.h"
#include "suites/ground/random.h"

namespace sslbench {

// trunc(L (1 - mask_ratio)), in double as MAE's authors: 30 patches at ratio 0.9 keep 2.
int64_t kept_patches(int64_t patches, double mask_ratio);

// Uniform numbers in [0, 1) of every image of the batch, [N, count] on the CPU.
Tensor uniform_noise(uint64_t seed, const TrainBatch& batch, int64_t view, int64_t count);

// facebookresearch/mae models_mae.py, random_masking: the patches of the smallest noise stay.
struct RandomMasking {
  Tensor ids_shuffle_NL, ids_restore_NL, ids_keep_NK;  // int64; ids_shuffle sorts the noise, ids_restore undoes it
  Tensor mask_NL;                                      // of the noise's type: 1 = removed
  Tensor places_NL;  // of every patch its place among ids_keep, or K: see gather_patches()
};
RandomMasking random_masking(const Tensor& noise_NL, double mask_ratio);

// microsoft/SimMIM data/data_simmim.py, MaskGenerator: the first ceil(M ratio) of a permutation of the
// M = (side / unit)^2 units are masked; [N, side / patch, side / patch] int64, 1 = masked. `unit` is a multiple of
// `patch` (px) and divides `side` (px).
Tensor unit_masks(const Tensor& order_NM, int64_t side, int64_t unit, int64_t patch, double mask_ratio);
int64_t masked_units(int64_t units, double mask_ratio);

// How a number of patches is chosen from a grid.
struct PatchChoice {
  bool blocks = true;          // rectangles, else single patches
  double aspect_low = 0.3;     // of a rectangle's height over width; to its inverse
  int64_t smallest_block = 0;  // patches; 0 = a ninth of the square grid as iBOT's authors, (min(h, w) / 3)^2
};

// Marks about `count` of h x w patches (blocks may stop short, single patches never do). BEiT's masking generator:
// microsoft/unilm beit/masking_generator.py.
std::vector<bool> choose_patches(RandomStream& stream, int64_t h, int64_t w, int64_t count, const PatchChoice& choice);

// Masks of one view of a batch, [N, h w] bool on the CPU; `count` draws how many patches of an image are wanted.
Tensor patch_masks(uint64_t seed, const TrainBatch& batch, int64_t view, int64_t h, int64_t w,
                   const PatchChoice& choice, const std::function<int64_t(RandomStream&)>& count);

}  // namespace sslbench
