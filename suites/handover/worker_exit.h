// SPDX-License-Identifier: Apache-2.0
// Exit codes of sslbench-worker, private to the two programs.
#pragma once

namespace sslbench {

inline constexpr int kWorkerDone = 0;          // its record is published
inline constexpr int kWorkerFailed = 10;       // work/<run>/failure.json says why
inline constexpr int kWorkerFailedMute = 11;   // not even failure.json could be written: the disk is full or failing
inline constexpr int kWorkerInterrupted = 75;  // saved; the same command goes on
inline constexpr int kWorkerLostPeer = 76;     // another rank of this run is gone or silent, or never came
inline constexpr int kWorkerStopped = 128;     // + the signal: a repeated stop signal ended it at once

}  // namespace sslbench
