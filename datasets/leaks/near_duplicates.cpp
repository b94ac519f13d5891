// SPDX-License-Identifier: Apache-2.0
// Pictures are looked at through windows, since a crop shows a part of what the other shows: each test image whole
// against every window of a training image, and every window of it against the whole training image; mirrored, too.
// What fingerprints of such pairs have in common finds candidates; the window of a candidate is then moved to where
// both agree best, and what is left decides.
#include "datasets/leaks/near_duplicates.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "datasets/leaks/aligned_pair.h"
#include "datasets/leaks/fingerprint_space.h"
#include "datasets/leaks/packed_fingerprints.h"

namespace sslbench {
namespace {

constexpr int64_t kSample = 4096;  // pictures that the space is made of
constexpr int64_t kBlock = 1024;   // training images looked at together
constexpr size_t kCandidates = 3;  // kept of each test image

// body(i) for 0 <= i < count on several threads; what one of them throws is thrown here.
void in_parallel(const DuplicateSearch& how, int64_t count, const std::function<void(int64_t)>& body) {
  std::atomic<int64_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&](bool of_caller) {
    try {
      for (int64_t i = next++; i < count; i = next++) {
        if (of_caller) how.between();
        body(i);
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::jthread> others;
  for (int t = 1; t < how.threads; ++t) others.emplace_back(work, false);
  work(true);
  others.clear();
  if (failure) std::rethrow_exception(failure);
}

struct Candidate {
  int64_t train = 0;
  float similarity = 0;
  Alignment alignment;
};

class Search {
 public:
  Search(const ImageSet& train, const ImageSet& test, const DuplicateSearch& how)
      : train_(train), test_(test), how_(how), space_(sample()), found_(static_cast<size_t>(test.size())) {}

  std::vector<NearDuplicate> run() {
    look_at_test_images();
    for (int64_t first = 0; first < train_.size(); first += kBlock) {
      compare_block(first, std::min(kBlock, train_.size() - first));
      how_.progress(std::min(first + kBlock, train_.size()), train_.size());
    }
    return decided();
  }

 private:
  std::vector<Fingerprint> sample() const {
    std::vector<Fingerprint> out;
    for (const ImageSet* set : {&train_, &test_}) {
      const int64_t n = set->size(), taken = std::min(n, kSample / 2);
      const size_t before = out.size();
      out.resize(before + static_cast<size_t>(taken));
      in_parallel(how_, taken, [&](int64_t k) {
        out[before + static_cast<size_t>(k)] = StructureMap(set->item(k * n / taken)->image).fingerprint({});
      });
    }
    return out;
  }

  // Row v of `whole` and `parts` belongs to view v of test image 0, then of image 1, ...
  void look_at_test_images() {
    const auto n = static_cast<size_t>(test_.size());
    const size_t windows = search_windows().size();
    whole_ = PackedFingerprints(n * 2), parts_ = PackedFingerprints(n * (windows - 1) * 2);
    in_parallel(how_, test_.size(), [&](int64_t i) {
      const StructureMap map(test_.item(i)->image);
      for (size_t w = 0; w < windows; ++w) {
        const Fingerprint print = map.fingerprint(search_windows()[w]);
        PackedFingerprints& into = w == 0 ? whole_ : parts_;
        const size_t row = w == 0 ? static_cast<size_t>(i) * 2 : (static_cast<size_t>(i) * (windows - 1) + w - 1) * 2;
        into.set(row, space_.place(print));
        into.set(row + 1, space_.place(mirrored(print)));
      }
    });
  }

  void compare_block(int64_t first, int64_t count) {
    const size_t windows = search_windows().size();
    PackedFingerprints block(static_cast<size_t>(count) * windows);
    in_parallel(how_, count, [&](int64_t k) {
      const StructureMap map(train_.item(first + k)->image);
      for (size_t w = 0; w < windows; ++w) {
        block.set(static_cast<size_t>(k) * windows + w, space_.place(map.fingerprint(search_windows()[w])));
      }
    });
    constexpr int64_t kTestImages = 256;  // of one piece of work, small enough for the cache
    in_parallel(how_, (test_.size() + kTestImages - 1) / kTestImages, [&](int64_t piece) {
      const int64_t begin = piece * kTestImages, end = std::min(begin + kTestImages, test_.size());
      compare(block, first, static_cast<size_t>(begin), static_cast<size_t>(end));
    });
  }

  // Test images [begin, end) with all of a block.
  void compare(const PackedFingerprints& block, int64_t first, size_t begin, size_t end) {
    const size_t windows = search_windows().size(), each = (windows - 1) * 2;
    std::vector<PackedFingerprints::Close> close;
    for (size_t row = 0; row < block.size(); ++row) {
      const auto train = first + static_cast<int64_t>(row / windows);
      const size_t window = row % windows;
      close.clear();
      whole_.find_close(block, row, begin * 2, end * 2, close);
      for (const auto& pair : close) {
        keep(pair.row / 2, {train, pair.similarity, {window, /*of_train=*/true, pair.row % 2 == 1}});
      }
      if (window != 0) continue;
      close.clear();
      parts_.find_close(block, row, begin * each, end * each, close);
      for (const auto& pair : close) {
        const size_t part = pair.row % each;
        keep(pair.row / each, {train, pair.similarity, {part / 2 + 1, /*of_train=*/false, part % 2 == 1}});
      }
    }
  }

  // The best few of different training images.
  void keep(size_t test, const Candidate& candidate) {
    std::vector<Candidate>& best = found_[test];
    const auto same =
        std::find_if(best.begin(), best.end(), [&](const Candidate& c) { return c.train == candidate.train; });
    if (same != best.end()) {
      if (same->similarity < candidate.similarity) *same = candidate;
      return;
    }
    if (best.size() < kCandidates) {
      best.push_back(candidate);
      return;
    }
    const auto least = std::min_element(
        best.begin(), best.end(), [](const Candidate& a, const Candidate& b) { return a.similarity < b.similarity; });
    if (least->similarity < candidate.similarity) *least = candidate;
  }

  std::vector<NearDuplicate> decided() const {
    std::vector<NearDuplicate> out(found_.size());
    in_parallel(how_, test_.size(), [&](int64_t i) {
      const std::vector<Candidate>& candidates = found_[static_cast<size_t>(i)];
      if (candidates.empty()) return;
      const StructureMap test(test_.item(i)->image);
      for (const Candidate& candidate : candidates) {
        const StructureMap train(train_.item(candidate.train)->image);
        const float aligned = best_similarity(space_, test, train, candidate.alignment);
        NearDuplicate& best = out[static_cast<size_t>(i)];
        if (aligned >= least_similarity(test, train) && static_cast<double>(aligned) > best.similarity) {
          best = {i, candidate.train, static_cast<double>(aligned)};
        }
      }
    });
    std::erase_if(out, [](const NearDuplicate& pair) { return pair.similarity == 0; });
    return out;
  }

  const ImageSet& train_;
  const ImageSet& test_;
  const DuplicateSearch& how_;
  FingerprintSpace space_;
  PackedFingerprints whole_, parts_;  // of test images: all of them and mirrored; their windows and those mirrored
  std::vector<std::vector<Candidate>> found_;
};

}  // namespace

std::vector<NearDuplicate> near_duplicates(const ImageSet& train, const ImageSet& test, const DuplicateSearch& how) {
  if (train.size() == 0 || test.size() == 0) return {};
  return Search(train, test, how).run();
}

}  // namespace sslbench
