"""What the lab takes along: one file of programs and Debian libraries, without LibTorch, which lies where PyTorch is."""
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

from peer_environment import ROOT

BIN = pathlib.Path(os.environ.get("SSLBENCH_BIN") or ROOT / "build/release/bin")
PROGRAMS = ["sslbench", "sslbench-worker", "golden", "tests_torch", "gpu_lab"]
BESIDE = ["libsslbench_cuda.so", "catalog.json"]
MOST_BYTES = 45_000_000
# Of the system there, and of PyTorch.
LEFT_THERE = re.compile(r"(ld-linux.*|lib(c|m|dl|pthread|rt|util|resolv|gcc_s|stdc\+\+|gomp)\.so\..*"
                        r"|lib(torch|c10|cu|nv|nccl).*)$")


@dataclasses.dataclass
class Programs:
    bin: pathlib.Path
    environment: dict  # of their processes
    revision: str


def git_version(folder):
    """Of a torch package: what it was built from."""
    text = (folder / "version.py").read_text()
    return re.search(r"^git_version = '(\w+)'", text, re.MULTILINE).group(1)


def libraries(programs):
    out = {}
    for program in programs:
        listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        for name, file in re.findall(r"^\s+(\S+) => (/\S+)", listed, re.MULTILINE):
            if not LEFT_THERE.match(name):
                out[name] = file
    return out


def pack(file, fail):
    if subprocess.run([ROOT / "scripts/build", "release", *PROGRAMS], stdout=sys.stderr).returncode != 0:
        fail("the build failed")
    if not (BIN / BESIDE[0]).exists():
        fail("this build has no CUDA plugin; scripts/setup --cuda, and nvcc on the PATH")
    told = {"git_version": git_version(ROOT / ".deps/libtorch/torch"),
            "revision": subprocess.run([BIN / "sslbench", "--version"], capture_output=True, text=True,
                                       check=True).stdout.strip()}
    with tempfile.TemporaryDirectory() as place:
        tree = pathlib.Path(place)
        for folder in ("bin", "lib"):
            (tree / folder).mkdir()
        (tree / "lab.json").write_text(json.dumps(told))
        for name in PROGRAMS + BESIDE:
            shutil.copy(BIN / name, tree / "bin" / name)
        for name, source in libraries([BIN / name for name in PROGRAMS]).items():
            shutil.copy(source, tree / "lib" / name)
        binaries = [path for folder in ("bin", "lib") for path in (tree / folder).iterdir() if path.suffix != ".json"]
        subprocess.run(["strip", "--strip-unneeded", *binaries], check=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        # lab.json comes first, so that it is read without the rest.
        subprocess.run(["tar", "-C", tree, "--owner=0", "--group=0", "-cf", file, "-I", "xz -6 -T0", "lab.json", "bin",
                        "lib"], check=True)
    size = file.stat().st_size
    print(f"{file}: {size / 1e6:.1f} MB; the lab carries it ({told['revision']})")
    return 0 if size <= MOST_BYTES else fail(f"{file} is larger than {MOST_BYTES / 1e6:.0f} MB")


def torch_folder(fail):
    """Of this Python's PyTorch, without importing it."""
    for entry in sys.path:
        folder = pathlib.Path(entry or ".") / "torch"
        if (folder / "version.py").exists():
            return folder
    return fail(f"{sys.executable} has no PyTorch; the lab takes LibTorch from there")


def unpack(file, place, fail):
    if not file.exists():
        fail(f"{file} is missing; make it with scripts/gpu-lab --pack where the programs are built")
    torch = torch_folder(fail)
    with tarfile.open(file, "r|xz") as archive:
        told = json.load(archive.extractfile(archive.next()))
    if git_version(torch) != told["git_version"]:
        fail(f"the programs were built for LibTorch {told['git_version'][:10]}, and the PyTorch in {torch} is "
             f"{git_version(torch)[:10]}; take a Python with the other, or build for this one")
    with tarfile.open(file, "r:xz") as archive:
        archive.extractall(place)  # our own file
    paths = f"{torch / 'lib'}:{place / 'lib'}"
    return Programs(place / "bin", {**os.environ, "LD_LIBRARY_PATH": paths}, told["revision"])


def built(fail):
    missing = [name for name in PROGRAMS if name != "tests_torch" and not (BIN / name).exists()]
    if missing:
        fail(f"not built: {' '.join(missing)}; scripts/build release {' '.join(missing)}")
    told = subprocess.run([BIN / "sslbench", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return Programs(BIN, dict(os.environ), told)
