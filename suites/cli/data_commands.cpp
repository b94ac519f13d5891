// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/data_commands.h"

#include <CLI/CLI.hpp>

#include "suites/cli/commands/output_place.h"

namespace sslbench {
namespace {

void add_json(CLI::App* command, bool& json) { command->add_flag("--json", json, "print JSON"); }

// What makes something of a dataset that is there, or can be fetched.
void add_uses(CLI::App& parent, DataOptions& data, const AddCommand& add) {
  CLI::App* each = add(parent, "get", "download a known dataset and add it", [&data] { return data_get(data); });
  each->add_option("NAME", data.name, "which dataset")->required();
  add_json(each, data.json);
  each = add(parent, "pack", "one HDF5 file of a whole dataset", [&data] { return data_pack(data); });
  each->add_option("NAME", data.name, "which dataset")->required();
  each->add_option("-o,--out", data.out, "the file to write, which ends in .h5")->required()->check(why_not_written);
  each->add_option("--set", data.sets, "KEY=VALUE of the dataset's options")->allow_extra_args(false);
  add_json(each, data.json);
  each = add(parent, "split", "a fixed few-shot part of a dataset as a dataset", [&data] { return data_split(data); });
  each->add_option("NAME", data.name, "which dataset")->required();
  each->add_option("--few-shot", data.rule,
                   "1%, 10%, images a class such as 5-per-class, or a list such as 1percent.txt")
      ->required();
  add_json(each, data.json);
  each = add(parent, "show", "draw images with their boxes and masks, or with views of them",
             [&data] { return data_show(data); });
  each->add_option("NAME", data.name, "which dataset")->required();
  each->add_option("-o,--out", data.out, "the PNG to write")->required()->check(why_not_written);
  each->add_option("--split", data.split, "train, val or test")->check(CLI::IsMember({"train", "val", "test"}));
  each->add_option("--images", data.images, "how many (default 24; 8 with --recipe)")->check(CLI::Range(1, 400));
  each->add_option("--recipe", data.recipe, "beside each image its views of a recipe (sslbench list recipes)");
  each->add_option("--size", data.size, "px of a view (default: the recipe's, else the image's, at most 224)")
      ->check(CLI::Range(1, 1024));
  each->add_option("--seed", data.seed, "of the run that draws these views")->check(CLI::NonNegativeNumber);
  each->add_option("--epoch", data.epoch, "of that run")->check(CLI::NonNegativeNumber);
  each->add_option("--set", data.sets, "KEY=VALUE of the dataset's options")->allow_extra_args(false);
}

void add_leaks(CLI::App& parent, DataOptions& data, const AddCommand& add) {
  CLI::App* each = add(parent, "leaks", "test images that are near duplicates of images to pretrain on",
                       [&data] { return data_leaks(data); });
  each->add_option("NAME", data.name, "the set whose training images are looked through")->required();
  each->add_option("--test", data.test_set, "the set whose test images are looked for (default: NAME's own)");
  each->add_option("--csv", data.csv, "a file for all pairs")->check(why_not_written);
  each->add_option("-o,--out", data.out, "a PNG of the pairs that are most alike")->check(why_not_written);
  each->add_option("--set", data.sets, "KEY=VALUE of NAME's options")->allow_extra_args(false);
  add_json(each, data.json);
}

}  // namespace

void add_data_commands(CLI::App& app, DataOptions& data, const AddCommand& add) {
  CLI::App* parent = add(app, "data", "datasets on this machine", nullptr);
  parent->require_subcommand(1);
  CLI::App* each = add(*parent, "add", "copy or unpack a dataset, check it completely, record its digest",
                       [&data] { return data_add(data); });
  each->add_option("NAME", data.name, "a known dataset (sslbench list datasets), or a name of your own")->required();
  each->add_option("PATH", data.path, "a folder, an archive, or a packed store (.h5)")->required();
  each->add_option("--format", data.format, "how a set of your own lies in its folder (default: found out)");
  each->add_flag("--accept-copies", data.accept_copies, "take a set whose test pictures are in train, too");
  each->add_flag("--link", data.link, "leave the files of a folder where they are");
  add_json(each, data.json);
  each = add(*parent, "list", "datasets known and added", [&data] { return data_list(data); });
  add_json(each, data.json);
  each = add(*parent, "check", "verify every file of a dataset", [&data] { return data_check(data); });
  each->add_option("NAME", data.name, "which dataset")->required();
  add_json(each, data.json);
  each = add(*parent, "remove", "remove an added dataset", [&data] { return data_remove(data); });
  each->add_option("NAME", data.name, "which dataset")->required();
  add_json(each, data.json);
  each = add(*parent, "rename", "give a dataset of your own another name", [&data] { return data_rename(data); });
  each->add_option("NAME", data.name, "which dataset")->required();
  each->add_option("NEW", data.fresh_name, "its name from now on")->required();
  add_json(each, data.json);
  add_uses(*parent, data, add);
  add_leaks(*parent, data, add);
}

}  // namespace sslbench
