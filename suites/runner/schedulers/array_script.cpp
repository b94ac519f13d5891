// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/array_script.h"

#include "suites/runner/schedulers/shell_word.h"

namespace sslbench {
namespace {

// A path in a line of #SBATCH, where Slurm replaces what a percent sign begins.
std::string pattern_word(const std::string& path) {
  std::string out = "\"";
  for (const char each : path) {
    if (each == '"' || each == '\\') out += '\\';
    out += each == '%' ? std::string("%%") : std::string(1, each);
  }
  return out;
}

std::string directives(const ArrayScript& script, const std::string& name, const std::string& log) {
  std::string out = "#SBATCH --job-name=" + name +
                    "\n#SBATCH --open-mode=append\n#SBATCH --output=" + pattern_word((script.folder / "log").string()) +
                    "/" + log + "\"\n";
  if (!script.time.empty()) out += "#SBATCH --time=" + script.time + "\n";
  return out;
}

std::string own_directives(const ArrayScript& script) {
  std::string out;
  for (const std::string& each : script.options) out += "#SBATCH " + each + "\n";
  return out;
}

std::string environment(const ArrayScript& script) {
  return script.worker.empty() ? "" : "export SSLBENCH_WORKER=" + shell_word(script.worker.string()) + "\n";
}

constexpr const char* kTask = R"sh(
first=${1:-0}  # tasks of the list before this array's
task=$((first + SLURM_ARRAY_TASK_ID))
failed=$folder/log/failed-$task  # not tried again when this task comes back

# Puts this task back into the queue. The job's number alone would put back the whole array. One that Slurm itself is
# ending is left alone: it was cancelled, or Slurm puts it back.
again() {
  job=${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}
  state=$(scontrol show job --oneliner "$job" 2> /dev/null | grep -o 'JobState=[A-Z]*')
  case $state in '' | JobState=RUNNING) scontrol requeue "$job" && sleep 60 ;; esac
  exit "$1"
}
trap : TERM  # preempted or put back: the run saves, and is judged below

code=0
while IFS= read -r spec; do
  if grep -qxFe "$spec" "$failed" 2> /dev/null; then continue; fi
  echo "task $task, restart ${SLURM_RESTART_COUNT:-0}, $(date +%FT%T) on $SLURMD_NODENAME: $spec"
  srun --quiet --kill-on-bad-exit=1 --cpus-per-task="$threads" "$program" run --spec "$spec" < /dev/null
  ended=$?
  case $ended in
    0) ;;
    75) again 75 ;;  # saved; to go on
    137 | 143)       # killed: three more tries
      if [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then again $ended; fi
      code=$ended ;;
    *)               # its record says why it failed
      echo "$spec" >> "$failed"
      code=$ended ;;
  esac
done < <(sed -n "$((task * per_task + 1)),$(((task + 1) * per_task))p" "$folder/list")
exit $code
)sh";

}  // namespace

std::string array_script(const ArrayScript& script) {
  return "#!/bin/bash\n"
         "# Written by `sslbench submit`; edit it as you like. Task i of the array carries out its runs of `list`.\n" +
         directives(script, "sslbench-" + script.suite, "%A_%a.log") +
         "#SBATCH --ntasks=" + std::to_string(script.ranks) +
         "\n#SBATCH --cpus-per-task=" + std::to_string(script.threads) + "\n#SBATCH --requeue\n#SBATCH --signal=USR1@" +
         std::to_string(script.warning_seconds) + "  # seconds before the limit; to the runs, not to this shell\n" +
         own_directives(script) + "\nprogram=" + shell_word(script.program.string()) +
         "\nfolder=" + shell_word(script.folder.string()) + "\nper_task=" + std::to_string(script.runs_per_task) +
         "\nthreads=" + std::to_string(script.threads) + "\n" + environment(script) + kTask;
}

std::string report_script(const ArrayScript& script, const std::filesystem::path& out) {
  return "#!/bin/bash\n# Written by `sslbench submit`: the report, when every array has ended.\n" +
         directives(script, "sslbench-report-" + script.suite, "report.log") + "#SBATCH --ntasks=1\n" +
         own_directives(script) + "\n" + environment(script) + "exec " + shell_word(script.program.string()) +
         " report " + shell_word(out.string()) + "\n";
}

}  // namespace sslbench
