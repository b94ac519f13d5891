"""SimCLR's views as a person writes them over plain PyTorch: whole batches [N, 3, H, W] in [0, 1], random numbers of
every sample."""
import torch


def uniform(x, low, high, shape=(1, 1, 1)):
    return torch.empty(len(x), *shape, device=x.device).uniform_(low, high)


def crop_batch(x, size, area_low=0.08, mode="bilinear"):
    """Random resized crop and flip of every sample by one gather (without antialiasing)."""
    area, ratio = uniform(x, area_low, 1, ()), torch.exp(uniform(x, -0.2877, 0.2877, ()))
    width = (area * ratio).sqrt().clamp(max=1)
    height = (area / ratio).sqrt().clamp(max=1)
    theta = torch.zeros(len(x), 2, 3, device=x.device)
    theta[:, 0, 0] = width * (1 - 2 * (uniform(x, 0, 1, ()) < 0.5).float())
    theta[:, 1, 1] = height
    theta[:, 0, 2] = (1 - width) * uniform(x, -1, 1, ())
    theta[:, 1, 2] = (1 - height) * uniform(x, -1, 1, ())
    grid = torch.nn.functional.affine_grid(theta, (len(x), 3, size, size), align_corners=False)
    return torch.nn.functional.grid_sample(x, grid, mode=mode, padding_mode="border", align_corners=False)


def gray_batch(x):
    return (0.2989 * x[:, 0] + 0.587 * x[:, 1] + 0.114 * x[:, 2])[:, None]


def some_gray(x, share):
    return torch.where(uniform(x, 0, 1) < share, gray_batch(x).expand_as(x), x)


def hue_batch(x, shift):
    value, low = x.max(1).values, x.min(1).values
    chroma = value - low
    safe = torch.where(chroma > 0, chroma, torch.ones_like(chroma))
    r, g, b = x.unbind(1)
    hue = torch.where(r == value, (g - b) / safe, torch.where(g == value, 2 + (b - r) / safe, 4 + (r - g) / safe))
    hue = (hue + 6 * shift) % 6
    parts = [value - chroma * torch.minimum((k + hue) % 6, 4 - (k + hue) % 6).clamp(0, 1) for k in (5, 3, 1)]
    return torch.stack(parts, 1)


def jitter_batch(x, strength=0.8, hue=0.2):
    """Factors of every sample, the order of the batch; samples without jitter have neutral factors."""
    used = (uniform(x, 0, 1) < 0.8).float()

    def factor():
        return 1 + used * uniform(x, -strength, strength)

    for operation in torch.randperm(4).tolist():
        if operation == 0:
            x = (x * factor()).clamp(0, 1)
        elif operation == 1:
            x = torch.lerp(gray_batch(x).mean((1, 2, 3), keepdim=True).expand_as(x), x, factor()).clamp(0, 1)
        elif operation == 2:
            x = torch.lerp(gray_batch(x).expand_as(x), x, factor()).clamp(0, 1)
        else:
            x = hue_batch(x, used[:, 0] * uniform(x, -hue, hue, (1, 1)))
    return x
