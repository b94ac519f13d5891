// SPDX-License-Identifier: Apache-2.0
// The HTML report in a browser: skipped where headless Chromium is not installed.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "reports/page/report_folder.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

// Sorts and filters the first table, then writes what came of it into the title.
constexpr const char* kProbe = R"(<script>
addEventListener('load', () => {
  const table = document.querySelector('table'), names = () => [...table.tBodies[0].rows].map(r => r.cells[0].textContent);
  const before = names().join();
  table.tHead.rows[0].cells[3].click();
  const down = names().join();
  table.tHead.rows[0].cells[3].click();
  const up = names().join();
  table.tHead.rows[0].cells[3].click();
  const same = names().join() === before;
  const field = document.querySelector('input');
  field.value = 'supervised';
  field.dispatchEvent(new Event('input'));
  const left = [...document.querySelectorAll('table.filter')].map(t => [...t.tBodies[0].rows].filter(r => !r.hidden).length);
  const asked = performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length;
  const cut = [...document.querySelectorAll('figure.chart')].filter(f => f.scrollWidth > f.clientWidth).length;
  document.title = ['PROBE', down, up, same, left[0], asked, cut].join(';');
});
</script></body>)";

std::string browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
    if (std::system(("command -v " + std::string(name) + " >/dev/null 2>&1").c_str()) == 0) return name;
  }
  return "";
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  char part[4096];
  while (pipe != nullptr && std::fgets(part, sizeof part, pipe) != nullptr) out += part;
  if (pipe != nullptr) ::pclose(pipe);
  return out;
}

TEST(HtmlBrowserTest, SortsFiltersAndLogsNoError) {
  const std::string program = browser();
  if (program.empty()) GTEST_SKIP() << "no Chromium here: the page was not tried in a browser";
  const ScratchFolder folder;
  std::vector<Record> records = three_records();
  for (int i = 0; i < 8; ++i) records.push_back(sample_record("row" + std::to_string(i), 0, 0.3 + 0.01 * i));
  write_results(folder.path(), records);
  report_folder({folder.path()}, "", {{"html"}, ""});
  std::string page = read_file(folder.path() / "report" / "report.html");
  page.replace(page.rfind("</body>"), 7, kProbe);
  write_atomically(folder.path() / "page.html", page);
  const std::string said =
      output_of("timeout 60 " + program + " --headless --no-sandbox --disable-gpu --user-data-dir=" +
                (folder.path() / "profile").string() + " --enable-logging=stderr --dump-dom file://" +
                (folder.path() / "page.html").string() + " 2>" + (folder.path() / "log").string());
  const std::string log = read_file(folder.path() / "log");
  EXPECT_EQ(log.find("CONSOLE"), std::string::npos) << log;
  const size_t at = said.find("<title>PROBE;");
  ASSERT_NE(at, std::string::npos) << log;
  const std::string title = said.substr(at, said.find("</title>", at) - at);
  EXPECT_NE(title.find(";supervised,simclr,row7,"), std::string::npos) << title;
  EXPECT_NE(title.find(";random_init,row0,row1,"), std::string::npos) << title;
  EXPECT_TRUE(title.ends_with(";true;1;0;0"))
      << title << ": order restored, one row left, no request, no chart cut off";
}

TEST(HtmlBrowserTest, PrintsAllOfThePage) {
  const std::string program = browser();
  if (program.empty()) GTEST_SKIP() << "no Chromium here: the page was not printed";
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  report_folder({folder.path()}, "", {{"html"}, ""});
  output_of("timeout 60 " + program + " --headless --no-sandbox --disable-gpu --user-data-dir=" +
            (folder.path() / "profile").string() + " --print-to-pdf=" + (folder.path() / "page.pdf").string() +
            " file://" + (folder.path() / "report" / "report.html").string() + " 2>&1");
  const std::string pdf = read_file(folder.path() / "page.pdf");
  EXPECT_TRUE(pdf.starts_with("%PDF-"));
  size_t pages = 0;
  for (size_t at = pdf.find("/Type /Page\n"); at != std::string::npos; at = pdf.find("/Type /Page\n", at + 1)) ++pages;
  EXPECT_GT(pages, 2u);
}

}  // namespace
}  // namespace sslbench
