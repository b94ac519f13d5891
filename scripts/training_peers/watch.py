"""A program seen from outside, in the same way whoever wrote it: when its steps end, what they cost, how much memory
all its processes hold."""
import dataclasses
import os
import pathlib
import subprocess
import time

from training_peers.cases import WARM_UP

POLL, WEIGH = 0.005, 1.0  # seconds between looks at the steps, and at the memory, which costs milliseconds a process
TICK = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Seen:
    rate: float       # images/s of the steps after the warm-up
    cpu_rate: float   # images per CPU second of all processes in the same steps
    memory: int       # bytes, the largest proportional set size of all processes together
    first_step: float  # seconds from the start of the process to the end of the first step


def read(file):
    """"" of a process that is gone."""
    try:
        return pathlib.Path(file).read_text()
    except OSError:
        return ""


def family(pid):
    children = " ".join(read(task / "children") for task in pathlib.Path(f"/proc/{pid}/task").glob("*"))
    return [pid] + [each for child in children.split() for each in family(int(child))]


def cpu_seconds(pid):
    """User and system, of processes that ended, too."""
    fields = [read(f"/proc/{each}/stat").rpartition(")")[2].split() for each in family(pid)]
    return sum(sum(int(ticks) for ticks in each[11:15]) for each in fields if each) / TICK


def held(pid):
    lines = [line for each in family(pid) for line in read(f"/proc/{each}/smaps_rollup").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def watch(command, steps_done, case, log, **options):
    """steps_done(): how many steps have ended, as far as the program has told."""
    started, ends, memory, weighed = time.monotonic(), [], 0, 0.0
    with open(log, "w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **options)
        while process.poll() is None:
            now, done = time.monotonic(), steps_done()
            if done > (ends[-1][0] if ends else 0):
                ends.append((done, now - started, cpu_seconds(process.pid)))
            if now - weighed > WEIGH:
                memory, weighed = max(memory, held(process.pid)), now
            time.sleep(POLL)
    if process.returncode != 0 or not ends or ends[-1][0] != case.steps:
        raise RuntimeError(f"{command[0]}: exit {process.returncode}\n{log.read_text()[-2000:]}")
    first, last = next(end for end in ends if end[0] >= WARM_UP), ends[-1]
    images = (last[0] - first[0]) * case.batch
    return Seen(images / (last[1] - first[1]), images / (last[2] - first[2]), memory, ends[0][1])
