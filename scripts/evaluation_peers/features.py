"""The linear probe and kNN on 50,000 x 512 features, beside PyTorch's, faiss's and `sslbench score knn`."""
import json
import math
import subprocess

from evaluation_peers.timing import SSLBENCH, make_features, perf, timed

RATES, EPOCHS, BATCH, NEIGHBOURS, TEMPERATURE = [0.01 * 2**k for k in range(13)], 10, 1024, 200, 0.07


def train(data, rates):
    """SGD with momentum on one classifier a rate, together by bmm; [rates] accuracies on the test part."""
    import torch
    x, y = data["train_x"], data["train_y"]
    count, steps = len(rates), EPOCHS * math.ceil(len(x) / BATCH)
    weight, bias = torch.zeros(count, 512, 10), torch.zeros(count, 1, 10)
    moving = [torch.zeros_like(weight), torch.zeros_like(bias)]
    rate = torch.tensor(rates).view(-1, 1, 1)
    step = 0
    for _ in range(EPOCHS):
        for part in torch.randperm(len(x)).split(BATCH):
            batch = x[part]
            expanded = batch.expand(count, -1, -1)
            error = torch.softmax(torch.baddbmm(bias, expanded, weight), 2)
            error[:, torch.arange(len(part)), y[part]] -= 1
            error /= len(part)
            moving[0].mul_(0.9).add_(torch.bmm(expanded.transpose(1, 2), error))
            moving[1].mul_(0.9).add_(error.sum(1, keepdim=True))
            share = 0.5 * (1 + math.cos(math.pi * step / steps))
            weight -= rate * share * moving[0]
            bias -= rate * share * moving[1]
            step += 1
    scores = torch.baddbmm(bias, data["test_x"].expand(count, -1, -1), weight)
    return (scores.argmax(2) == data["test_y"]).double().mean(1).tolist()


def faiss_knn(data):
    import faiss
    import torch
    index = faiss.IndexFlatIP(512)
    index.add(data["train_x"].numpy())
    cosine, near = index.search(data["test_x"].numpy(), NEIGHBOURS)
    weight = torch.exp(torch.from_numpy(cosine).double() / TEMPERATURE)
    votes = torch.zeros(len(near), 10, dtype=torch.double)
    votes.scatter_add_(1, data["train_y"][torch.from_numpy(near)], weight)
    return (votes.argmax(1) == data["test_y"]).double().mean().item()


class OnFeatures:
    """Features as the perf program reads them."""

    def prepare(self, place):
        from safetensors.torch import save_file
        self.data, self.place = make_features(50_000, 10_000, 512, 10), place
        self.file = place / "features.safetensors"
        save_file(self.data, self.file, {"classes": "10"})


class Probe(OnFeatures):
    """13 learning rates, 10 epochs, batch 1,024; beside it bmm over 13 classifiers, and one after the other."""
    wanted = {}

    def measure(self):
        seconds = {}
        seconds["probe"], mine = perf("probe", data=self.file)
        seconds["PyTorch batched"], accuracies = timed(train, self.data, RATES)
        seconds["PyTorch one by one"] = sum(timed(train, self.data, [rate])[0] for rate in RATES)
        for k in (0, 4, 8, 12):  # another order of the images: not the same bits
            assert abs(accuracies[k] - mine[f"top1_{k}"]) < 0.01, (k, accuracies[k], mine)
        return seconds


class Knn(OnFeatures):
    wanted = {}

    def measure(self):
        seconds = {}
        seconds["knn"], mine = perf("knn", data=self.file)
        seconds["faiss, exact"], top1 = timed(faiss_knn, self.data)
        assert abs(top1 - mine["top1"]) < 5e-4, (top1, mine["top1"])
        return seconds


class ScoreKnn(OnFeatures):
    """The whole command on the same features: reading its file, the search, the vote, writing all neighbours."""
    wanted = {"sslbench score knn": -1.2}  # negative: at most as many times the first one's time

    def prepare(self, place):
        from safetensors.torch import save_file
        super().prepare(place)
        self.input = place / "score_knn.safetensors"
        settings = {"k": NEIGHBOURS, "temperature": TEMPERATURE, "num_classes": 10}
        save_file({"in.train_features": self.data["train_x"], "in.train_labels": self.data["train_y"],
                   "in.test_features": self.data["test_x"], "in.test_labels": self.data["test_y"]}, self.input,
                  {"settings": json.dumps(settings)})

    def command(self):
        output = self.place / "score_knn.json"
        with open(output, "w") as file:
            subprocess.run([SSLBENCH, "score", "knn", "--input", self.input], check=True, stdout=file)
        return output

    def measure(self):
        seconds = {}
        seconds["knn protocol"], mine = perf("knn", data=self.file)
        seconds["sslbench score knn"], output = timed(self.command)
        top1 = json.loads(output.read_text())["out.top1"]
        assert abs(top1 - mine["top1"]) < 5e-4, (top1, mine["top1"])
        return seconds
