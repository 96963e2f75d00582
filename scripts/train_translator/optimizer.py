"""Muon for the matrices (Jordan 2024), AdamW for embeddings, biases and norms, as one optimizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
        fused = others[0].is_cuda  # one kernel for all; on a CPU the plain loop is as fast
        self.adam = torch.optim.AdamW(
            others, lr=rates.adam, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0, fused=fused or None
        )

    def step(self, factor: float) -> None:
        """Update all parameters from their gradients."""
        for group in self.adam.param_groups:
            group["lr"] = self.rates.adam * factor
        self.muon.step(self.rates.muon * factor)
        self.adam.step()

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return what a checkpoint keeps: `adam.<parameter>.<moment>` and `muon.<shape>`."""
        moments = self.adam.state_dict()["state"]
        adam = {f"adam.{at}.{key}": value for at, state in moments.items() for key, value in state.items()}
        return adam | {f"muon.{shape}": momentum for shape, momentum in self.muon.momentum.items()}

    def restore(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take up what `tensors` gave; weights alone leave the optimizer fresh. Rates are not taken up."""
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith("adam."):
                _, at, key = name.split(".")
                state.setdefault(int(at), {})[key] = tensor
        if not state:
            return
        self.adam.load_state_dict({"state": state, "param_groups": self.adam.state_dict()["param_groups"]})
        for shape, momentum in self.muon.momentum.items():
            momentum.copy_(tensors[f"muon.{shape}"])
