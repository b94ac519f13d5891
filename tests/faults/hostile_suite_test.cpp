// SPDX-License-Identifier: Apache-2.0
// Suites and weights that were made to harm: refused at once, in little memory, and nothing in them is run.
#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include "suites/ground/sanitizer.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

// Fault matrix: 51
TEST(HostileSuiteTest, AFileOfAGigabyteIsRefusedInLittleMemory) {
  TinySuite suite;
#ifndef SSLBENCH_UNDER_SANITIZER
  suite.around.limits = {{RLIMIT_AS, rlim_t{256} << 20}};
#endif
  const fs::path file = suite.write("huge.toml", "# A question?\n");
  fs::resize_file(file, uintmax_t{1} << 30);  // a hole, which takes no room
  const Ending end = suite.sslbench({"run", file.string()});
  EXPECT_EQ(end.code, 2) << end.errors;
  EXPECT_THAT(end.errors, AllOf(HasSubstr("huge.toml"), HasSubstr("1 MB")));
}

// Fault matrix: 51
TEST(HostileSuiteTest, NumbersThatNoRateCanHaveAreRefusedAtTheirPlace) {
  const TinySuite suite;
  for (const char* value : {"nan", "-1", "1e400", "-inf", "\"fast\"", "[0.1]"}) {
    std::string text = kTinySuite;
    const std::string key = "precision = \"fp32\"";
    text.replace(text.find(key), key.size(), "learning_rate = " + std::string(value));
    const Ending end = suite.sslbench({"plan", suite.write("wrong.toml", text).string()});
    EXPECT_EQ(end.code, 2) << value << ": " << end.errors;
    EXPECT_THAT(end.errors, AllOf(HasSubstr("wrong.toml:9:"), AnyOf(HasSubstr("learning_rate"), HasSubstr("1e400"))))
        << value;
  }
}

// As torch.save lays it out: the pickle is one entry of a zip.
void write_torch_zip(const fs::path& file, const std::vector<std::pair<std::string, std::string>>& entries) {
  archive* out = archive_write_new();
  archive_write_set_format_zip(out);
  archive_write_zip_set_compression_store(out);
  ASSERT_EQ(archive_write_open_filename(out, file.c_str()), ARCHIVE_OK);
  for (const auto& [name, content] : entries) {
    archive_entry* header = archive_entry_new();
    archive_entry_set_pathname(header, name.c_str());
    archive_entry_set_filetype(header, AE_IFREG);
    archive_entry_set_perm(header, 0644);
    archive_entry_set_size(header, static_cast<la_int64_t>(content.size()));
    archive_write_header(out, header);
    archive_write_data(out, content.data(), content.size());
    archive_entry_free(header);
  }
  archive_write_free(out);
}

// Weights that run `touch MARKER` in whoever unpickles them, plain and as torch.save and TorchScript pack them.
// Fault matrix: 55
TEST(HostileWeightsTest, APickleIsRefusedAndNothingInItIsRun) {
  const TinySuite suite;
  const fs::path marker = suite.folder() / "marker";
  const std::string pickle = "cposix\nsystem\n(S'touch " + marker.string() + "'\ntR.";
  suite.write("plain.pt", pickle);
  suite.write("plain2.pt", "\x80\x02" + pickle);
  write_torch_zip(suite.folder() / "saved.pt", {{"saved/data.pkl", pickle}, {"saved/version", "3\n"}});
  write_torch_zip(
      suite.folder() / "script.pt",
      {{"script/data.pkl", pickle},
       {"script/code/__torch__.py", "class Net(Module):\n  def forward(self) -> None:\n    ops.aten.system()\n"},
       {"script/constants.pkl", pickle},
       {"script/version", "3\n"}});
  for (const char* file : {"plain.pt", "plain2.pt", "saved.pt", "script.pt"}) {
    suite.write("theirs.toml",
                std::string(kTinySuite) + "[methods.theirs]\nmethod = \"checkpoint\"\nweights = \"" + file + "\"\n");
    const Ending end = suite.sslbench(
        {"run", (suite.folder() / "theirs.toml").string(), "-o", suite.out.string(), "--only", "theirs"});
    EXPECT_EQ(end.code, 2) << file << ": " << end.errors;
    EXPECT_THAT(end.errors, HasSubstr(file));
    EXPECT_FALSE(fs::exists(marker)) << file;
  }
}

}  // namespace
}  // namespace sslbench
