// SPDX-License-Identifier: Apache-2.0
// representation: what features are like, without a label: how many directions they use, how their spectrum falls, how
// evenly they cover the sphere, and whether they collapsed: of the test images, on which nothing is chosen here.
// Nothing of it ranks rows: a high rank is no accuracy. Shapes: N images, D features.
#include <cmath>
#include <limits>

#include "suites/metrics/effective_rank.h"
#include "suites/metrics/representation_similarity.h"
#include "suites/metrics/spectrum/feature_spectrum.h"
#include "suites/metrics/spectrum/power_law.h"
#include "suites/protocols/frozen/feature_halves.h"
#include "suites/protocols/frozen/lidar_views.h"
#include "suites/protocols/frozen/made_images.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr int64_t kPairImages = 2048;      // of which uniformity is taken: every pair
constexpr int64_t kCompared = 1024;        // of which likeness is taken
constexpr double kCollapsedSpread = 0.01;  // of a healthy 1, as pretraining has it
constexpr double kCollapsedRank = 1.5;     // directions of centred features
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class Representation final : public Protocol {
 public:
  explicit Representation(const Settings& settings)
      : images_(settings.integer("images")),
        range_{settings.integer("alpha_from"), settings.integer("alpha_to")},
        compare_(settings.flag("untrained")),
        keep_(settings.flag("keep_features")),
        lidar_{settings.integer("lidar_images"), settings.integer("lidar_views")} {
    if (range_.from < range_.to) return;
    throw UserError("representation: alpha_from = " + std::to_string(range_.from) +
                    " and alpha_to = " + std::to_string(range_.to) + "; a slope needs two ranks or more");
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const Features& test = subject.features.get(dataset, Split::test);
    const at::Tensor h_ND = spaced_rows(test.h_ND, images_);
    const int64_t N = h_ND.size(0);
    const Matrix h = matrix_of(h_ND);
    StageRecord& record = context.record;
    const FeatureSpread& spread = subject.features.spread(dataset, Split::test);
    record.add("rankme", Split::test, rankme_of(singular(h)), N);
    const double centred = rankme_of(singular(centred_columns(h)));
    record.add("rankme_centered", Split::test, centred, N);
    add_slope(h, record);
    record.add("nesum", Split::test, nesum(h), N);
    const StableRank stable = stable_rank(h);
    record.add("stable_rank", Split::test, stable.stable_rank, N);
    record.add("stable_rank_centered", Split::test, stable.stable_rank_centered, N);
    const Matrix some = unit_length_rows(matrix_of(spaced_rows(h_ND, kPairImages)));
    record.add("uniformity", Split::test, alignment_uniformity(some, some).uniformity, static_cast<int64_t>(some.rows));
    add_collapse(spread.deviation, centred, N, context);
    if (subject.untrained && compare_) add_likeness(subject, test.h_ND, dataset, record);
    if (keep_) record.features = kept_features(spaced_rows(test.h_ND, kCompared));
    if (lidar_.images > 0) add_lidar(subject, *subject.data.split(dataset, Split::test).images, record);
    record.images = test.h_ND.size(0);
    record.images_per_second = test.images_per_second;  // of the features, which protocols share
  }

 private:
  static std::vector<double> singular(const Matrix& m) {
    std::vector<double> out = squared_singular_values(m);
    for (double& each : out) each = std::sqrt(each);
    return out;
  }

  // The range ends before the last eigenvalue that features of so many images and dimensions can have.
  void add_slope(const Matrix& h, StageRecord& record) const {
    const auto most = static_cast<int64_t>(std::min(h.rows - std::min<size_t>(h.rows, 1), h.columns));
    const RankRange range{range_.from, std::min(range_.to, most)};
    const bool enough = range.from < range.to;
    const double alpha = enough ? power_law(h, PowerLawFit::weighted, range, most).alpha : kNan;
    record.add("alpha", Split::test, alpha, static_cast<int64_t>(h.rows));
    record.add("alpha_last_rank", Split::test, static_cast<double>(range.to), static_cast<int64_t>(h.rows));
  }

  static void add_collapse(double spread, double rank, int64_t n, StageContext& context) {
    std::vector<std::string> signs;
    const auto text = [](double value) { return nlohmann::json(value).dump(); };
    if (spread < kCollapsedSpread)
      signs.push_back("features of all images point the same way (spread " + text(spread) + ")");
    if (!(rank >= kCollapsedRank))
      signs.push_back("features differ in one direction at most (rank " + text(rank) + ")");
    context.record.add("collapse", Split::test, static_cast<double>(signs.size()), n);
    if (!context.note) return;
    for (const std::string& sign : signs) context.note("collapse: " + sign);
  }

  // Of evenly spaced test images.
  static void add_likeness(Subject& subject, const at::Tensor& h_ND, const DatasetSpec& dataset, StageRecord& record) {
    const ImageSet& images = *subject.data.split(dataset, Split::test).images;
    const at::Tensor some_ND = spaced_rows(h_ND, kCompared);
    const int64_t n = some_ND.size(0), step = (images.size() + n - 1) / n;
    const auto from = [step](int64_t i) { return i * step; };
    const auto whole = [](const Image& of, int64_t) { return of; };
    const ImageSet some(std::make_unique<MadeImages>(images, MadeImages::Making{n, from, whole}), {.budget = 0});
    const Matrix now = matrix_of(some_ND);
    const Matrix before = matrix_of(subject.extract(subject.untrained(), some).h_ND);
    record.add("cka_untrained", Split::test, unbiased_linear_cka(now, before), n);
  }

  void add_lidar(Subject& subject, const ImageSet& images, StageRecord& record) const {
    const int64_t n = std::min(lidar_.images, images.size());
    const bool network = subject.extract && subject.backbone.stored_features() == nullptr;
    const char* why = network ? "features do not tell two images apart" : "of features alone no view can be computed";
    const Lidar of = network && n > 1 ? lidar_of_views(subject, images, lidar_) : Lidar{kNan, kNan};
    record.add("lidar", Split::test, of.lidar, n, why);
    record.add("lidar_paper", Split::test, of.lidar_paper, n, why);
  }

  int64_t images_;
  RankRange range_;
  bool compare_, keep_;
  LidarViews lidar_;
};

std::vector<Metric> own_metrics() {
  constexpr const char* kAlike = "features are the same for every image";
  std::vector<Metric> out = {
      {.name = "rankme",
       .definition = "exp(-sum p ln p), p = sigma / sum(sigma) + 1e-7 of the singular values of features of test "
                     "images, not centred (arXiv:2210.02885)",
       .undefined_when = "features are all 0"},
      {.name = "rankme_centered", .definition = "rankme of features without their mean", .undefined_when = kAlike},
      {.name = "alpha",
       .definition =
           "how fast the eigenvalues of the covariance fall with their rank: less the slope of ln l on ln rank, "
           "weights 1/rank, from alpha_from to alpha_last_rank (alpha-ReQ, NeurIPS 2022)",
       .undefined_when = "too few ranks, or features use fewer directions"},
      {.name = "alpha_last_rank", .definition = "alpha_to, or as many ranks as images less one or dimensions allow"},
      {.name = "nesum",
       .definition = "sum of the eigenvalues of the covariance over the largest (He and Ozay, ICML 2022)",
       .undefined_when = kAlike},
      {.name = "stable_rank",
       .definition = "squared Frobenius norm over squared spectral norm of the features",
       .undefined_when = "features are all 0"},
      {.name = "stable_rank_centered", .definition = "the same without their mean", .undefined_when = kAlike},
      {.name = "uniformity",
       .definition =
           "ln of the mean over pairs of exp(-2 |x - y|^2) of features of unit length, of 2,048 evenly spaced "
           "test images at most: lower is more even (arXiv:2005.10242)",
       .undefined_when = "a pair needs two images with features other than 0"},
      {.name = "collapse",
       .definition = "signs of a collapse that were seen, of two: spread below 0.01 (standard deviation of unit-length "
                     "features times the square root of their number), rankme_centered below 1.5 or "
                     "without a value"},
      {.name = "cka_untrained",
       .definition = "unbiased linear CKA of the features and those of the network before pretraining, of 1,024 evenly "
                     "spaced test images at most: 1 is nothing learnt",
       .undefined_when = "features of one of the two are the same for every image, or there are too few images"},
      {.name = "lidar",
       .definition =
           "exp(-sum p ln p), p = (l + 1e-8) / sum, of the eigenvalues l of the covariance between images over "
           "that within views of one (LiDAR, arXiv:2312.04000; stable-pretraining's form), of lidar_images "
           "test images x lidar_views random views"},
      {.name = "lidar_paper", .definition = "as lidar, p = l / sum(l) + 1e-7, as the paper has it", .headline = false}};
  for (Metric& metric : out) metric.better = Better::none, metric.kind = MetricKind::quantity;
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "representation",
     .summary = "rank, spectrum and spread of features, and signs of a collapse; no label is read",
     .version = 1,
     .task = "classification",
     .metrics = own_metrics(),
     .options = {integer_option("images", 25600, 2, 1e7,
                                "test images at most, evenly spaced; RankMe takes 25,600 training images"),
                 integer_option("alpha_from", 4, 1, 1e6, "first rank that alpha is fitted to"),
                 integer_option("alpha_to", 50, 2, 1e6,
                                "last one; published ranges are 4-50, 4-100, 6-50 and 11-100, "
                                "and which is taken decides the value"),
                 later(flag_option("untrained", true, "whether features are held against the untrained network's"),
                       false),
                 circumstance(flag_option("keep_features", true,
                                          "keep the features of 1,024 evenly spaced test images at most in the record, "
                                          "2 bytes a number, by which reports hold rows against the ceiling; a "
                                          "finished run is done again only with --again")),
                 later(integer_option("lidar_images", 500, 0, 1e6, "test images whose views tell LiDAR; 0: without it"),
                       0),
                 later(integer_option("lidar_views", 10, 2, 1000, "of each; the paper takes 1,000 images x 50"), 10)},
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Representation>(settings);
     }});

}  // namespace
}  // namespace sslbench
