// SPDX-License-Identifier: Apache-2.0
// Precompiled for the tests without LibTorch.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmake/plain_headers.h"
