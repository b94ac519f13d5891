"""What is trained: model, batch, steps. Imported by our side and by the peers, so nothing here needs torch."""
import dataclasses

WARM_UP = 2  # steps before the watch starts, as in our records
TEMPERATURE, LAMBDA, MOMENTUM = 0.5, 0.0051, 0.99
RATE, DECAY = 0.06, 5e-4
DECODER = {"dim": 128, "depth": 2, "heads": 4}
VIEWS = {"joint": {"area_low": 0.08, "jitter": 0.8, "brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1,
                   "gray": 0.2},
         "mae": {"area_low": 0.2, "interpolation": "bicubic", "jitter": 0, "gray": 0}}


@dataclasses.dataclass(frozen=True)
class Case:
    method: str
    backbone: str  # resnet18 (CIFAR stem), convnet or vit_tiny (patches of 4 px)
    width: int     # of its first stage; of vit_tiny's tokens
    batch: int
    timed: int     # steps after the warm-up

    @property
    def steps(self):
        return WARM_UP + self.timed

    @property
    def images(self):
        return self.steps * self.batch

    @property
    def views(self):
        return VIEWS["mae" if self.method == "mae" else "joint"]


CASES = {"simclr": Case("simclr", "resnet18", 16, 256, 10), "simclr_full": Case("simclr", "resnet18", 64, 64, 6),
         "byol": Case("byol", "resnet18", 16, 256, 8), "barlow_twins": Case("barlow_twins", "resnet18", 16, 256, 10),
         "mae": Case("mae", "vit_tiny", 192, 64, 40), "convnet": Case("simclr", "convnet", 16, 64, 200)}
