// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/command_line.h"
#include "suites/files/standard_streams.h"

int main(int argc, char** argv) {
  sslbench::fill_closed_standard_streams();
  return sslbench::command_line(argc, argv);
}
