// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/json_entries.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class JsonEntriesTest : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& content) { return folder_.write("x.json", content); }

  std::vector<int64_t> ids(const std::string& content, size_t threads = 1) {
    const JsonEntries entries(file(content), {"list"});
    const auto pieces = entries.list("list");
    std::vector<int64_t> out(pieces.size());
    entries.for_each(pieces, "list", threads,
                     [&](size_t i, const nlohmann::json& entry) { out[i] = exact_integer_at(entry, "id"); });
    return out;
  }
  std::string refusal(const std::string& content, size_t threads = 1) {
    try {
      ids(content, threads);
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

 private:
  ScratchFolder folder_;
};

TEST_F(JsonEntriesTest, ReadsTheLastListOfAName) {
  EXPECT_THAT(ids("\xEF\xBB\xBF{\"list\": [], \"info\": {\"list\": 1}, \"list\": [{\"id\": 3}, {\"id\": 4}]}\n"),
              ElementsAre(3, 4));
}

TEST_F(JsonEntriesTest, AMistakeOfJsonHasItsPlaceInTheFile) {
  EXPECT_THAT(refusal("{\"list\": [{\"id\": 3},\n{\"id\": x}]}"), HasSubstr("x.json: not JSON: parse error at line 2"));
  EXPECT_THAT(refusal("{\"list\": [{\"id\": 3}]\n"), HasSubstr("x.json: not JSON: parse error at line 2"));
  EXPECT_THAT(refusal("{\"list\": [],\n\"info\": {]}"), HasSubstr("x.json: not JSON: parse error at line 2"));
  EXPECT_THAT(refusal("{\"list\": [{]},\n\"list\": []}"), HasSubstr("x.json: not JSON: parse error at line 1"));
}

TEST_F(JsonEntriesTest, SaysWhatKindOfValueIsMissing) {
  EXPECT_THAT(refusal("[]"), EndsWith("expected an object with images, categories, annotations"));
  EXPECT_THAT(refusal("{\"list\": {}}"), EndsWith("list is no list; expected COCO's format"));
  EXPECT_THAT(refusal("{}"), EndsWith("no 'list'; expected COCO's truth format"));
  EXPECT_THROW(JsonEntries(file("{}")).list(), UserError);
}

TEST_F(JsonEntriesTest, TheFirstWrongEntryIsNamedByAnyNumberOfThreads) {
  std::string content = "{\"list\": [{\"id\": 0}";
  for (int i = 1; i < 3000; ++i) content += ", {\"id\": " + std::to_string(i) + (i % 700 == 0 ? ".5}" : "}");
  for (const size_t threads : {1, 2, 5}) EXPECT_THAT(refusal(content + "]}", threads), HasSubstr("list[700]: 'id'"));
}

}  // namespace
}  // namespace sslbench
