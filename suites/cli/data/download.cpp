// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/data/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

[[noreturn]] void throw_storage(const fs::path& file, int code) {
  throw RunFailure(FailureKind::storage, "cannot write '" + file.string() + "': " + std::strerror(code));
}

// One transfer that goes on where the .part file ends.
struct Transfer {
  fs::path part;
  int descriptor = -1;
  int write_error = 0;
  int64_t before = 0;  // bytes of the .part file
  int64_t room = 0;    // bytes that the file may still have
  bool too_long = false;
  const std::function<void(int64_t, int64_t)>& progress;

  ~Transfer() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

size_t take(char* bytes, size_t size, size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  const size_t total = size * count;
  transfer.too_long = total > static_cast<uint64_t>(transfer.room);
  if (transfer.too_long) return 0;
  transfer.room -= static_cast<int64_t>(total);
  for (size_t done = 0; done < total;) {
    const ssize_t put = ::write(transfer.descriptor, bytes + done, total - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      transfer.write_error = errno;
      return 0;
    }
    done += static_cast<size_t>(put);
  }
  return total;
}

int show_progress(void* to, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<Transfer*>(to);
  if (transfer.progress) transfer.progress(transfer.before + done, total > 0 ? transfer.before + total : 0);
  return 0;
}

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

Curl prepare(const std::string& url, Transfer& transfer, char* reason) {
  Curl curl(curl_easy_init(), curl_easy_cleanup);
  require(curl != nullptr, "libcurl could not be started");
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, 30L);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);  // a minute without a byte is the end
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, show_progress);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &transfer);
  if (transfer.before > 0) curl_easy_setopt(curl.get(), CURLOPT_RESUME_FROM_LARGE, curl_off_t{transfer.before});
  return curl;
}

// Appends what is missing to the .part file; leaves it as it is when the server cannot go on in the middle. What is
// longer than `bytes` is left off, and the .part file removed.
void fetch(const std::string& url, int64_t bytes, Transfer& transfer) {
  transfer.descriptor = open_in_place(transfer.part, O_WRONLY | O_APPEND);
  transfer.before = ::lseek(transfer.descriptor, 0, SEEK_END);
  transfer.room = bytes - transfer.before;
  char reason[CURL_ERROR_SIZE] = "";
  const Curl curl = prepare(url, transfer, reason);
  const CURLcode code = curl_easy_perform(curl.get());
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (transfer.write_error != 0) throw_storage(transfer.part, transfer.write_error);
  if (transfer.too_long) {
    ::unlink(transfer.part.c_str());
    throw UserError(url + " gives more than the " + std::to_string(bytes) +
                    " bytes that are expected; what came was removed: try again, or get the file by hand and use "
                    "`sslbench data add`");
  }
  if (code == CURLE_OK) {
    if (::fsync(transfer.descriptor) != 0) throw_storage(transfer.part, errno);
    return;
  }
  constexpr long kNoSuchRange = 416;
  if (transfer.before > 0 && (code == CURLE_RANGE_ERROR || status == kNoSuchRange)) return;
  throw UserError("cannot download " + url + ": " + (reason[0] != '\0' ? reason : curl_easy_strerror(code)) +
                  "; run the command again to go on");
}

}  // namespace

void download(const Download& from, const fs::path& folder, const std::function<void(int64_t, int64_t)>& progress) {
  const fs::path file = folder / from.file, part = folder / (from.file + ".part");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw_storage(folder, error.value());
  if (fs::exists(file) && sha256_file(file) == from.sha256) return;
  const auto attempt = [&] {
    Transfer transfer{.part = part, .progress = progress};
    fetch(from.url, from.bytes, transfer);
  };
  if (fs::exists(part) && static_cast<int64_t>(fs::file_size(part)) > from.bytes) fs::remove(part, error);
  const auto whole = [&] { return fs::exists(part) && sha256_file(part) == from.sha256; };
  // What was left of an earlier download is gone on with; when that does not give the file, it is fetched from the
  // start.
  if (fs::exists(part) && !whole()) attempt();
  if (!whole()) {
    fs::remove(part, error);
    attempt();
  }
  const std::string sum = sha256_file(part);
  if (sum != from.sha256) {
    fs::remove(part, error);
    throw UserError(from.url + " gave another file than expected (SHA-256 " + sum + ", not " + from.sha256 +
                    "); it was removed: try again, or get the file by hand and use `sslbench data add`");
  }
  fs::rename(part, file, error);
  if (error) throw_storage(file, error.value());
}

}  // namespace sslbench
