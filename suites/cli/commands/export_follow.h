// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/cli/commands/commands.h"

namespace sslbench {

// export DIR --to tensorboard --follow: event files below -o that grow as the runs of DIR log, until every run is done,
// or failed while nobody carries the suite out. What an earlier call wrote is gone on with. UserError when another one
// follows into the same folder.
ExitCode follow_into_event_files(const ExportOptions& options);

}  // namespace sslbench
