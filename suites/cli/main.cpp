// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include "suites/cli/command_line.h"

int main(int argc, char** argv) {
  ::mallopt(M_ARENA_MAX, 1);  // a heap for each thread of a large report is a third more memory, and no faster
  return sslbench::command_line(argc, argv);
}
