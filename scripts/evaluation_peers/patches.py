"""dense_knn (Hummingbird) beside the published procedure: vpariza/open-hummingbird-eval, its exact faiss index in the
place of ScaNN's approximate one, its cross-attention over the neighbours found, its bilinear enlargement and arg-max."""
from evaluation_peers.timing import perf, timed

MEMORY, WIDTH, CLASSES, IMAGES, CELLS, SIDE, NEIGHBOURS, TEMPERATURE = 100_000, 384, 21, 100, 14, 224, 30, 0.02
BATCH = 25  # images


def published(index, memory, labels, queries):
    """[IMAGES, SIDE, SIDE] classes, and the shares that they come from."""
    import torch
    from torch.nn import functional
    maps, shares = [], []
    for batch in queries.split(BATCH):
        _, near = index.search(functional.normalize(batch, dim=-1).flatten(0, 1).numpy(), NEIGHBOURS)
        near = torch.from_numpy(near)
        key, value = memory[near], labels[near]
        query = functional.normalize(batch.flatten(0, 1), dim=-1)
        attention = torch.einsum("nd,nmd->nm", query, functional.normalize(key, dim=-1)) / TEMPERATURE
        share = torch.einsum("nm,nmk->nk", functional.softmax(attention, dim=-1), value)
        share = share.view(len(batch), CELLS, CELLS, CLASSES).permute(0, 3, 1, 2)
        large = functional.interpolate(share, size=(SIDE, SIDE), mode="bilinear")
        maps.append(large.argmax(1))
        shares.append(large)
    return torch.cat(maps), shares


class DenseKnn:
    wanted = {"PyTorch and faiss": 3}

    def prepare(self, place):
        import faiss
        import torch
        from safetensors.torch import save_file
        torch.manual_seed(2)
        centre = torch.randn(CLASSES, WIDTH)
        label = torch.randint(0, CLASSES, (MEMORY,))
        self.labels = 0.8 * torch.nn.functional.one_hot(label, CLASSES) + 0.2 * torch.rand(MEMORY, CLASSES)
        self.labels /= self.labels.sum(1, keepdim=True)
        self.memory = torch.nn.functional.normalize(0.5 * centre[label] + torch.randn(MEMORY, WIDTH), dim=-1)
        asked = torch.randint(0, CLASSES, (IMAGES, CELLS * CELLS))
        self.queries = 0.5 * centre[asked] + torch.randn(IMAGES, CELLS * CELLS, WIDTH)
        self.file, self.maps = place / "patches.safetensors", place / "label_maps.bin"
        save_file({"memory": self.memory, "labels": self.labels, "queries": self.queries}, self.file)
        self.index = faiss.IndexFlatIP(WIDTH)
        self.index.add(self.memory.numpy())

    def measure(self):
        import numpy
        import torch
        seconds = {}
        seconds["dense_knn"], _ = perf("dense_knn", data=self.file, maps=self.maps)
        seconds["PyTorch and faiss"], (theirs, shares) = timed(published, self.index, self.memory, self.labels,
                                                               self.queries)
        mine = torch.from_numpy(numpy.fromfile(self.maps, dtype=numpy.uint8).reshape(IMAGES, SIDE, SIDE))
        best = torch.cat(shares).topk(2, dim=1).values
        tied = best[:, 0] - best[:, 1] < 1e-5  # two classes are equal there but for rounding
        differ = mine != theirs
        assert not (differ & ~tied).any() and differ.double().mean() < 1e-4, differ.sum()
        return seconds
