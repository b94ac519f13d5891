// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/command_line.h"

int main(int argc, char** argv) { return sslbench::command_line(argc, argv); }
