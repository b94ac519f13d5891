"""The step of SimCLR with ResNet-18 (CIFAR stem) as people write it over PyTorch, on one batch that lies on the device:
eager.py DEVICE full|tiny. Needs torch alone. A JSON row a way of writing it:
  as documented   the two views one after the other, contiguous, torch.optim.SGD as it comes (lightly's examples)
  tuned           both views in one pass, channels-last, fused optimizer
"""
import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    """torchvision's BasicBlock."""

    def __init__(self, inside, out, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inside, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out)
        self.shortcut = nn.Identity() if stride == 1 and inside == out else nn.Sequential(
            nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


def network(width):
    layers, inside = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)], width
    for stage in range(4):
        for stride in (1 if stage == 0 else 2, 1):
            layers.append(Block(inside, width << stage, stride))
            inside = width << stage
    head = [nn.Linear(inside, 2048, bias=False), nn.BatchNorm1d(2048), nn.ReLU(inplace=True),
            nn.Linear(2048, 128, bias=False), nn.BatchNorm1d(128)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *head)


def nt_xent(z):
    z = functional.normalize(z.float(), dim=1)
    logits = (z @ z.T / 0.5).fill_diagonal_(float("-inf"))
    return functional.cross_entropy(logits, torch.arange(len(z), device=z.device).roll(len(z) // 2))


def milliseconds(device, step, calls):
    def window():
        began = time.perf_counter()
        for _ in range(calls):
            step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return 1e3 * (time.perf_counter() - began) / calls

    for _ in range(2):
        window()
    times = [window() for _ in range(5 if device.type == "cuda" else 1)]
    return [statistics.median(times), min(times), max(times)]


def row(case, device, batch, width, calls, tuned, half):
    torch.manual_seed(0)
    layout = torch.channels_last if tuned else torch.contiguous_format
    model = network(width).to(device, memory_format=layout)
    views = [torch.randn(batch, 3, 32, 32, device=device).to(memory_format=layout) for _ in range(2)]
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4, fused=tuned or None)

    def step():
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            z = model(torch.cat(views)) if tuned else torch.cat([model(view) for view in views])
        loss = nt_xent(z)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    ms = milliseconds(device, step, calls)
    out = {"case": case, "ms": ms, "images_per_second": 1e3 * batch / ms[0],
           "parameters": sum(parameter.numel() for parameter in model.parameters())}
    if device.type == "cuda":
        out["peak_bytes"] = torch.cuda.max_memory_allocated()
    return out


def main():
    device, tiny = torch.device(sys.argv[1]), sys.argv[2] == "tiny"
    for batch in (512, 128, 1024):
        for tuned in (False, True):
            case = f"simclr resnet18 b{batch}, PyTorch eager, {'tuned' if tuned else 'as documented'}"
            size = (16, 8, 1) if tiny else (batch, 64, 10)
            print(json.dumps(row(case, device, *size, tuned, half=not tiny)), flush=True)


if __name__ == "__main__":
    main()
