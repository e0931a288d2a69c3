"""Names under which near-copies of a text meet: bands of a MinHash over its character 5-grams.

Two texts that share a band are candidates; `lint.similarity` says how near they are. With six bands
of two values, texts alike to 0.8 meet with a probability of 0.99, those alike to 0.1 with 0.06.
"""

from __future__ import annotations

import re
import zlib

SIZE, BANDS, ROWS = 5, 6, 2
SHORTEST = 40  # shorter texts are alike by chance: "where is my parcel?"
MAX_CHARS = 4000

_PRIME = (1 << 61) - 1
# Fixed multipliers: the names must be the same on every machine and in every version.
_MIX = tuple((2 * n + 1) * 0x9E3779B97F4A7C15 % _PRIME for n in range(1, BANDS * ROWS + 1))
_BLANKS = re.compile(r"\s+")


def near_bands(text: str) -> tuple[str, ...]:
    """The names of a text, none for a short one."""
    flat = _BLANKS.sub(" ", text[:MAX_CHARS]).strip().lower()
    if len(flat) < SHORTEST:
        return ()
    grams = {
        zlib.crc32(flat[at : at + SIZE].encode("utf-8", "replace"))
        for at in range(len(flat) - SIZE + 1)
    }
    least = [min((gram * mix + mix) % _PRIME for gram in grams) for mix in _MIX]
    return tuple(
        f"{band}:" + ".".join(f"{value:x}" for value in least[band * ROWS : (band + 1) * ROWS])
        for band in range(BANDS)
    )
