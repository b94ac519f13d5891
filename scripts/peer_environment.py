"""The Python environment of a script that calls other programs (compare-augment, compare-evaluation, compare-peers,
check-exports, check-workflows)."""
import pathlib
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent


def prepare(place, packages, program=None, *, fail):
    """Its interpreter; made at `place` when it is missing or has other packages. `program`, where one is given, is ours and
    must be built. fail(text) ends."""
    python, complete = place / "bin/python", place / ".complete"
    if not complete.exists() or complete.read_text() != " ".join(packages):
        print(f"{place.name}: installing {' '.join(packages)} into {place}", file=sys.stderr)
        venv.create(place, with_pip=True, clear=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", *packages], capture_output=True, text=True)
        if done.returncode != 0:
            reason = done.stderr.strip().splitlines()[-1:] or ["pip failed"]
            fail(f"the packages could not be fetched ({reason[0]}); this needs the network once")
        complete.write_text(" ".join(packages))
    if program is not None and not program.exists():
        fail(f"{program.relative_to(ROOT)} is missing; build it with scripts/build release {program.name}")
    return python
