// SPDX-License-Identifier: Apache-2.0
// What every registered dataset promises; those that are built in are rendered and looked at.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "datasets/install/installed.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr Split kSplits[] = {Split::train, Split::val, Split::test};

const std::map<std::string, DatasetEntry>& all() { return Registry<DatasetEntry>::all(); }

std::string hash_of(const Item& item) {
  const auto text = [](const auto& bytes) {
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  std::string boxes;
  for (const Box& box : item.boxes) {
    for (const double side : {box.x0, box.y0, box.x1, box.y1}) boxes += std::to_string(side) + " ";
    boxes += std::to_string(box.label) + ",";
  }
  return sha256_hex(text(item.image.pixels) + "|" + std::to_string(item.label) + "|" + boxes + "|" +
                    text(item.mask.labels));
}

// Few pictures, in every shape that the set's options of type choice offer.
std::vector<json> variants(const DatasetEntry& entry) {
  json small = json::object();
  for (const Option& option : entry.options) {
    if (option.name.ends_with("_images")) small[option.name] = 24;
  }
  std::vector<json> out{small};
  for (const Option& option : entry.options) {
    for (const std::string& choice : option.choices) {
      out.push_back(small);
      out.back()[option.name] = choice;
    }
  }
  return out;
}

void expect_item_in_range(const Item& item, const DataSource& source, const std::string& what) {
  const Image& image = item.image;
  EXPECT_GT(image.width, 0) << what;
  EXPECT_EQ(image.pixels.size(), static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3) << what;
  EXPECT_GE(item.label, -1) << what;
  EXPECT_LT(item.label, static_cast<int32_t>(source.classes().size())) << what;
  for (const Box& box : item.boxes) {
    EXPECT_TRUE(0 <= box.x0 && box.x0 < box.x1 && box.x1 <= image.width) << what;
    EXPECT_TRUE(0 <= box.y0 && box.y0 < box.y1 && box.y1 <= image.height) << what;
    EXPECT_TRUE(0 <= box.label && box.label < static_cast<int32_t>(source.classes().size())) << what;
  }
  for (const uint8_t id : item.mask.labels) {
    ASSERT_TRUE(id == 255 || id < source.mask_classes().size()) << what << ": mask id " << int{id};
  }
}

TEST(EveryDatasetTest, SaysWhatItIs) {
  for (const auto& [name, entry] : all()) {
    EXPECT_FALSE(entry.summary.empty()) << name;
    EXPECT_EQ(entry.summary.find('\n'), std::string::npos) << name;
    EXPECT_FALSE(entry.source.empty()) << name;
    EXPECT_FALSE(entry.licence.empty()) << name;
    EXPECT_FALSE(entry.tasks.empty()) << name;
    for (const std::string& task : entry.tasks) {
      EXPECT_TRUE(task == "classification" || task == "detection" || task == "segmentation") << name << ": " << task;
    }
    EXPECT_GT(entry.image_size, 0) << name;
    EXPECT_GT(*std::min_element(entry.deviation.begin(), entry.deviation.end()), 0) << name;
    EXPECT_GE(entry.classes.size(), 2u) << name;
    EXPECT_EQ(std::set<std::string>(entry.classes.begin(), entry.classes.end()).size(), entry.classes.size()) << name;
    EXPECT_EQ(entry.builtin, entry.inspect == nullptr) << name << ": a set of files is checked when it is added";
    for (const Option& option : entry.options) EXPECT_FALSE(option.help.empty()) << name << "." << option.name;
  }
}

TEST(EveryDatasetTest, ReadsEverySettingItDeclares) {
  for (const auto& [name, entry] : all()) {
    const Settings settings("dataset", entry.options, json::object());
    for (const Split split : kSplits) {
      try {
        entry.open(settings, {split, "/nowhere"});
      } catch (const std::exception&) {  // no files here: settings are read before them
      }
    }
    EXPECT_TRUE(settings.unread().empty()) << name << " declares '" << settings.unread().front() << "' and ignores it";
  }
}

TEST(EveryDatasetTest, MissingOneSaysHowToAddIt) {
  for (const auto& [name, entry] : all()) {
    if (entry.builtin) continue;
    try {
      open_dataset(name, json::object(), Split::train, "/nowhere");
      FAIL() << name << " opened without files";
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find("sslbench data add " + name + " PATH"), std::string::npos);
    }
  }
}

TEST(EveryDatasetTest, BuiltInOnesRenderTheSameDistinctItemsEveryTime) {
  for (const auto& [name, entry] : all()) {
    if (!entry.builtin) continue;
    for (const json& settings : variants(entry)) {
      std::set<std::string> seen;
      for (const Split split : kSplits) {
        const auto first = open_dataset(name, settings, split, ""), second = open_dataset(name, settings, split, "");
        EXPECT_EQ(first->size(), 24) << name;
        for (int64_t i = first->size() - 1; i >= 0; --i) {
          const std::string what = name + " " + std::string(split_name(split)) + " " + std::to_string(i);
          const Item item = first->item(i);
          expect_item_in_range(item, *first, what);
          const std::string hash = hash_of(item);
          EXPECT_TRUE(seen.insert(hash).second) << what << " is a copy of another item";
          EXPECT_EQ(hash_of(second->item(i)), hash) << what << " differs when it is read again, in another order";
        }
      }
    }
  }
}

}  // namespace
}  // namespace sslbench
