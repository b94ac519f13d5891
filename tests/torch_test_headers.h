// SPDX-License-Identifier: Apache-2.0
// Precompiled for the tests with LibTorch.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmake/torch_headers.h"
