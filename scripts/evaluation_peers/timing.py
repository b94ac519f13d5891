"""What the comparisons share: our programs, a stop watch, and features that have classes."""
import json
import os
import subprocess
import time

from peer_environment import ROOT

SSLBENCH = ROOT / "build/release/bin/sslbench"
PERF = ROOT / "build/release/bin/perf"


def timed(function, *arguments):
    start = time.monotonic()
    result = function(*arguments)
    return time.monotonic() - start, result


def perf(case, **files):
    """Seconds of a case in the perf program, and its counters; `files` go to it as SSLBENCH_EVALUATION_<NAME>."""
    told = {f"SSLBENCH_EVALUATION_{name.upper()}": str(file) for name, file in files.items()}
    run = subprocess.run([PERF, f"--benchmark_filter=^evaluation/{case}(/|$)", "--benchmark_format=json"],
                         capture_output=True, text=True, env={**os.environ, **told})
    if run.returncode != 0:
        raise RuntimeError(run.stderr.strip())
    (line,) = json.loads(run.stdout)["benchmarks"]
    return line["real_time"] / 1e3, line


def make_features(train, test, width, classes, seed=0):
    """Unit rows around as many noisy directions as classes."""
    import torch
    torch.manual_seed(seed)
    centre = torch.randn(classes, width)

    def part(count):
        label = torch.randint(0, classes, (count,))
        return torch.nn.functional.normalize(centre[label] * 0.2 + torch.randn(count, width)), label

    (train_x, train_y), (test_x, test_y) = part(train), part(test)
    return {"train_x": train_x, "train_y": train_y, "test_x": test_x, "test_y": test_y}
