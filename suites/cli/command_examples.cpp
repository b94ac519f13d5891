// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/command_examples.h"

#include <algorithm>
#include <string_view>

#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {

namespace {

constexpr std::string_view kStart = "  sslbench ";
constexpr size_t kGap = 2;
const std::string kBelow = "\n      ";

const std::vector<CommandExample>& data_examples() {
  static const std::vector<CommandExample> examples{
      {"data add", "data add cifar10 ~/Downloads/cifar-10-binary.tar.gz", "a known set"},
      {"data add", "data add holiday ~/Pictures/holiday", "a set of your own"},
      {"data get", "data get cifar10", ""},
      {"data list", "data list", ""},
      {"data add", "data add photos /mnt/photos --link", "the files stay where they are"},
      {"data check", "data check cifar10", ""},
      {"data remove", "data remove holiday", ""},
      {"data rename", "data rename holiday summer", ""},
      {"data pack", "data pack holiday -o holiday.h5", "reads faster than a folder of files"},
      {"data leaks", "data leaks cifar10 -o pairs.png", "test images that are copies of training images"},
      {"data split", "data split cifar10 --few-shot 10%", "then dataset = \"cifar10-10pct\""},
      {"data show", "data show cifar10 -o look.png", "24 images"},
      {"data show", "data show cifar10 --recipe simclr -o views.png", "beside each its views"}};
  return examples;
}

const std::vector<CommandExample>& program_examples() {
  static const std::vector<CommandExample> examples{
      {"", "run quickstart", "the shipped first suite"},
      {"", "plan my.toml --seeds 0..4", "check it, see what it costs"},
      {"", "run my.toml --set pretrain.epochs=2 --only 'sim*' -o results/try", ""},
      {"", "describe method simclr", "every option with default and range"},
      {"list", "list methods", ""},
      {"list", "list datasets --json", "for programs"},
      {"describe", "describe method simclr", "every option with default and range"},
      {"describe", "describe suite quickstart", "the shipped suite file"},
      {"env", "env --json", ""},
      {"help", "help data add", ""},
      {"completion", "completion bash", "then: source <(sslbench completion bash)"},
      {"manual", "manual man1", ""}};
  return examples;
}

const std::vector<CommandExample>& run_examples() {
  static const std::vector<CommandExample> examples{
      {"suite new", "suite new pets.toml --dataset pets --methods simclr,byol,mae --budget 1h", ""},
      {"plan", "plan quickstart", "runs, reuse, time, memory and disk"},
      {"plan", "plan my.toml --seeds 0..4 --no-calibrate", "only what this machine has measured already"},
      {"run", "run quickstart", "the shipped first suite"},
      {"run", "run my.toml --only 'sim*' --seeds 0,1 --device cuda:0", "some rows, two seeds, one GPU"},
      {"run", "run --spec results/quickstart/work/simclr-s0-0123456789ab/runspec.json", "one run"},
      {"submit", "submit my.toml --to slurm --device cuda --sbatch=--gres=gpu:1 --at-once 8", "an array of tasks"},
      {"submit", "submit my.toml --to slurm --dry", "only writes the files"},
      {"submit", "submit my.toml --to list", "for any other scheduler"},
      {"status", "status results/quickstart", ""},
      {"status", "status results/quickstart --watch", "again at each change, until all is done"}};
  return examples;
}

const std::vector<CommandExample>& result_examples() {
  static const std::vector<CommandExample> examples{
      {"report", "report results/quickstart --html", "README.md, report.json, report.csv and one page"},
      {"report", "report results/monday results/friday -o both", "side by side, nothing averaged"},
      {"report", "report results/quickstart --brief", "the answer and one number a protocol"},
      {"export", "export results/quickstart --to safetensors --only simclr -o weights", "for PyTorch: timm's names"},
      {"export", "export results/quickstart --to csv", "every measurement"},
      {"export", "export results/quickstart --to latex -o table.tex", "booktabs, rounded as the report"},
      {"export", "export results/quickstart --to tensorboard --follow -o tb", "live curves, until all is done"},
      {"export", "export results/quickstart --to features --only simclr -o features", "for any other program"},
      {"import", "import theirs.npz results/quickstart --row theirs", "measured as the rows beside it"},
      {"compare", "compare results/main results/branch", "differences with intervals; never exits 1"},
      {"compare", "compare results/main/measurements.h5 results/branch", "against a table alone"},
      {"verify", "verify results/quickstart", "exit 2: damaged, 3: a run failed, 4: incomplete"},
      {"bundle", "bundle results/quickstart -o quickstart.tar.gz", "records, plan, suite, checksums"},
      {"bundle", "bundle results/quickstart -o small.tar.gz --small", "without pictures and paths"},
      {"score", "score detection --truth instances.json --predictions results.json", "COCO AP"},
      {"score", "score miou --input masks.json", "a JSON or safetensors file with the inputs"}};
  return examples;
}

const std::vector<CommandExample>& regression_examples() {
  static const std::vector<CommandExample> examples{
      {"ab", "ab ~/old/build/release/bin this my.toml", "is this build slower or worse?"},
      {"ab", "ab this this my.toml --new-suite other.toml --rows simclr", "two suites, one build"},
      {"history record", "history record results/nightly --history history", "then commit the folder"},
      {"history accept", "history accept --history history --cell 'byol*' --reason 'new augmentation'", ""},
      {"history accept", "history accept --into meant.toml --suite smoke --cell 'byol*' --reason 'fewer epochs'",
       "for a review"},
      {"history seed", "history seed 10 smoke --history history", "ten seeds of each row"},
      {"history list", "history list --history history", ""},
      {"history trend", "history trend --history history -o trend", "Markdown and one chart a cell"},
      {"gate", "gate results/branch --history history", "exit 1: regressed"},
      {"gate", "gate results/branch --history history --accepted meant.toml", "with shifts that are meant"},
      {"gate", "gate results/branch --history history --confirm 3", "trains suspects again first"},
      {"gate", "gate results/branch --history history --ab ~/old/build/release/bin",
       "costs of another machine's history"},
      {"gate", "gate results/branch --history history --bisect v1.2..HEAD", "looks for the guilty commit"},
      {"gate", "gate results/branch --history history --markdown comment.md --junit gate.xml", "for CI"},
      {"ci init", "ci init", "a GitHub Actions workflow of the smoke suite"},
      {"ci init", "ci init --gitlab --suite suites/my.toml --suite suites/other.toml", ""}};
  return examples;
}

}  // namespace

const std::vector<CommandExample>& command_examples() {
  static const std::vector<CommandExample> examples = [] {
    std::vector<CommandExample> out;
    for (const auto* table :
         {&program_examples(), &run_examples(), &data_examples(), &result_examples(), &regression_examples()})
      out.insert(out.end(), table->begin(), table->end());
    return out;
  }();
  return examples;
}

std::string examples_text(const std::string& command, size_t width) {
  size_t longest = 0, widest = 0;
  for (const CommandExample& each : command_examples()) {
    if (each.command == command && !each.does.empty()) longest = std::max(longest, each.arguments.size());
  }
  for (const CommandExample& each : command_examples()) {
    if (each.command != command || each.does.empty()) continue;
    widest = std::max(widest, kStart.size() + longest + kGap + columns_of(each.does));
  }
  std::string out;
  for (const CommandExample& each : command_examples()) {
    if (each.command != command) continue;
    out += (out.empty() ? "Examples:\n" : "") + std::string(kStart) + each.arguments;
    if (!each.does.empty()) {
      out += (widest <= width ? std::string(longest + kGap - each.arguments.size(), ' ') : kBelow) + each.does;
    }
    out += '\n';
  }
  return out;
}

}  // namespace sslbench
