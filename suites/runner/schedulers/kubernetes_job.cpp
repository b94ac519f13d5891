// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/kubernetes_job.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "suites/ground/sha256.h"
#include "suites/runner/schedulers/shell_word.h"

namespace sslbench {
namespace {

// A JSON text is a YAML scalar.
std::string scalar(const std::string& text) { return nlohmann::json(text).dump(); }

// Names of objects are lower case letters, digits and dashes (RFC 1123).
std::string short_name(const std::string& suite) {
  std::string out = "sslbench-" + suite;
  for (char& each : out) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    const bool fits = (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
    if (!fits) each = '-';
  }
  out.resize(std::min<size_t>(out.size(), 45));
  while (out.ends_with('-')) out.pop_back();
  return out;
}

// A job's template cannot be changed once it is there, so every submission of every folder has a job of its own.
std::string object_name(const KubernetesJob& job) {
  return short_name(job.suite) + "-" + sha256_hex(job.list.string()).substr(0, 6) + "-" +
         job.list.parent_path().filename().string();
}

std::string resources(const KubernetesJob& job) {
  const std::string ranks = std::to_string(job.ranks);
  std::string out =
      "          resources:\n            requests: { cpu: " + std::to_string(job.threads * job.ranks) + " }\n";
  if (job.gpu) out += "            limits: { nvidia.com/gpu: " + ranks + " }\n";
  return out;
}

constexpr const char* kPolicy = R"(  backoffLimitPerIndex: 3  # pods that were killed, for each index
  podFailurePolicy:
    rules:
      - action: Ignore  # saved; the index starts again
        onExitCodes: { containerName: sslbench, operator: In, values: [75] }
      - action: FailIndex  # its record or its log says why
        onExitCodes: { containerName: sslbench, operator: In, values: [2, 3] }
      - action: Ignore  # evicted, preempted, drained
        onPodConditions: [{ type: DisruptionTarget }]
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 120  # in which a run saves
)";

std::string command(const KubernetesJob& job) {
  const std::string indent(14, ' ');
  const std::string lines = "$((JOB_COMPLETION_INDEX * " + std::to_string(job.runs_per_task) +
                            " + 1)),$(((JOB_COMPLETION_INDEX + 1) * " + std::to_string(job.runs_per_task) + "))p";
  std::string out = indent + "specs=$(sed -n \"" + lines + "\" " + shell_word(job.list.string()) + ")\n";
  if (job.runs_per_task == 1) return out + indent + "exec sslbench run --spec \"$specs\"\n";
  out += indent + "IFS='\n" + indent + "'\n" + indent + "code=0\n" + indent + "trap 'kill -TERM \"$pid\"' TERM\n";
  out += indent + "for spec in $specs; do\n";
  out += indent + "  sslbench run --spec \"$spec\" & pid=$!\n";
  out += indent + "  wait \"$pid\"; ended=$?\n";
  out += indent + "  if [ $ended -gt 128 ]; then wait \"$pid\"; ended=$?; fi  # the trap came between\n";
  out += indent + "  case $ended in 0) ;; 2 | 3) code=$ended ;; *) exit $ended ;; esac\n";
  return out + indent + "done\n" + indent + "exit $code\n";
}

}  // namespace

std::string kubernetes_job(const KubernetesJob& job) {
  const int64_t at_once = job.at_once > 0 ? std::min(job.at_once, job.tasks) : job.tasks;
  return "# Written by `sslbench submit --to kubernetes`. Put the names of your two claims in place, then:\n"
         "#   kubectl apply -f THIS\n"
         "apiVersion: batch/v1\n"
         "kind: Job\n"
         "metadata:\n"
         "  name: " +
         object_name(job) +
         "\n"
         "spec:\n"
         "  completionMode: Indexed\n"
         "  completions: " +
         std::to_string(job.tasks) +
         "\n"
         "  parallelism: " +
         std::to_string(at_once) + "\n" + kPolicy +
         "      containers:\n"
         "        - name: sslbench\n"
         "          image: " +
         scalar(job.image) +
         "\n"
         "          command:\n"
         "            - sh\n"
         "            - -c\n"
         "            - |\n" +
         command(job) + resources(job) +
         "          volumeMounts:\n"
         "            - { name: results, mountPath: " +
         scalar(job.out.string()) +
         " }\n"
         "            - { name: data, mountPath: " +
         scalar(job.data_root.string()) +
         ", readOnly: true }\n"
         "      volumes:\n"
         "        - name: results\n"
         "          persistentVolumeClaim: { claimName: RESULTS }\n"
         "        - name: data\n"
         "          persistentVolumeClaim: { claimName: DATA, readOnly: true }\n";
}

}  // namespace sslbench
