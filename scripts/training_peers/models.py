"""Our networks and heads out of torchvision's, timm's and lightly's parts: both peers train these."""
import copy
import math

import lightly.models.utils as lightly_utils
import timm
import torch
from lightly.models.modules import BarlowTwinsProjectionHead, BYOLPredictionHead, BYOLProjectionHead
from lightly.models.modules import SimCLRProjectionHead
from lightly.models.modules.masked_vision_transformer_decoder_timm import MaskedVisionTransformerDecoderTIMM
from lightly.models.modules.masked_vision_transformer_timm import MaskedVisionTransformerTIMM
from torch import nn
from torchvision.models.resnet import BasicBlock

from training_peers.cases import DECODER


def resnet18(width):
    """torchvision's with a CIFAR stem; of any width, which torchvision's constructor has not."""
    layers, inside = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)], width
    for stage in range(4):
        for stride in (1 if stage == 0 else 2, 1):
            out = width << stage
            shortcut = None
            if stride != 1 or inside != out:
                shortcut = nn.Sequential(nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out))
            layers.append(BasicBlock(inside, out, stride, shortcut))
            inside = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()), inside


def convnet(width):
    layers, inside = [], 3
    for out in (width, 2 * width, 4 * width):
        layers += [nn.Conv2d(inside, out, 3, 2, 1), nn.ReLU(inplace=True)]
        inside = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()), inside


class Joint(nn.Module):
    """SimCLR and Barlow Twins: a backbone and a projector, with the sizes of lightly's examples."""

    def __init__(self, case):
        super().__init__()
        self.backbone, features = (convnet if case.backbone == "convnet" else resnet18)(case.width)
        self.projection_head = {"simclr": lambda: SimCLRProjectionHead(features, 512, 128),
                                "byol": lambda: BYOLProjectionHead(features, 1024, 256),
                                "barlow_twins": lambda: BarlowTwinsProjectionHead(features, 2048, 2048)}[case.method]()

    def forward(self, x):
        return self.projection_head(self.backbone(x))


class Byol(nn.Module):
    def __init__(self, case):
        super().__init__()
        self.online = Joint(case)
        self.prediction_head = BYOLPredictionHead(256, 1024, 256)
        self.momentum = copy.deepcopy(self.online)
        lightly_utils.deactivate_requires_grad(self.momentum)

    def forward(self, x):
        return self.prediction_head(self.online(x))


class Mae(nn.Module):
    """Predictions of the removed patches and their pixels."""

    def __init__(self, case):
        super().__init__()
        self.patch = 4
        vit = timm.create_model("vit_tiny_patch16_224", patch_size=self.patch, img_size=32, num_classes=0)
        assert vit.embed_dim == case.width
        unused = nn.Parameter(torch.zeros(1, 1, case.width), requires_grad=False)
        self.backbone = MaskedVisionTransformerTIMM(vit=vit, mask_token=unused)
        self.embed = nn.Linear(case.width, DECODER["dim"])
        self.decoder = MaskedVisionTransformerDecoderTIMM(num_patches=vit.patch_embed.num_patches,
                                                          embed_dim=DECODER["dim"], depth=DECODER["depth"],
                                                          num_heads=DECODER["heads"])
        self.head = nn.Linear(DECODER["dim"], 3 * self.patch**2)

    def forward(self, images):
        size = (len(images), self.backbone.sequence_length)
        keep, removed = lightly_utils.random_token_mask(size=size, mask_ratio=0.75, device=images.device)
        seen = self.embed(self.backbone.encode(images=images, idx_keep=keep))
        tokens = lightly_utils.repeat_token(self.decoder.mask_token, size)
        tokens = lightly_utils.set_at_index(tokens, keep, seen.type_as(tokens))
        predicted = self.head(lightly_utils.get_at_index(self.decoder(tokens), removed))
        patches = lightly_utils.patchify(images, self.patch)
        return predicted, lightly_utils.get_at_index(patches, removed - 1)  # there is no class token in an image


def make_model(case):
    return {"byol": Byol, "mae": Mae}.get(case.method, Joint)(case)


def trainable(model):
    return sum(math.prod(parameter.shape) for parameter in model.parameters() if parameter.requires_grad)
