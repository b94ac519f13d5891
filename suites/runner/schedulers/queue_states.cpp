// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/queue_states.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

namespace sslbench {
namespace {

constexpr size_t kFields = 5;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, '|');) out.push_back(field);
  if (line.ends_with('|')) out.emplace_back();
  return out;
}

// "17_4" or "17".
bool read_name(const std::string& text, QueuedTask& task) {
  const size_t bar = text.find('_');
  task.job = text.substr(0, bar);
  if (bar == std::string::npos) return !task.job.empty();
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + bar + 1, end, task.index);
  return error == std::errc() && rest == end && task.index >= 0;
}

struct Tasks {
  std::set<int64_t> unplanned, planned;  // indices of tasks of unplanned runs alone, and of others
};

// "0-3,7".
std::string ranges_text(const std::set<int64_t>& numbers) {
  std::string out;
  for (auto at = numbers.begin(); at != numbers.end();) {
    const int64_t first = *at;
    int64_t last = first;
    for (++at; at != numbers.end() && *at == last + 1; ++at) last = *at;
    out += (out.empty() ? "" : ",") + std::to_string(first) + (last > first ? "-" + std::to_string(last) : "");
  }
  return out;
}

std::string scancel_text(const std::map<std::string, Tasks>& jobs) {
  std::string out;
  for (const auto& [job, tasks] : jobs) {
    if (tasks.unplanned.empty()) continue;
    out += tasks.planned.empty() ? " " + job : " '" + job + "_[" + ranges_text(tasks.unplanned) + "]'";
  }
  return out.empty() ? "" : "; to end them: scancel" + out;
}

}  // namespace

std::string unplanned_tasks_text(const QueueStates& states, const std::set<std::string>& planned) {
  std::map<std::string, Tasks> jobs;
  size_t count = 0;
  std::string example;
  for (const auto& [run, place] : states.queued) {
    if (planned.contains(run)) {
      jobs[place.task.job].planned.insert(place.task.index);
      continue;
    }
    jobs[place.task.job].unplanned.insert(place.task.index);
    if (count++ == 0) example = run;
  }
  if (count == 0) return "";
  for (auto& [job, tasks] : jobs) {
    for (const int64_t index : tasks.planned) tasks.unplanned.erase(index);
  }
  return std::to_string(count) + (count == 1 ? " run is" : " runs are") +
         " in the queue that the suite no longer asks for (" + example + (count == 1 ? "" : ", …") +
         "): the suite was changed since, and the report leaves them out" + scancel_text(jobs);
}

std::string QueuedTask::from() const {
  const size_t hour = start.find('T');
  return waits() && reason == "BeginTime" && hour != std::string::npos ? start.substr(hour + 1) : "";
}

std::vector<QueuedTask> parse_queue(const std::string& text) {
  std::vector<QueuedTask> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> words = fields(line);
    QueuedTask task;
    if (words.size() != kFields || !read_name(words[0], task)) continue;
    task.state = words[1];
    task.reason = words[2];
    task.start = words[3];
    task.node = words[4];
    out.push_back(std::move(task));
  }
  return out;
}

QueueStates queue_states(const std::vector<Submission>& submissions, const std::vector<QueuedTask>& tasks) {
  std::map<std::pair<std::string, int64_t>, const QueuedTask*> by_name;
  for (const QueuedTask& task : tasks) by_name[{task.job, task.index}] = &task;
  QueueStates out;
  for (const Submission& submission : submissions) {
    const auto runs = static_cast<int64_t>(submission.runs.size());
    const int64_t each = submission.runs_per_task;
    for (const SubmittedArray& array : submission.arrays) {
      const int64_t end = std::min(runs, (array.first + array.tasks) * each);
      for (int64_t run = array.first * each; run < end; ++run) {
        const auto task = by_name.find({array.id, run / each - array.first});
        const std::string& name = submission.runs[static_cast<size_t>(run)];
        task == by_name.end() ? (void)out.gone.insert(name)
                              : (void)out.queued.insert_or_assign(name, QueueStates::Place{*task->second, each == 1});
      }
    }
  }
  std::erase_if(out.gone, [&](const std::string& name) { return out.queued.contains(name); });
  return out;
}

}  // namespace sslbench
