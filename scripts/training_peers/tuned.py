"""The best that a skilled person writes in eager PyTorch: images resident as uint8, views of whole batches by tensor
operations, channels-last, bf16 autocast where it is asked for, fused optimizer, one process, no value read back."""
import torch
from lightly.models.utils import update_momentum
from torch.nn import functional

from training_peers.batched_views import crop_batch, jitter_batch, some_gray
from training_peers.cases import DECAY, LAMBDA, MOMENTUM, RATE, TEMPERATURE
from training_peers.models import make_model, trainable
from training_peers.peer import DEVIATION, MEAN, Marks, autocast, read_images, told


def nt_xent(z):
    """Of both views, one after the other [2N, D]."""
    z = functional.normalize(z.float(), dim=1)
    logits = (z @ z.T / TEMPERATURE).fill_diagonal_(float("-inf"))
    return functional.cross_entropy(logits, torch.arange(len(z), device=z.device).roll(len(z) // 2))


def redundancy(a, b):
    a, b = (functional.batch_norm(z.float(), None, None, training=True) for z in (a, b))
    c = a.T @ b / len(a)
    diagonal = c.diagonal()
    return (diagonal - 1).square().sum() + LAMBDA * (c.square().sum() - diagonal.square().sum())


def make_loss(case, model):
    """Views [2N or N, 3, 32, 32] -> loss."""
    if case.method == "mae":
        return lambda x: functional.mse_loss(*model(x))
    if case.method == "simclr":
        return lambda x: nt_xent(model(x))
    if case.method == "barlow_twins":
        return lambda x: redundancy(*(model(view) for view in x.chunk(2)))

    def byol(x):
        update_momentum(model.online, model.momentum, m=MOMENTUM)
        views = x.chunk(2)
        p = [functional.normalize(model(view).float(), dim=1) for view in views]
        with torch.no_grad():
            z = [functional.normalize(model.momentum(view).float(), dim=1) for view in views]
        return 4 - 2 * ((p[0] * z[1]).sum(1) + (p[1] * z[0]).sum(1)).mean()

    return byol


class Views:
    def __init__(self, case, device):
        self.case = case
        self.mean = torch.tensor(MEAN, device=device).view(3, 1, 1)
        self.scale = 1 / torch.tensor(DEVIATION, device=device).view(3, 1, 1)

    def __call__(self, pixels):
        x = pixels.float() / 255
        if self.case.method == "mae":
            x = crop_batch(x, 32, self.case.views["area_low"], "bicubic").clamp(0, 1)
        else:
            x = some_gray(jitter_batch(crop_batch(torch.cat([x, x]), 32), 0.4, 0.1), self.case.views["gray"])
        return ((x - self.mean) * self.scale).contiguous(memory_format=torch.channels_last)


def make_optimizer(case, model):
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if case.method == "mae":
        return torch.optim.AdamW(trained, lr=1.5e-4, betas=(0.9, 0.95), weight_decay=0.05, fused=True)
    return torch.optim.SGD(trained, lr=RATE, momentum=0.9, weight_decay=DECAY, fused=True)


def main():
    asked = told()
    case = asked.case
    model = make_model(case).to(asked.device, memory_format=torch.channels_last)
    marks = Marks(asked, trainable(model))
    images = torch.from_numpy(read_images(asked.data, case.images)).to(asked.device)
    views, optimizer, make = Views(case, asked.device), make_optimizer(case, model), make_loss(case, model)
    total = torch.zeros((), device=asked.device)
    order = torch.randperm(len(images), device=asked.device)
    for step in range(1, case.steps + 1):
        with torch.no_grad():
            x = views(images[order[(step - 1) * case.batch:step * case.batch]])
        with autocast(asked):
            loss = make(x)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.detach()
        marks(step)
    assert torch.isfinite(total), total


if __name__ == "__main__":
    main()
