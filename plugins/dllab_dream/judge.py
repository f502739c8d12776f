"""How good a dream is, in figures."""

import torch
from torch import Tensor

from dllab_dream.dream import fit, newly_clipped, resize
from dllab_dream.targets import LayerTarget, energies

JUDGED_SIDE = 1024  # px
FINE = 0.25  # cycles per pixel: half of the finest that a picture can hold


def effective_channels(net, before: Tensor, after: Tensor, layers: tuple[str, ...]) -> float:
    """How many channels share in the growth of the energy: exp of the entropy of their shares.

    before, after: (1, 3, H, W) in model units; of several layers, the mean.
    """
    whole = LayerTarget(layers)
    with torch.no_grad():
        pairs = zip(*(energies(net, x, whole.layers, ()) for x in (before, after)), strict=True)
        counts = []
        for first, last in pairs:
            grown = (last - first).clamp_min(0)
            shares = grown / grown.sum().clamp_min(1e-12)
            counts.append(float(torch.special.entr(shares).sum().exp()))
    return sum(counts) / len(counts)


def fine_share(pixels: Tensor) -> float:
    """Share of the brightness's power (without its mean) in details finer than FINE; pixels (3, H, W)."""
    grey = pixels.float().mean(dim=0)
    grey = grey - grey.mean()
    power = torch.fft.rfft2(grey).abs().square()  # (H, W // 2 + 1)
    power[:, 1 : (grey.shape[1] + 1) // 2] *= 2  # those stand for their mirror images too
    y = torch.fft.fftfreq(grey.shape[0], device=grey.device)[:, None]
    x = torch.fft.rfftfreq(grey.shape[1], device=grey.device)[None]
    fine = (y.square() + x.square()).sqrt() > FINE
    return float(power[fine].sum() / power.sum().clamp_min(1e-12))


def shrunk(pixels: Tensor) -> Tensor:
    """A picture (3, H, W) with its longer side at most JUDGED_SIDE."""
    return resize(pixels[None], fit(tuple(pixels.shape[1:]), JUDGED_SIDE))[0]


def figures(net, before: Tensor, after: Tensor, layers: tuple[str, ...]) -> dict[str, float]:
    """Figures for a dream; before, after: pixels (3, H, W) in [0, 1]."""
    small = [shrunk(picture) for picture in (before, after)]
    seen = {}
    if min(small[0].shape[1:]) >= net.least_side(layers):
        units = [net.normalise(picture[None]) for picture in small]
        seen["effective_channels"] = effective_channels(net, *units, layers)
    return seen | {
        "fine_share_before": fine_share(small[0]),
        "fine_share": fine_share(small[1]),
        "clipped": newly_clipped(before, after),
        "mean_change": float((small[1] - small[0]).abs().mean()),
    }


def in_words(found: dict[str, float], channels: int) -> tuple[str, str]:
    """The figures as one line for the user, in English and in Korean."""
    before, now = f"{found['fine_share_before']:.1%}", f"{found['fine_share']:.1%}"
    clipped = f"{found['clipped']:.1%}"
    words = [
        (f"fine detail {before} of the picture before, {now} now", f"그림의 잔무늬 {before}에서 {now}"),
        (f"{clipped} newly black or white", f"새로 검거나 희어진 곳 {clipped}"),
    ]
    if "effective_channels" in found:
        share = f"{found['effective_channels']:.0f}"
        both = (f"{share} of {channels} channels share in it", f"채널 {channels}개 중 {share}개가 참여")
        words.insert(0, both)
    if "second_score" in found:
        before, now = f"{found['second_score_before']:.1f}", f"{found['second_score']:.1f}"
        english = f"variety to a second net {before} before, {now} now"
        words.append((english, f"두 번째 신경망이 본 다양성 {before}에서 {now}"))
    return "; ".join(one for one, _ in words), "; ".join(one for _, one in words)
