// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/command_ending.h"

#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <system_error>

#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/plan/mistakes.h"

namespace sslbench {
namespace {

int say(const std::string& message, ExitCode code) {
  std::cerr << "error: " << with_short_quotes(message) << "\n";
  return static_cast<int>(code);
}

// Whether standard output is a pipe that nobody reads any more; errno may be of a later call than the failed write.
bool reader_went_away() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

// A result that could not be written must not look like success; a reader that went away (head) is no error.
int flush_results(ExitCode code) {
  if (std::cout.flush() || reader_went_away()) return static_cast<int>(code);
  return say("cannot write to standard output", strongest({code, ExitCode::user_error}));
}

constexpr const char* kNoMemory =
    "out of memory; give the program more (ulimit -v, ulimit -u, the memory limit of a container)";

}  // namespace

int carry_out(const std::function<ExitCode()>& command) {
  try {
    return flush_results(command());
  } catch (const SeveralMistakes& errors) {
    for (const std::string& text : errors.texts()) say(text, ExitCode::user_error);
    return static_cast<int>(ExitCode::user_error);
  } catch (const UserError& error) {
    return say(error.what(), ExitCode::user_error);
  } catch (const RunFailure& error) {  // outside a run: a file that cannot be read or written
    return say(error.what(), ExitCode::user_error);
  } catch (const std::bad_alloc&) {
    return say(kNoMemory, ExitCode::user_error);
  } catch (const std::filesystem::filesystem_error& error) {  // a working folder that is gone, a name that is too long
    return say(error.what(), ExitCode::user_error);
  } catch (const std::system_error& error) {
    const bool lack = error.code() == std::errc::not_enough_memory ||
                      error.code() == std::errc::resource_unavailable_try_again;  // of a thread
    return say(lack ? kNoMemory : error.what(), lack ? ExitCode::user_error : ExitCode::internal);
  } catch (const std::exception& error) {
    return say(error.what(), ExitCode::internal);
  }
}

}  // namespace sslbench
