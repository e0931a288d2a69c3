"""The encoder in torch: the first layers of multilingual-e5-small with a head for every field.

Post-norm transformer, mean of the last layer over the pieces. Word embeddings have sparse
gradients; positions stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor, nn

from amends_engine.triage.layout import WIDTH
from training.model.carrier import Carrier

LAYERS = 6
DROPOUT = 0.1
MASKED = -1e4


class Layer(nn.Module):
    """Attention and feed-forward, each added to its input and normalised."""

    def __init__(self, *, width: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attention_out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps=1e-12)
        self.inner = nn.Linear(width, inner)
        self.outer = nn.Linear(inner, width)
        self.output_norm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        rows, length, width = x.shape
        parts = self.query_key_value(x).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        context = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        context = self.attention_out(context.transpose(1, 2).reshape(rows, length, width))
        x = self.attention_norm(x + F.dropout(context, DROPOUT, self.training))
        inner = self.outer(F.gelu(self.inner(x)))
        return self.output_norm(x + F.dropout(inner, DROPOUT, self.training))


class Encoder(nn.Module):
    """Pieces in, one vector of `width` numbers for each text out."""

    def __init__(self, *, words: int, positions: int, width: int, inner: int, heads: int) -> None:
        super().__init__()
        self.word = nn.Embedding(words, width, sparse=True)
        self.position = nn.Embedding(positions, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(width=width, inner=inner, heads=heads) for _ in range(LAYERS)
        )

    def forward(self, pieces: Tensor, mask: Tensor | None) -> Tensor:
        x = self.word(pieces) + self.position.weight[: pieces.shape[1]]
        x = F.dropout(self.norm(x), DROPOUT, self.training)
        bias = None
        if mask is not None:
            bias = torch.where(mask[:, None, None, :] > 0, 0.0, MASKED).to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        if mask is None:
            return x.mean(1)
        shares = mask[:, :, None].to(x.dtype)
        return (x * shares).sum(1) / shares.sum(1)


class Model(nn.Module):
    """The encoder, one head for all fields, and the leaning of weak sources.

    A weak source (derived or projected labels) has an offset of its own in every logit, which is
    learned with the rest and left out at run time: it may lean as it likes without leaning us.
    """

    def __init__(self, encoder: Encoder, *, weak_sources: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.word.embedding_dim, WIDTH)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.leaning = nn.Embedding(weak_sources + 1, WIDTH, padding_idx=0)
        nn.init.zeros_(self.leaning.weight)

    def forward(self, pieces: Tensor, mask: Tensor | None, sources: Tensor | None = None) -> Tensor:
        logits: Tensor = self.head(self.encoder(pieces, mask))
        return logits if sources is None else logits + self.leaning(sources)


def build_model(carrier: Carrier, *, rows: Sequence[int], weak_sources: int) -> Model:
    """Return the model with the carrier's weights and the kept `rows` of its vocabulary."""
    shape = carrier.shape
    encoder = Encoder(
        words=len(rows),
        positions=shape.positions,
        width=shape.width,
        inner=shape.inner,
        heads=shape.heads,
    )
    tensors = {name: torch.from_numpy(value) for name, value in carrier.tensors.items()}
    with torch.no_grad():
        table = tensors["emb.word"].view(-1, shape.width)
        encoder.word.weight.copy_(table[torch.from_numpy(np.asarray(rows))])
        # The type of the only segment is a constant, so it is added to the positions once.
        positions = tensors["emb.pos"].view(-1, shape.width)[: shape.positions]
        encoder.position.weight.copy_(positions + tensors["emb.type"].view(-1, shape.width)[0])
        encoder.norm.weight.copy_(tensors["emb.ln.w"])
        encoder.norm.bias.copy_(tensors["emb.ln.b"])
        for number, layer in enumerate(encoder.layers):
            _fill_layer(layer, tensors, prefix=f"l{number}", width=shape.width)
    encoder.position.weight.requires_grad_(requires_grad=False)
    return Model(encoder, weak_sources=weak_sources)


def _fill_layer(
    layer: nn.Module, tensors: Mapping[str, Tensor], *, prefix: str, width: int
) -> None:
    def weight(name: str) -> Tensor:
        flat = tensors[f"{prefix}.{name}.w"]
        return flat if name in ("aln", "oln") else flat.view(len(bias(name)), -1)

    def bias(name: str) -> Tensor:
        return tensors[f"{prefix}.{name}.b"]

    joined = layer.query_key_value
    joined.weight.copy_(torch.cat([weight(name) for name in "qkv"]).view(3 * width, width))
    joined.bias.copy_(torch.cat([bias(name) for name in "qkv"]))
    for name, part in {
        "ao": layer.attention_out,
        "aln": layer.attention_norm,
        "fi": layer.inner,
        "fo": layer.outer,
        "oln": layer.output_norm,
    }.items():
        part.weight.copy_(weight(name))
        part.bias.copy_(bias(name))
