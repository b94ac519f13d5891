# SPDX-License-Identifier: Apache-2.0
"""Loads weights written by sslbench into torchvision's and timm's models, strictly, and compares the features.

usage: load_published.py FOLDER
FOLDER holds of every case NAME the Python that loads its weights (NAME.py, which leaves `model`) and, in
NAME.images.safetensors, "images" and the "features" that we computed of them (none: the file has a classifier). The
model's own state is saved to NAME.theirs.safetensors. Prints a line a case: its name, and the largest difference of the
features over the largest feature, or 0.
"""
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file


def difference(model: torch.nn.Module, images: pathlib.Path) -> float:
    given = load_file(images)
    with torch.no_grad():
        out = model.eval()(given["images"])
    if "features" not in given:
        return 0.0
    return ((out - given["features"]).abs().max() / given["features"].abs().max()).item()


def main(folder: pathlib.Path) -> None:
    for script in sorted(folder.glob("*.py")):
        space = {}
        exec(script.read_text(), space)
        model, name = space["model"], script.stem
        worst = difference(model, folder / f"{name}.images.safetensors")
        state = {key: value.contiguous() for key, value in model.state_dict().items()}
        save_file(state, folder / f"{name}.theirs.safetensors")
        print(f"{name} {worst:.3g}", flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
