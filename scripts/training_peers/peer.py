"""What a peer's process does besides its pipeline: arguments, images, marks for the watch."""
import argparse
import lzma
import os
import pathlib

import numpy
import torch

from training_peers.cases import CASES, WARM_UP

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def told():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=CASES.get)
    parser.add_argument("--device")
    parser.add_argument("--precision")
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--marks", type=pathlib.Path)
    asked = parser.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    return asked


def read_images(folder, count):
    """[count, 3, 32, 32] uint8 of the binary files, packed or not: a byte of label, then the planes."""
    def content(file):
        return lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()

    records = [numpy.frombuffer(content(file), numpy.uint8) for file in sorted(folder.glob("data_batch_*.bin*"))]
    return numpy.concatenate(records).reshape(-1, 3073)[:count, 1:].reshape(-1, 3, 32, 32)


def autocast(asked):
    return torch.autocast(asked.device, torch.bfloat16, enabled=asked.precision == "bf16")


class Marks:
    """Tells the watch that a step is done, and first how many parameters are trained. On a GPU it waits for it then."""

    def __init__(self, asked, parameters):
        self.file, self.device = open(asked.marks, "w", buffering=1), asked.device
        self.told = (1, WARM_UP, asked.case.steps)
        self.file.write(f"parameters {parameters}\n")

    def __call__(self, step):
        if step not in self.told:
            return
        if self.device == "cuda":
            torch.cuda.synchronize()
        self.file.write(f"step {step}\n")
