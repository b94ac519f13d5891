// SPDX-License-Identifier: Apache-2.0
// Denoising autoencoder: paints the clean image from a damaged one. The autoencoder with the paper's noise by default.
// Vincent, Larochelle, Bengio, Manzagol: "Extracting and Composing Robust Features with Denoising Autoencoders", ICML
// 2008; noise kinds of Vincent et al., JMLR 11, 2010, sec. 3.3.
//   x~ ~ q(x~ | x),  loss = mean (decoder(encoder(x~)) - x)^2        (2008, Eq. 5 with squared error)
#include "methods/autoencoder.h"

namespace sslbench {
namespace {

const bool registered = Registry<MethodEntry>::add(
    {.name = "denoising_autoencoder",
     .summary = "reconstruction: paints the clean image from a damaged one (MSE)",
     .paper = "doi:10.1145/1390156.1390294",
     .views = 1,
     .options = autoencoder::options("masking"),
     .pitfalls = {"The target is the clean image; learning the damaged one makes it a plain autoencoder.",
                  "Pixels are easy to fill in from their neighbours: weak noise teaches interpolation, not objects."},
     .presets = autoencoder::presets(),
     .make = autoencoder::make});

}  // namespace
}  // namespace sslbench
