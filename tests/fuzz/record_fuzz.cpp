// SPDX-License-Identifier: Apache-2.0
// Files of records: CIFAR-10 and -100, IDX (plain and gzip), STL-10.
#include "tests/datasets/cifar_files.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {

std::string lines(int count) {
  std::string out;
  for (int k = 0; k < count; ++k) out += "c" + std::to_string(k) + "\n";
  return out;
}

void run_cifar100(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "train.bin", bytes);
  write_to(folder, "test.bin", bytes);
  write_to(folder, "fine_label_names.txt", lines(100));
  read_all("cifar100_binary", folder);
}

void run_cifar10(std::string_view bytes) {
  const auto folder = fresh_folder();
  for (const char* name : kCifarFiles) write_to(folder, name, bytes);
  write_to(folder, "batches.meta.txt", lines(10));
  read_all("cifar10_binary", folder);
}

// The first byte says where images end and labels begin.
void run_idx(std::string_view bytes) {
  const auto folder = fresh_folder();
  const size_t cut = bytes.empty() ? 0 : std::min<size_t>(static_cast<uint8_t>(bytes[0]), bytes.size() - 1);
  const std::string_view rest = bytes.empty() ? bytes : bytes.substr(1);
  write_to(folder, "train-images-idx3-ubyte", rest.substr(0, cut));
  write_to(folder, "train-labels-idx1-ubyte", rest.substr(cut));
  read_all("idx", folder);
}

void run_gzip(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "train-images-idx3-ubyte.gz", bytes);
  write_to(folder, "train-labels-idx1-ubyte.gz", bytes);
  read_all("idx", folder);
}

void run_stl10(std::string_view bytes) {
  const auto folder = fresh_folder();
  const std::string image(27648, '\1');
  write_to(folder, "train_X.bin", image + image);
  write_to(folder, "train_y.bin", bytes);
  write_to(folder, "test_X.bin", bytes);
  write_to(folder, "test_y.bin", "\1");
  read_all("stl10_binary", folder);
}

std::string idx_seed() {
  const std::string images = std::string("\0\0\x08\x03\0\0\0\1\0\0\0\2\0\0\0\2", 16) + "abcd";
  return static_cast<char>(images.size()) + images + std::string("\0\0\x08\x01\0\0\0\1\0", 9);
}

const bool registered =
    Registry<FuzzTarget>::add({.name = "cifar100",
                               .run = run_cifar100,
                               .seeds = [] { return std::vector{std::string(2, '\3') + std::string(3072, 'x')}; }}) &&
    Registry<FuzzTarget>::add({.name = "cifar10",
                               .run = run_cifar10,
                               .seeds = [] { return std::vector{std::string(1, '\3') + std::string(3072, 'x')}; }}) &&
    Registry<FuzzTarget>::add({.name = "idx", .run = run_idx, .seeds = [] { return std::vector{idx_seed()}; }}) &&
    Registry<FuzzTarget>::add({.name = "gzip",
                               .run = run_gzip,
                               .seeds =
                                   [] {
                                     return std::vector{
                                         std::string("\x1f\x8b\x08\0\0\0\0\0\0\3\x4b\4\0\x43\xbe\xb7\xe8\1\0\0\0", 21)};
                                   }}) &&
    Registry<FuzzTarget>::add(
        {.name = "stl10", .run = run_stl10, .seeds = [] { return std::vector<std::string>{"\1\2"}; }});

}  // namespace
}  // namespace sslbench
