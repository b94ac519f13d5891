// SPDX-License-Identifier: Apache-2.0
// The files of a real run as other programs read them: h5py, pandas and h5dump.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

constexpr const char* kReader = R"py(
import json, sys, h5py, pandas
run, table = sys.argv[1:]
for file in (run, table):
    t = pandas.read_hdf(file, "measurements")
    for c in ("seed", "version", "n"): assert t[c].dtype == "int64", (c, t[c].dtype)
    assert t["value"].dtype == "float64"
    for c in ("suite", "dataset", "method", "backbone", "stage", "protocol", "metric", "split", "unit", "direction", "run"):
        assert len(t) and all(type(v) is str for v in t[c]), c
    assert {"top1", "wall_time", "peak_memory_process"} <= set(t.metric)
    assert t[t.metric == "top1"].value.between(0, 1).all()
assert set(pandas.read_hdf(table, "measurements").method) == {"simclr", "random_init"}
with h5py.File(run) as f:
    assert f.attrs["row"] == "simclr" or f.attrs["row"] == b"simclr"
    effective = json.loads(bytes(f["settings/effective"][:]).decode())
    assert effective["pretrain"]["epochs"] == 10
    assert json.loads(bytes(f["environment"][:]).decode())["threads"] == 1
    assert len(f["curves/pretrain/loss"]["step"]) == 80
    assert len(f["hashes/pretrain"]) == 80
print("read")
)py";

TEST(RealRecordTest, OpensInOtherPrograms) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "[sr][ia]*"}).code, 0);
  const std::string run = suite.record_file("simclr").string(), table = (suite.out / "measurements.h5").string();
  const Ending modules = run_program({"/usr/bin/python3", "-c", "import h5py, pandas, tables"}, suite.around);
  if (modules.code != 0) GTEST_SKIP() << "not run: /usr/bin/python3 has no h5py, pandas and tables";
  const std::string script = suite.write("read.py", kReader).string();
  const Ending read = run_program({"/usr/bin/python3", script, run, table}, suite.around);
  EXPECT_EQ(read.output, "read\n") << read.errors;
  for (const std::string& file : {run, table}) {
    const Ending dumped = run_program({"h5dump", "-H", file}, suite.around);
    EXPECT_EQ(dumped.code, 0) << dumped.errors;
    EXPECT_THAT(dumped.output, HasSubstr("DATASET \"measurements\""));
  }
}

}  // namespace
}  // namespace sslbench
