"""The lab's parts in their order: what each runs, and the rows that come of it."""
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from lab.carried import Programs
from peer_environment import ROOT

SANITIZER = "compute-sanitizer"


def has_driver():
    return pathlib.Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


@dataclasses.dataclass
class Lab:
    programs: Programs
    place: pathlib.Path
    device: str
    dry: bool

    def call(self, command, seconds, environment=None):
        """Output, and why it did not end well ("" where it did)."""
        try:
            done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds,
                                  env=environment or self.programs.environment, cwd=ROOT)
        except subprocess.TimeoutExpired as late:
            return (late.stdout or b"").decode(errors="replace"), f"ended after {seconds:.0f} s"
        except OSError as error:
            return "", str(error)
        if done.returncode == 0:
            return done.stdout, ""
        last = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1]
        return done.stdout, f"exit code {done.returncode}: {last}"

    def own(self, part, seconds):
        """Rows of gpu_lab, those before a bad end, too."""
        words = [self.programs.bin / "gpu_lab", part, self.device, max(1, seconds - 5)] + (["tiny"] if self.dry else [])
        output, wrong = self.call(words, seconds)
        rows = [json.loads(line) for line in output.splitlines() if line.startswith("{") and line.endswith("}")]
        return rows + ([{"case": f"gpu_lab {part}", "failed": wrong}] if wrong else [])

    def passes(self, case, command, seconds):
        _, wrong = self.call(command, seconds)
        return {"case": case, "equal": True} if not wrong else {"case": case, "failed": wrong}


def start(lab, seconds):
    yield {"case": "programs", "note": lab.programs.revision}
    if lab.dry:
        yield {"case": "device", "left_out": "dry run"}
    else:
        told, wrong = lab.call(["nvidia-smi", "--query-gpu=name,memory.total,driver_version,clocks.max.sm,power.limit",
                                "--format=csv,noheader"], 20)
        yield {"case": "device", "failed": wrong} if wrong else {"case": "device", "note": told.strip()}
    yield from lab.own("yardsticks", seconds)


def right(lab, seconds):
    golden = ["tests/golden/optim"] if lab.dry else [f"tests/golden/{kind}" for kind in ("losses", "backbones", "optim")]
    device = [] if lab.dry else ["--device", "cuda"]
    yield lab.passes("golden cases", [lab.programs.bin / "golden", *device, *golden], seconds)
    tests = lab.programs.bin / "tests_torch"
    if lab.dry and not tests.exists():
        yield {"case": "kernels against the CPU", "left_out": "tests_torch is not built"}
        return
    kernels = "--gtest_filter=NormalizeBytesTest.*"
    yield lab.passes("kernels against the CPU", [tests, kernels], seconds)
    if lab.dry or shutil.which(SANITIZER) is None:
        yield {"case": "kernels' memory", "left_out": "dry run" if lab.dry else f"{SANITIZER} is not on the PATH"}
    else:
        yield lab.passes("kernels' memory", [SANITIZER, "--error-exitcode", "9", tests, kernels], seconds)
    if not lab.dry:
        yield lab.passes("no method lets the host wait", [tests, "--gtest_filter=*EveryStepTest.*"], seconds)


def pytorch(lab, seconds):
    """PyTorch's steps by this Python, and ours of the same case over them."""
    shape = "tiny" if lab.dry else "full"
    output, wrong = lab.call([sys.executable, ROOT / "scripts/lab/eager.py", lab.device, shape], seconds, os.environ)
    rows = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    if wrong and "No module named 'torch'" in wrong:
        return [{"case": "all", "left_out": f"{sys.executable} has no PyTorch"}]
    return rows + ([{"case": "eager.py", "failed": wrong}] if wrong else [])


SUITE = """# How fast is pretraining end to end?
dataset = {{ name = "shapes", size = 32, train_images = {images}, test_images = 256 }}
backbone = {{ name = "resnet18", width = {width}, stem = "cifar" }}
seeds = [0]
{threads}
[pretrain]
epochs = {epochs}
batch_size = {batch}
optimizer = "sgd"
[methods.simclr]
"""


class DriversMemory:
    """The most that the driver counted while it lives, MiB; None without a driver."""

    def __init__(self, lab):
        self.most, self.lab, self.stop = None, lab, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.stop.is_set():
            told, wrong = self.lab.call(["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"], 20)
            if not wrong:
                self.most = max(self.most or 0, int(told.split()[0]))
            self.stop.wait(0.5)

    def __enter__(self):
        if not self.lab.dry:
            self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        if not self.lab.dry:
            self.thread.join()


def end_to_end(lab, seconds):
    suite, out = lab.place / "suite.toml", lab.place / "run"
    shape = {"images": 256, "width": 8, "epochs": 2, "batch": 16} if lab.dry else \
        {"images": 20480, "width": 64, "epochs": 30, "batch": 512}
    # One thread of a dry run: two that wait for each other say nothing where others use the machine.
    suite.write_text(SUITE.format(**shape, threads="threads = 1" if lab.dry else ""))
    began = time.monotonic()
    with DriversMemory(lab) as driver:
        _, wrong = lab.call([lab.programs.bin / "sslbench", "run", suite, "-o", out, "--device", lab.device], seconds)
    wall = time.monotonic() - began
    if wrong:
        return [{"case": "simclr resnet18 from rendered images", "failed": wrong}]
    told, wrong = lab.call([lab.programs.bin / "sslbench", "report", out, "--json"], 30)
    if wrong:
        return [{"case": "its report", "failed": wrong}]
    cost = json.loads(told)["rows"][0]["cost"]
    whole = shape["images"] // shape["batch"] * shape["batch"] * shape["epochs"]
    rows = [{"case": "simclr resnet18 from rendered images, by the record"},
            {"case": "the same by the wall clock, start and end included", "images_per_second": whole / wall}]
    if cost["images_per_second"] is None:
        rows[0]["failed"] = "the record has no throughput: too few steps"
    else:
        rows[0]["images_per_second"] = cost["images_per_second"]
    if cost["peak_device_bytes"] is not None:
        rows.append({"case": "its memory by the allocator", "peak_bytes": cost["peak_device_bytes"]})
    if driver.most:
        rows.append({"case": "most memory by the driver, other processes included", "peak_bytes": driver.most * 2**20})
    return rows


@dataclasses.dataclass
class Part:
    name: str
    seconds: int
    rows: Callable


def of_program(name):
    return lambda lab, seconds: lab.own(name, seconds)


PARTS = [Part("start", 20, start), Part("right", 60, right), Part("steps", 60, of_program("steps")),
         Part("classes", 60, of_program("classes")), Part("variants", 50, of_program("variants")),
         Part("operators", 40, of_program("operators")), Part("pytorch", 60, pytorch),
         Part("end_to_end", 60, end_to_end), Part("same", 40, of_program("same"))]
