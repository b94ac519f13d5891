// SPDX-License-Identifier: Apache-2.0
#include "suites/training/resource_meter.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

Resources with_energy(double joules) { return {.energy_joules = joules}; }

TEST(ResourcesTest, EnergyOfAPartThatHadAMeterIsCounted) {
  EXPECT_EQ((with_energy(-1) + with_energy(5)).energy_joules, 5);
  EXPECT_EQ((with_energy(2) + with_energy(5)).energy_joules, 7);
  EXPECT_EQ((with_energy(-1) + with_energy(-1)).energy_joules, -1);
}

TEST(ResourcesTest, EnergyIsUnknownOnceTheDeviceWasShared) {
  EXPECT_EQ((with_energy(kSharedDevice) + with_energy(5)).energy_joules, kSharedDevice);
  EXPECT_EQ((with_energy(5) + with_energy(kSharedDevice)).energy_joules, kSharedDevice);
  EXPECT_EQ((with_energy(-1) + with_energy(kSharedDevice)).energy_joules, kSharedDevice);
}

}  // namespace
}  // namespace sslbench
