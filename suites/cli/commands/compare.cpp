// SPDX-License-Identifier: Apache-2.0
// sslbench compare BASE NEW: reads only; never exit 1.
#include <unistd.h>

#include <iostream>

#include "reports/gate/gate_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/result_state.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {

ExitCode compare_results(const CompareOptions& options) {
  std::vector<GateRule> rules = rules_of_folder(options.now);
  if (rules.empty()) rules = rules_of_folder(options.base);
  const SnapshotComparison comparison =
      compare_snapshots(read_state(options.base, true), read_state(options.now, true), rules);
  const std::string markdown = comparison_markdown(comparison);
  if (!options.markdown.empty()) write_atomically(options.markdown, markdown);
  if (options.json) {
    std::cout << comparison_json(comparison).dump(1) << "\n";
  } else if (const auto terminal = terminal_at(STDOUT_FILENO)) {
    print_coloured(std::cout, comparison_terminal(comparison, *terminal));
  } else {
    std::cout << markdown;
  }
  const size_t missing = comparison.count(Verdict::missing), refused = comparison.count(Verdict::incomparable);
  if (comparison.cells.empty() || missing == comparison.cells.size()) return ExitCode::nothing;
  return strongest(
      {refused > 0 ? ExitCode::refused : ExitCode::done, missing > 0 ? ExitCode::nothing : ExitCode::done});
}

}  // namespace sslbench
