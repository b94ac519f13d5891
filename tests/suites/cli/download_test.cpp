// SPDX-License-Identifier: Apache-2.0
// Downloads from a server on this machine; no network.
#include "suites/cli/data/download.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "suites/files/atomic_file.h"
#include "suites/ground/sha256.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

// Serves one body by HTTP: ranges when `ranges`, and only `cut` bytes of an answer before it hangs up, when set.
class LoopbackServer {
 public:
  explicit LoopbackServer(std::string body) : body_(std::move(body)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::listen(socket_, 8);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/file"; }

  std::string status = "200 OK";
  bool ranges = true;
  size_t cut = 0;
  std::vector<std::string> requests;

 private:
  void serve() {
    for (;;) {
      const int client = ::accept(socket_, nullptr, nullptr);
      if (client < 0) return;
      std::string request(4096, '\0');
      const ssize_t got = ::recv(client, request.data(), request.size(), 0);
      request.resize(got > 0 ? static_cast<size_t>(got) : 0);
      requests.push_back(request);
      answer(client, request);
      ::close(client);
    }
  }
  void answer(int client, const std::string& request) {
    size_t from = 0;
    const size_t range = request.find("Range: bytes=");
    if (ranges && range != std::string::npos) from = std::stoul(request.substr(range + 13));
    std::string head = "HTTP/1.1 " + (from > 0 ? "206 Partial Content" : status);
    if (from >= body_.size() && from > 0) head = "HTTP/1.1 416 Range Not Satisfiable";
    const std::string rest = from < body_.size() ? body_.substr(from) : "";
    head += "\r\nContent-Length: " + std::to_string(rest.size());
    if (from > 0 && !rest.empty()) {
      head += "\r\nContent-Range: bytes " + std::to_string(from) + "-" + std::to_string(body_.size() - 1) + "/" +
              std::to_string(body_.size());
    }
    const std::string text = head + "\r\nConnection: close\r\n\r\n" + (cut > 0 ? rest.substr(0, cut) : rest);
    for (size_t done = 0; done < text.size();) {
      const ssize_t put = ::send(client, text.data() + done, text.size() - done, MSG_NOSIGNAL);
      if (put <= 0) return;
      done += static_cast<size_t>(put);
    }
  }

  std::string body_;
  int socket_ = -1, port_ = 0;
  std::thread thread_;
};

class DownloadTest : public testing::Test {
 protected:
  DownloadTest() {
    for (int i = 0; i < 200'000; ++i) body_ += static_cast<char>(i * 2654435761u >> 11);
  }
  Download from(const LoopbackServer& server) const {
    return {server.url(), "set.tar", sha256_hex(body_), static_cast<int64_t>(body_.size())};
  }
  std::string got() const { return read_file(folder_.path() / "set.tar"); }
  std::string body_;
  ScratchFolder folder_;
};

TEST_F(DownloadTest, FileArrivesAndIsNotFetchedTwice) {
  LoopbackServer server(body_);
  int64_t last = 0;
  download(from(server), folder_.path(), [&](int64_t done, int64_t) { last = done; });
  EXPECT_EQ(got(), body_);
  EXPECT_EQ(last, static_cast<int64_t>(body_.size()));
  download(from(server), folder_.path());
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(DownloadTest, InterruptedDownloadGoesOn) {
  LoopbackServer server(body_);
  server.cut = 70'000;
  EXPECT_THAT(user_error([&] { download(from(server), folder_.path()); }), HasSubstr("run the command again to go on"));
  server.cut = 0;
  download(from(server), folder_.path());
  EXPECT_EQ(got(), body_);
  EXPECT_THAT(server.requests.back(), HasSubstr("Range: bytes=70000-"));
}

TEST_F(DownloadTest, ServerWithoutRangesIsAskedFromTheStart) {
  LoopbackServer server(body_);
  server.ranges = false;
  folder_.write("set.tar.part", body_.substr(0, 100));
  download(from(server), folder_.path());
  EXPECT_EQ(got(), body_);
}

TEST_F(DownloadTest, WholePartIsNotFetchedAndALongerOneIsThrownAway) {
  LoopbackServer server(body_);
  folder_.write("set.tar.part", body_);
  download(from(server), folder_.path());
  EXPECT_EQ(server.requests.size(), 0u);
  std::filesystem::remove(folder_.path() / "set.tar");
  folder_.write("set.tar.part", body_ + "more");
  download(from(server), folder_.path());
  EXPECT_EQ(got(), body_);
}

TEST_F(DownloadTest, AnotherFileIsRefusedWithBothSums) {
  LoopbackServer server("something else");
  EXPECT_THAT(user_error([&] { download(from(server), folder_.path()); }),
              testing::AllOf(HasSubstr(sha256_hex(body_)), HasSubstr(sha256_hex("something else"))));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "set.tar"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "set.tar.part"));
}

TEST_F(DownloadTest, NoMoreIsTakenThanTheFileHas) {
  LoopbackServer server(body_ + body_);
  int64_t most = 0;
  const std::string reason =
      user_error([&] { download(from(server), folder_.path(), [&](int64_t done, int64_t) { most = done; }); });
  EXPECT_THAT(reason, HasSubstr("gives more than the 200000 bytes that are expected"));
  EXPECT_LT(most, static_cast<int64_t>(2 * body_.size()));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "set.tar"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "set.tar.part"));
}

TEST_F(DownloadTest, SizeOfEveryKnownFileIsWrittenDown) {
  for (const auto& [name, entry] : Registry<DatasetEntry>::all()) {
    for (const Download& each : entry.downloads) EXPECT_GT(each.bytes, 0) << name << " " << each.file;
  }
}

TEST_F(DownloadTest, FailuresNameAddressAndReason) {
  LoopbackServer server(body_);
  server.status = "404 Not Found";
  EXPECT_THAT(user_error([&] { download(from(server), folder_.path()); }),
              testing::AllOf(HasSubstr(server.url()), HasSubstr("404")));
  EXPECT_THAT(user_error([&] { download({"file:///etc/passwd", "x", "0", 1}, folder_.path()); }), HasSubstr("file"));
  EXPECT_THAT(user_error([&] {
                download({"http://127.0.0.1:1/x", "y", "0", 1}, folder_.path());
              }),
              HasSubstr("127.0.0.1"));
}

}  // namespace
}  // namespace sslbench
