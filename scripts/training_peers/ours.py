"""Our side of a case: a suite file, and what its worker's logs tell a watch."""
import json
import math
import shutil
import signal
import struct
import subprocess
import time

from peer_environment import ROOT
from training_peers.cases import DECAY, DECODER, RATE

SSLBENCH = ROOT / "build/release/bin/sslbench"
BACKBONES = {"resnet18": 'name = "resnet18", width = {}, stem = "cifar"', "convnet": 'name = "convnet", width = {}',
             "vit_tiny": 'name = "vit_tiny", dim = {}, patch_size = 4, image_size = 32, positions = "sincos"'}
SGD = {"optimizer": "sgd", "learning_rate": RATE, "momentum": 0.9, "weight_decay": DECAY}
ADAMW = {"optimizer": "adamw", "learning_rate": 1.5e-4, "beta2": 0.95, "weight_decay": 0.05}
HEADS = {"simclr": {"hidden": 512, "projection": 128},
         "byol": {"hidden": 1024, "projection": 256, "predictor_hidden": 1024, "momentum": 0.99, "momentum_end": 0.99},
         "barlow_twins": {"hidden": 2048, "projection": 2048, "last_bias": True},
         "mae": {"norm_pix_loss": False, **{f"decoder_{key}": value for key, value in DECODER.items()}}}


def table(name, values):
    return [f"[{name}]"] + [f"{key} = {json.dumps(value)}" for key, value in values.items()]


def write_suite(case, file, images, precision, threads, checkpoint_seconds):
    # Plain settings for every key that a preset would fill in.
    pretrain = {"epochs": 1, "batch_size": case.batch, "precision": precision, "schedule": "constant",
                "warmup_epochs": 0, "learning_rate_scaling": "none", "decay_norms_and_biases": True, "hash_every": 0,
                "checkpoint_seconds": checkpoint_seconds, **(ADAMW if case.method == "mae" else SGD)}
    views = {"flip": 0.5, "blur": [0.0], "solarize": [0.0], "normalisation": "imagenet", **case.views}
    lines = ["# How many images a second?",
             f'dataset = {{ name = "cifar10", train_images = {images}, test_images = 256 }}',
             f"backbone = {{ {BACKBONES[case.backbone].format(case.width)} }}", "seeds = [0]", "jobs = 1",
             f"threads = {threads}", *table("pretrain", pretrain), *table("views", views),
             *table(f"methods.{case.method}", HEADS[case.method])]
    file.write_text("\n".join(lines) + "\n")


def command(suite, out, device):
    shutil.rmtree(out, ignore_errors=True)
    return [SSLBENCH, "run", suite, "-o", out, "--device", device, "--keep-work"]


def steps_done(out):
    """Of a run that may not have started; the newest logged step (format: reports/record/curve_log.cpp)."""
    done = 0
    for file in out.glob("work/*/pretrain.curves.log"):
        data, at = file.read_bytes(), 0
        while at + 8 <= len(data):
            length = struct.unpack_from("<I", data, at)[0]
            if at + 8 + length > len(data):
                break
            if data[at + 24:at + 8 + length] == b"loss":
                done = struct.unpack_from("<q", data, at + 8)[0]
            at += 8 + length
    return done


def trainable(case, place, precision, threads, device):
    """What the optimizer holds a momentum of, in the checkpoint after the first step of a run that is then stopped."""
    suite, out = place / "count.toml", place / "count"
    write_suite(case, suite, 2 * case.batch, precision, threads, 0)
    run = subprocess.Popen(command(suite, out, device), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    header = None
    while header is None and run.poll() is None:
        time.sleep(0.01)
        for file in out.glob("work/*/pretrain-*.ckpt"):
            with open(file, "rb") as opened:  # safetensors; renamed into place when it is whole
                header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
    run.send_signal(signal.SIGTERM)
    run.wait()
    if header is None:
        raise RuntimeError(f"sslbench run left no checkpoint in {out}")
    return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name.startswith("optimizer.first."))
