# SPDX-License-Identifier: Apache-2.0
"""Loads weights written by sslbench into torchvision's and timm's models, strictly, and compares the features.

usage: load_published.py MODEL WEIGHTS IMAGES SAVED
MODEL is resnet18, resnet18_cifar or vit_tiny; IMAGES holds "images" and the "features" that we computed; the model's own
state is saved to SAVED. Prints the largest difference of the features.
"""
import sys

import timm
import torch
import torchvision
from safetensors.torch import load_file, save_file


def resnet18(with_head: bool, cifar_stem: bool) -> torch.nn.Module:
    model = torchvision.models.resnet18(num_classes=10)
    if not with_head:
        model.fc = torch.nn.Identity()
    if cifar_stem:
        model.conv1 = torch.nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
        model.maxpool = torch.nn.Identity()
    return model


def build(name: str, with_head: bool) -> torch.nn.Module:
    if name.startswith("resnet18"):
        return resnet18(with_head, name.endswith("_cifar"))
    return timm.create_model("vit_tiny_patch16_224", num_classes=10 if with_head else 0)


def main(name: str, weights: str, images: str, saved: str) -> None:
    state = load_file(weights)
    with_head = any(key.startswith(("fc.", "head.")) for key in state)
    model = build(name, with_head)
    model.load_state_dict(state, strict=True)
    model.fc = model.head = torch.nn.Identity()
    given = load_file(images)
    with torch.no_grad():
        features = model.eval()(given["images"])
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, saved)
    print(f"{(features - given['features']).abs().max().item():.3g}")


if __name__ == "__main__":
    main(*sys.argv[1:])
