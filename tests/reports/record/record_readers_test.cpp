// SPDX-License-Identifier: Apache-2.0
// Our files as other programs read them: h5py, pandas (PyTables) and h5dump.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// Runs a Python script on a file with Debian's python3; returns what it prints.
std::string python(const std::string& code, const fs::path& file) {
  const fs::path script = file.parent_path() / "check.py", out = file.parent_path() / "check.out";
  std::ofstream(script) << code;
  const std::string command = "/usr/bin/python3 -W error::FutureWarning " + script.string() + " " + file.string() +
                              " > " + out.string() + " 2>&1";
  const int status = std::system(command.c_str());
  return (status == 0 ? "" : "python3 failed:\n") + read_file(out);
}

TEST(RecordReadersTest, PandasReadsTypedColumnsFromBothKindsOfFile) {
  const ScratchFolder folder;
  Record record = sample_record();
  record.stages[2].measurements.push_back(undefined_measurement("simclr", 0, "detection", "ap50/rare"));
  write_record(record, folder.path() / "run.h5");
  write_measurements({record, sample_record("byol")}, folder.path() / "measurements.h5");
  const char* code = R"(
import sys, pandas
t = pandas.read_hdf(sys.argv[1], "measurements")
assert list(t.columns) == ["suite", "dataset", "method", "backbone", "seed", "stage", "protocol", "version", "metric",
    "split", "value", "unit", "direction", "n", "run", "reason", "method_name"], list(t.columns)
for c in ["seed", "version", "n"]: assert t[c].dtype == "int64", (c, t[c].dtype)
assert t["value"].dtype == "float64"
for c in ["suite", "metric", "unit", "run"]: assert all(type(v) is str for v in t[c]), (c, type(t[c].iloc[0]))
row = t[t.metric == "top1"].iloc[0]
assert row.method == "simclr" and row.value == 0.5 and row.n == 2048 and row.reason == "", row
gone = t[t.metric == "ap50/rare"].iloc[0]
assert pandas.isna(gone.value) and gone.reason == "no box of this class in the test images", gone
assert t.groupby("metric").value.mean().dropna().size == t.metric.nunique() - 1
print("ok", end="")
)";
  EXPECT_EQ(python(code, folder.path() / "run.h5"), "ok");
  EXPECT_EQ(python(code, folder.path() / "measurements.h5"), "ok");
}

// Our readers, too, before such a text gets into JSON.
TEST(RecordReadersTest, TextThatIsNotUtf8IsRefused) {
  const ScratchFolder folder;
  Record record = sample_record();
  record.stages[1].measurements[0].dataset = "caf\xE9";
  write_record(record, folder.path() / "column.h5");
  EXPECT_THROW(read_record(folder.path() / "column.h5"), UserError);
  Record named = sample_record("caf\xE9");
  write_record(named, folder.path() / "attribute.h5");
  EXPECT_THROW(read_record(folder.path() / "attribute.h5"), UserError);
}

TEST(RecordReadersTest, H5pyReadsARunFile) {
  const ScratchFolder folder;
  write_record(sample_record(), folder.path() / "run.h5");
  const char* code = R"(
import sys, json, h5py
f = h5py.File(sys.argv[1])
text = lambda v: v.decode() if isinstance(v, bytes) else str(v)
assert text(f.attrs["schema"]) == "sslbench.record/1" and text(f.attrs["row"]) == "simclr"
assert f.attrs["seed"] == 0
assert json.loads(bytes(f["settings/requested"][:]).decode()) == {"temperature": 0.2}
t = f["measurements"]
assert t.fletcher32 and t.shuffle and t.compression == "gzip" and t.chunks
assert t[1]["metric"].decode() == "top1" and t[1]["value"] == 0.5
assert f["samples/detection/00/image"].shape == (48, 64, 3)
assert f["curves/pretrain/loss"]["step"][-1] == 490
assert f["stages"][0]["images"] == 65536
print("ok", end="")
)";
  EXPECT_EQ(python(code, folder.path() / "run.h5"), "ok");
}

TEST(RecordReadersTest, H5dumpReadsARunFile) {
  const ScratchFolder folder;
  write_record(sample_record(), folder.path() / "run.h5");
  const fs::path out = folder.path() / "dump.txt";
  const std::string command = "h5dump " + (folder.path() / "run.h5").string() + " > " + out.string() + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_NE(read_file(out).find("\"linear_probe\""), std::string::npos);
}

}  // namespace
}  // namespace sslbench
