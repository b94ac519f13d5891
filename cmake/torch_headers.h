// SPDX-License-Identifier: Apache-2.0
// Precompiled for files with LibTorch; each file still includes what it uses.
#pragma once

#include "cmake/plain_headers.h"
#include "suites/tensors/aten.h"
