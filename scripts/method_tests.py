#!/usr/bin/env python3
"""What there is to test of one method, for scripts/test METHOD: a filter for build/release/bin/tests_torch (its own suites,
the contracts over the registry, its variants over ranks), then its golden cases, one a line."""
import difflib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def own_folder():
    """Methods from outside the tree, as the build was configured; without them the example of docs/method.md."""
    cache = ROOT / "build/release/CMakeCache.txt"
    found = re.search(r"^SSLBENCH_EXTRA_METHODS:\w+=(.+)$", cache.read_text(), re.M) if cache.exists() else None
    return pathlib.Path(found.group(1)) if found else ROOT / "docs/method"


def methods(*folders):
    """Name -> the file that registers it: every literal of a line that sets a `name`."""
    out = {}
    for file in (file for folder in folders for file in sorted(folder.glob("*.cpp"))):
        text = file.read_text()
        if "Registry<MethodEntry>::add" in text:
            for line in re.findall(r"\.name = (.*)", text):
                out |= {name: file for name in re.findall(r'"(\w+)"', line)}
    return out


def filters(method, file):
    tests = [ROOT / "tests/methods" / f"{file.stem}_test.cpp", file.parent / "tests" / f"{file.stem}_test.cpp"]
    suites = {suite for each in tests if each.exists()
              for suite in re.findall(r"^TEST(?:_F|_P)?\((\w+),", each.read_text(), re.M)}
    return ":".join([f"*/{method}", f"*/{method}_*", *(f"{suite}.*" for suite in sorted(suites))])


def goldens(method, file):
    """Cases of the operations in adapters that include the method's header, and of those that bear its name."""
    adapters = [*(ROOT / "tests/golden/adapters").glob("*.cpp"), *(file.parent / "golden").glob("*.cpp")]
    header = re.compile(rf'#include "(?:methods/)?{re.escape(file.stem)}\.h"')
    operations = {operation for each in adapters if header.search(each.read_text())
                  for operation in re.findall(r'\{"(\w+)", *\w+\}', each.read_text())}
    folders = [*(ROOT / "tests/golden").glob("*/"), file.parent / "golden"]
    patterns = [f"{operation}__*" for operation in operations | {method, f"{method}_*"}]
    return sorted({case for folder in folders for pattern in patterns for case in folder.glob(pattern)})


def main(method):
    known = methods(ROOT / "methods", own_folder())
    if method not in known:
        near = difflib.get_close_matches(method, known, 3)
        print(f"test: no method '{method}'" + (f"; did you mean {', '.join(near)}?" if near else "") +
              " (`sslbench list methods` shows all)", file=sys.stderr)
        return 2
    print(filters(method, known[method]), *goldens(method, known[method]), sep="\n")
    return 0


sys.exit(main(sys.argv[1]))
