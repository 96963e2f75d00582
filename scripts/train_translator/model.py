"""The parameters of transformers' MarianMTModel, to the name, with a lean forward pass.

Post-norm transformer, sinusoidal positions, one embedding matrix for source, target and output (Junczys-Dowmunt et
al. 2018). Padding is the id after the last piece and its embedding is zero, which CTranslate2's Marian converter
takes for granted. Attention is plain matmul-softmax-matmul: at the length of sentences it is faster on a CPU than
the fused kernel, whose backward pass dominates.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from scripts.train_translator import checkpoint
from scripts.train_translator.tensors import load_tensors

EOS, UNK = 0, 1  # sentencepiece ids
POSITIONS = 512
_MASKED = -1e4


def _computes_bf16() -> bool:
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    path = Path("/proc/cpuinfo")
    flags = path.read_text() if path.exists() else ""
    return "avx512_bf16" in flags or "amx_bf16" in flags


DTYPE = torch.bfloat16 if _computes_bf16() else torch.float32


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model: width (4 times that in feed-forward layers), heads, encoder and decoder layers."""

    d: int = 320
    heads: int = 5
    encoder: int = 6
    decoder: int = 2


class Attention(nn.Module):
    """Multi-head attention with an additive bias of 0 (seen) or a large negative number (masked)."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x: torch.Tensor, memory: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        q, k, v = self._split(self.q_proj(x)), self._split(self.k_proj(memory)), self._split(self.v_proj(memory))
        weights = torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + bias, -1)
        mixed: torch.Tensor = self.out_proj((weights @ v).transpose(1, 2).flatten(2))
        return mixed

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)


class Layer(nn.Module):
    """An encoder layer, or with `cross` a decoder layer. Saved optimizer states follow the order of the fields."""

    def __init__(self, d: int, heads: int, cross: bool) -> None:
        super().__init__()
        self.cross = cross
        self.self_attn, self.self_attn_layer_norm = Attention(d, heads), nn.LayerNorm(d)
        if cross:
            self.encoder_attn, self.encoder_attn_layer_norm = Attention(d, heads), nn.LayerNorm(d)
        self.fc1, self.fc2, self.final_layer_norm = nn.Linear(d, 4 * d), nn.Linear(4 * d, d), nn.LayerNorm(d)

    def forward(
        self,
        x: torch.Tensor,
        bias: torch.Tensor,
        memory: torch.Tensor | None = None,
        memory_bias: torch.Tensor | None = None,
    ) -> torch.Tensor:
        x = self.self_attn_layer_norm(x + self.self_attn(x, x, bias))
        if self.cross:
            x = self.encoder_attn_layer_norm(x + self.encoder_attn(x, memory, memory_bias))
        out: torch.Tensor = self.final_layer_norm(x + self.fc2(functional.relu(self.fc1(x))))
        return out


class Stack(nn.Module):
    """The layers of an encoder or of a decoder."""

    def __init__(self, count: int, d: int, heads: int, cross: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(d, heads, cross) for _ in range(count))


class Marian(nn.Module):
    """The model: `forward(source ids, shifted target ids)` gives the decoder's last hidden states."""

    positions: torch.Tensor

    def __init__(self, vocabulary: int, shape: Shape) -> None:
        super().__init__()
        self.shape, self.pad = shape, vocabulary
        self.shared = nn.Embedding(vocabulary + 1, shape.d)
        self.encoder = Stack(shape.encoder, shape.d, shape.heads, False)
        self.decoder = Stack(shape.decoder, shape.d, shape.heads, True)
        self.register_buffer("positions", sinusoids(POSITIONS, shape.d), persistent=False)
        for name, parameter in self.named_parameters():
            _initialise(name, parameter, shape.d)
        self.zero_pad()

    @torch.no_grad()
    def zero_pad(self) -> None:
        """Set the embedding of padding back to zero; call it after each step of the optimizer."""
        self.shared.weight[self.pad] = 0

    def embed(self, ids: torch.Tensor) -> torch.Tensor:
        """Return scaled embeddings plus positions."""
        vectors = functional.embedding(ids, self.shared.weight, padding_idx=self.pad)
        placed: torch.Tensor = vectors * self.shape.d**0.5 + self.positions[: ids.shape[1]]
        return placed

    def forward(self, source: torch.Tensor, shifted: torch.Tensor) -> torch.Tensor:
        padding = torch.zeros(source.shape, dtype=DTYPE, device=source.device)
        padding = padding.masked_fill_(source == self.pad, _MASKED)[:, None, None, :]
        causal = torch.full((shifted.shape[1],) * 2, _MASKED, dtype=DTYPE, device=source.device).triu(1)
        memory = self.embed(source).to(DTYPE)
        for layer in self.encoder.layers:
            memory = layer(memory, padding)
        hidden = self.embed(shifted).to(DTYPE)
        for layer in self.decoder.layers:
            hidden = layer(hidden, causal, memory, padding)
        return hidden


def sinusoids(length: int, d: int) -> torch.Tensor:
    """Return Marian's position table (length, d): all sines, then all cosines (Vaswani et al. 2017)."""
    angle = np.arange(length)[:, None] / np.power(10000, 2 * (np.arange(d) // 2) / d)
    return torch.tensor(np.concatenate([np.sin(angle[:, 0::2]), np.cos(angle[:, 1::2])], 1), dtype=torch.float32)


def _initialise(name: str, parameter: nn.Parameter, d: int) -> None:
    if name == "shared.weight":
        nn.init.normal_(parameter, 0, d**-0.5)
    elif parameter.dim() > 1:
        nn.init.xavier_uniform_(parameter)
    elif name.endswith("bias"):
        nn.init.zeros_(parameter)


def load_weights(model: Marian, path: Path) -> None:
    """Fill a model from a checkpoint, or from an exported folder or its `model.safetensors`.

    A checkpoint is named by its folder, its index (`state.json`) or `state.pt`, the single file of earlier versions,
    which also stands for the index that replaced it.

    Raises:
        FileNotFoundError: there is neither.
        ModelError: it is damaged.
        RuntimeError: its shape is not that of the model.
    """
    if path.is_dir():
        exported = path / "model.safetensors"
        path = exported if exported.exists() else checkpoint.located(path)
    elif not path.exists():
        path = checkpoint.located(path.parent, path.stem)
    tensors = _exported(path) if path.suffix == ".safetensors" else checkpoint.read(path).group("model.")
    model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    model.zero_pad()


def _exported(path: Path) -> dict[str, torch.Tensor]:
    tensors = {name.removeprefix("model."): tensor for name, tensor in load_tensors(path).items()}
    kept = ("shared.", "encoder.layers.", "decoder.layers.")
    return {name: tensor for name, tensor in tensors.items() if name.startswith(kept)}
