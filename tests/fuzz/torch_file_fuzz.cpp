// SPDX-License-Identifier: Apache-2.0
// Files of torch.save: the whole archive, and the pickle inside it alone, which no checksum guards there.
#include "suites/files/torch_file/torch_file.h"

#include "suites/files/torch_file/bad_torch_file.h"
#include "suites/files/torch_file/pickle_reader.h"
#include "suites/files/torch_file/torch_objects.h"
#include "suites/ground/error.h"
#include "tests/fuzz/target.h"
#include "tests/suites/files/torch_file/torch_writer.h"

namespace sslbench {
namespace {

// Walks all values; every view must lie inside its storage.
void check_content(const PickleNodes& content) {
  size_t leaves = 0;
  walk_leaves(content, [&](const std::vector<PathStep>&, const PickleNode&) { ++leaves; });
  require(leaves <= kMostPickleNodes, "more values than there may be");
  for (const TorchTensor& view : content.tensors) {
    require(view.sizes.size() == view.strides.size() && view.sizes.size() <= kMostDimensions,
            "a shape without strides");
    int64_t last = view.offset, numel = 1;
    for (size_t d = 0; d < view.sizes.size(); ++d) {
      last += std::max<int64_t>(view.sizes[d] - 1, 0) * view.strides[d];
      numel *= view.sizes[d];
    }
    require(numel == view.numel && view.offset >= 0, "another number of elements");
    require(numel == 0 || last < content.storages.at(view.storage).numel, "a view outside its storage");
  }
}

void run_torch_file(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "net.pth", bytes);
  try {
    const PickleNodes content = open_torch_file(folder / "net.pth");
    check_content(content);
    std::vector<std::string> storages(content.storages.size());
    read_torch_storages(folder / "net.pth", content, [&](size_t number) {
      storages[number].resize(content.storages[number].bytes);
      return storages[number].data();
    });
  } catch (const BadTorchFile& bad) {
    throw UserError(bad.what());
  }
}

void run_pickle(std::string_view bytes) {
  try {
    check_content(read_pickle(bytes));
  } catch (const BadTorchFile& bad) {
    throw UserError(bad.what());
  }
}

std::vector<std::string> pickles() {
  const std::string scalar =
      p_call(p_name("numpy.core.multiarray", "scalar"),
             p_tuple({p_call(p_name("numpy", "dtype"), p_tuple({p_text("f8"), p_flag(false), p_flag(true)})) +
                          p_tuple({p_int(3), p_text("<"), "N"}) + "b",
                      p_call(p_name("_codecs", "encode"), p_tuple({p_text("abcdefgh"), p_text("latin1")}))}));
  const std::string tensor = p_tensor({"0", 4, {2, 2}, {2, 1}});
  const std::string parameter =
      p_call(p_name("torch._utils", "_rebuild_parameter"), p_tuple({tensor, p_flag(true), p_ordered_dict()}));
  return {pickled(p_dict({{"epoch", p_int(3)}, {"state_dict", p_dict({{"w", tensor}, {"b", parameter}})}})),
          pickled(p_dict({{"args", p_name("argparse", "Namespace") + ")\x81" +
                                       p_dict({{"lr", "G?\xE0" + std::string(6, '\0')}}) + "b"},
                          {"best", scalar}})),
          // Protocol 4: a frame, short texts, the memo.
          "\x80\x04\x95" + little(14, 8) + "(\x8C\x01" + "w\x94h" + little(0, 1) + "K\x01\x88\x89N]\x94(K\x02" + "et."};
}

const bool pickle_registered = Registry<FuzzTarget>::add({.name = "pickle", .run = run_pickle, .seeds = pickles});
const bool registered = Registry<FuzzTarget>::add(
    {.name = "torch_file", .run = run_torch_file, .seeds = [] {
       const std::vector<std::pair<std::string, std::string>> storages = {{"0", raw_bytes<float>({1, 2, 3, 4})}};
       std::vector<std::string> out = {zip_of(torch_content(pickles()[0], storages)),
                                       zip_of(torch_content(pickles()[0], storages), true)};
       return out;
     }});

}  // namespace
}  // namespace sslbench
