// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/build_id.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

TEST(RevisionTest, BuildsOfChangedTreesAreToldApartByTheirWorker) {
  const std::string a(64, 'a'), b(64, 'b');
  EXPECT_EQ((Revision{"abc", false, a}.text()), "abc") << "a commit says all";
  EXPECT_EQ((Revision{"abc", true, a}.text()), "abc-dirty-aaaaaaaaaaaa");
  EXPECT_NE((Revision{"abc", true, a}.text()), (Revision{"abc", true, b}.text()));
  EXPECT_EQ((Revision{"", false, a}.text()), "unknown-aaaaaaaaaaaa");
  EXPECT_FALSE((Revision{"unknown", false, a}.clean())) << "a build without a repository";
}

TEST(RevisionTest, IsReadBackFromItsText) {
  for (const Revision& made :
       {Revision{"abc", false, ""}, Revision{"abc", true, ""}, Revision{"abc", true, "0123456789ab"},
        Revision{"unknown", false, "0123456789ab"}, Revision{"unknown", true, ""}}) {
    const Revision read = revision_from(made.text());
    EXPECT_EQ(read.commit, made.commit);
    EXPECT_EQ(read.dirty, made.dirty);
    EXPECT_EQ(read.worker, made.worker) << made.text();
  }
}

TEST(WorkerDigestTest, ChangesWithTheProgramAndWithThePluginBesideIt) {
  const ScratchFolder folder;
  const auto worker = folder.write("sslbench-worker", "one");
  const std::string before = worker_digest(worker);
  EXPECT_EQ(worker_digest(worker), before);
  folder.write("sslbench-worker", "two");
  const std::string after = worker_digest(worker);
  EXPECT_NE(after, before);
  folder.write("libsslbench_cuda.so", "kernels");
  EXPECT_NE(worker_digest(worker), after);
}

}  // namespace
}  // namespace sslbench
