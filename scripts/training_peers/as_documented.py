"""lightly's pipeline in the shape of its examples (examples/pytorch in its repository): views by Pillow in the workers
of a DataLoader, its heads and losses, two forward passes, torch.optim as it comes."""
import warnings

import numpy
import torch
from lightly.loss import BarlowTwinsLoss, NegativeCosineSimilarity, NTXentLoss
from lightly.models.utils import update_momentum
from lightly.transforms import MAETransform, SimCLRTransform
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from training_peers.cases import DECAY, LAMBDA, MOMENTUM, RATE, TEMPERATURE
from training_peers.models import make_model, trainable
from training_peers.peer import Marks, autocast, read_images, told

WORKERS, AHEAD = 2, 2  # AHEAD: batches that a worker prepares before they are asked for, DataLoader's default


class Pictures(Dataset):
    """As torchvision's CIFAR10: bytes in memory, a Pillow image an item."""

    def __init__(self, images, transform):
        self.images, self.transform = numpy.ascontiguousarray(images.transpose(0, 2, 3, 1)), transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.transform(Image.fromarray(self.images[i])), 0


def make_loss(case, model):
    """Views -> loss."""
    if case.method == "mae":
        criterion = torch.nn.MSELoss()
        return lambda views: criterion(*model(views[0]))
    if case.method == "byol":
        criterion = NegativeCosineSimilarity()

        def loss(views):
            update_momentum(model.online, model.momentum, m=MOMENTUM)
            p0, z0 = model(views[0]), model.momentum(views[0]).detach()
            p1, z1 = model(views[1]), model.momentum(views[1]).detach()
            return 0.5 * (criterion(p0, z1) + criterion(p1, z0))

        return loss
    criterion = BarlowTwinsLoss(LAMBDA) if case.method == "barlow_twins" else NTXentLoss(TEMPERATURE)
    return lambda views: criterion(model(views[0]), model(views[1]))


def make_transform(case):
    if case.method == "mae":
        return MAETransform(input_size=32)
    return SimCLRTransform(input_size=32, cj_strength=0.5, gaussian_blur=0.0)


def make_optimizer(case, model):
    if case.method == "mae":
        return torch.optim.AdamW(model.parameters(), lr=1.5e-4, betas=(0.9, 0.95), weight_decay=0.05)
    return torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9, weight_decay=DECAY)


def main():
    warnings.simplefilter("ignore")
    asked = told()
    case = asked.case
    model = make_model(case).to(asked.device)
    marks = Marks(asked, trainable(model))
    # More images than steps need, so that the workers are as busy to the end as in a long training.
    images = read_images(asked.data, case.images + WORKERS * AHEAD * case.batch)
    loader = DataLoader(Pictures(images, make_transform(case)), batch_size=case.batch, shuffle=True, drop_last=True,
                        num_workers=WORKERS)
    optimizer, make = make_optimizer(case, model), make_loss(case, model)
    total = 0
    for step, batch in enumerate(loader, 1):
        views = [view.to(asked.device) for view in batch[0]]
        with autocast(asked):
            loss = make(views)
        total += loss.detach()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        marks(step)
        if step == case.steps:
            break
    assert torch.isfinite(total), total


if __name__ == "__main__":
    main()
