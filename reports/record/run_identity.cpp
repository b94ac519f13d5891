// SPDX-License-Identifier: Apache-2.0
#include "reports/record/run_identity.h"

namespace sslbench {

void set_identity(const RunSpec& run, Record& record) {
  record.suite = run.suite;
  record.question = run.question;
  record.row = run.row;
  record.method = run.method;
  record.backbone = run.backbone;
  record.dataset = run.dataset.name;
  record.run = run.name();
  record.seed = run.seed;
}

}  // namespace sslbench
