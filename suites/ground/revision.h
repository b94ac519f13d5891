// SPDX-License-Identifier: Apache-2.0
// What was built; the definitions are written by the build (cmake/write_revision.cmake).
#pragma once

namespace sslbench {

extern const char* const kVersion;    // "0.1.0"
extern const char* const kRevision;   // git commit, or "unknown"
extern const bool kRevisionDirty;     // tracked files differed from that commit
extern const char* const kCompiler;   // "GNU 12.2.0"
extern const char* const kBuildType;  // "Release", "Debug"
// Methods from outside the tree (docs/method.md): "<folder> sha256:<digest of its files>"; "": none.
extern const char* const kExtraMethods;

}  // namespace sslbench
