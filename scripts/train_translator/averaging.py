"""The mean of the weights over the last steps of a release (Izmailov et al. 2018): what is left of the noise goes."""

from __future__ import annotations

import torch

from scripts.train_translator.checkpoint import Checkpoint
from scripts.train_translator.model import Marian
from scripts.train_translator.trainer import Progress

_FROM = 0.8  # of the time: before, the weights are still on their way


class Average:
    """The running mean of a model's weights from `_FROM` of a run on; called after every step."""

    def __init__(self, model: Marian) -> None:
        self._model, self._taken = model, 0
        self._mean: dict[str, torch.Tensor] = {}

    @torch.no_grad()
    def __call__(self, at: Progress) -> None:
        if at.share < _FROM:
            return
        self._taken += 1
        for name, weight in self._model.state_dict().items():
            if self._taken == 1:
                self._mean[name] = weight.detach().clone()
            else:
                self._mean[name].lerp_(weight, 1 / self._taken)

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return what a checkpoint keeps of it; `taken` is the rest."""
        return {f"mean.{name}": tensor for name, tensor in self._mean.items()}

    @property
    def taken(self) -> int:
        """The number of steps in the mean."""
        return self._taken

    def restore(self, saved: Checkpoint) -> None:
        """Go on from a checkpoint that holds `tensors` and `taken`."""
        self._mean = {
            name: tensor.to(self._model.shared.weight.device) for name, tensor in saved.group("mean.").items()
        }
        self._taken = int(saved.values["taken"])

    def apply(self) -> None:
        """Give the model the mean, if there is one."""
        if self._mean:
            self._model.load_state_dict(self._mean)
