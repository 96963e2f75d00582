"""Muon for the matrices (Jordan 2024), AdamW for embeddings, biases and norms, as one optimizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from scripts.train_translator.model import DTYPE, Marian

_DECAY = 0.02  # times the rate; keeps the matrices from growing
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrices: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """Return (towards) the nearest semi-orthogonal matrices of a batch, by Newton-Schulz iteration."""
    a, b, c = _NEWTON_SCHULZ
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.to(DTYPE).mT if tall else matrices.to(DTYPE)
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    result: torch.Tensor = (x.mT if tall else x).float()
    return result


class Muon:
    """Momentum whose update is made orthogonal; matrices of one shape are treated as one batch."""

    def __init__(self, parameters: list[nn.Parameter]) -> None:
        self.groups: dict[tuple[int, ...], list[nn.Parameter]] = {}
        for parameter in parameters:
            self.groups.setdefault(tuple(parameter.shape), []).append(parameter)
        self.momentum = {
            shape: torch.zeros((len(group), *shape), device=group[0].device) for shape, group in self.groups.items()
        }

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Update every matrix from its gradient."""
        for shape, parameters in self.groups.items():
            gradient = torch.stack([parameter.grad for parameter in parameters if parameter.grad is not None])
            momentum = self.momentum[shape].lerp_(gradient, 0.05)
            update = orthogonalise(gradient.lerp(momentum, 0.95)) * max(1.0, shape[0] / shape[1]) ** 0.5
            for parameter, change in zip(parameters, update, strict=True):
                parameter.mul_(1 - _DECAY * rate).sub_(change, alpha=rate)


@dataclass(frozen=True, slots=True)
class Rates:
    """Peak learning rates of the two parts."""

    muon: float = 0.012
    adam: float = 2e-3


class Optimizer:
    """Both parts behind one `step(factor)`; `factor` scales the peak rates."""

    def __init__(self, model: Marian, rates: Rates) -> None:
        named = list(model.named_parameters())
        matrices = [p for name, p in named if p.dim() == 2 and name != "shared.weight"]
        others = [p for name, p in named if p.dim() != 2 or name == "shared.weight"]
        self.rates, self.muon = rates, Muon(matrices)
        self.adam = torch.optim.AdamW(others, lr=rates.adam, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0)

    def step(self, factor: float) -> None:
        """Update all parameters from their gradients."""
        for group in self.adam.param_groups:
            group["lr"] = self.rates.adam * factor
        self.muon.step(self.rates.muon * factor)
        self.adam.step()

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps."""
        return {"adam": self.adam.state_dict(), "muon": {str(k): v for k, v in self.muon.momentum.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a checkpoint; one that has weights alone leaves the optimizer fresh."""
        if "adam" not in state:
            return
        self.adam.load_state_dict(state["adam"])
        for shape, momentum in self.muon.momentum.items():
            momentum.copy_(state["muon"][str(shape)])
