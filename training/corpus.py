"""All labelled texts, ours and the open sets, in one form for every part of the engine.

Texts that stand in a validation split are taken out of every training split: some public sets
share their tweets. Our own examples are split by the hash of their id.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from training import targets
from training.hashing import hash_fraction
from training.identities import read_identities
from training.targets import CHOICES, TRUTHS, Targets

LANGUAGES = ("en", "tr", "id", "ru", "nl")
IDENTITIES = "identities"
OWN_FOLDER = Path(__file__).parent / "data"
OWN_VALIDATION = 0.14
"""Share of our own examples that no training sees."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text with what its source can teach."""

    id: str
    text: str
    lang: str
    source: str
    is_validation: bool
    targets: Targets
    parent: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the open material: its licence, how its labels read, and its part of a pass.

    `cap` bounds the rows of one pass (another sample each pass); `copies` repeats small sources;
    `is_weak` marks schemes that were derived or projected, of which only the tendency counts.
    """

    path: str
    licence: str
    read: Callable[[str], Targets | None]
    cap: int = 8_000
    copies: int = 1
    weight: float = 1.0
    is_weak: bool = False
    validation_share: float | None = None

    @property
    def name(self) -> str:
        """The name under which it is reported, for example `en-umsab`."""
        kind, _, name = self.path.partition("/")
        return name if kind not in ("emotion", "absa", "intent") else f"{name}-{kind}"


def _aspects(label: str) -> Targets | None:
    return targets.aspects(json.loads(label))


_TWEETEVAL = "as the TweetEval README: released without restrictions, upstream terms apply"
_UMSAB = "Apache-2.0 (repository); tweets under upstream terms"
_NONE = "none stated upstream"
_XED = "CC BY 4.0"


def _projected(lang: str, *, cap: int = 2_000) -> Source:
    return Source(
        f"sentiment/{lang}-xed-projected", _XED, targets.two_way, cap=cap, weight=0.5, is_weak=True
    )


def _tweets(lang: str, *, copies: int = 1) -> Source:
    return Source(f"sentiment/{lang}-umsab", _UMSAB, targets.three_way, copies=copies)


SOURCES = (
    _tweets("en", copies=2),
    Source(
        "sentiment/en-tweeteval",
        _TWEETEVAL,
        targets.three_way,
        copies=2,
        validation_share=0.2,
    ),
    Source("sentiment/en-nusax", "CC BY-SA 4.0", targets.three_way),
    Source("sentiment/en-xed", _XED, targets.two_way, cap=3_500, weight=0.5, is_weak=True),
    Source("emotion/en-tweeteval", _TWEETEVAL, targets.emotions, weight=0.5, is_weak=True),
    Source("sentiment/tr-ecommerce-kaggle", _NONE, targets.three_way, cap=9_000),
    Source("sentiment/tr-emotion-tweets", _NONE, targets.two_way, weight=0.5, is_weak=True),
    _projected("tr", cap=2_500),
    Source("sentiment/id-smsa", "Apache-2.0 / MIT", targets.three_way, cap=9_000),
    Source("sentiment/id-idsa", _NONE, targets.three_way),
    Source("emotion/id-emot", "Apache-2.0 / MIT", targets.emotions, weight=0.5, is_weak=True),
    Source("absa/id-hoasa", "Apache-2.0 / MIT", _aspects, weight=0.7, is_weak=True),
    Source("absa/id-casa", "Apache-2.0 / MIT", _aspects, weight=0.7, is_weak=True),
    _projected("id"),
    Source("sentiment/ru-sentirueval15-banks", _NONE, targets.three_way),
    Source("sentiment/ru-sentirueval15-telecoms", _NONE, targets.three_way),
    Source("emotion/ru-cedr", _NONE, targets.emotions, cap=4_000, weight=0.5, is_weak=True),
    _projected("ru", cap=1_500),
    _projected("nl", cap=3_500),
    *(_tweets(lang) for lang in ("de", "fr", "es", "pt", "it", "ar", "hi")),
    *(_projected(lang, cap=1_500) for lang in ("de", "fr", "es", "pt")),
    Source("complaints/en-preotiuc19", _NONE, targets.complaint, copies=2),
    Source("toxicity/en-olid", _TWEETEVAL, targets.offence),
    Source("toxicity/tr-offenseval20", "CC BY (task page)", targets.offence, cap=12_000),
    Source("toxicity/tr-teknofest23", _NONE, targets.offence, cap=4_000, weight=0.5, is_weak=True),
    Source(
        "toxicity/tr-tweetset-negpoz", _NONE, targets.offence, cap=3_000, weight=0.5, is_weak=True
    ),
    Source("toxicity/ru-russe-detox22", _NONE, targets.offence, cap=9_000),
    Source("toxicity/de-germeval18", "CC BY 4.0", targets.offence, validation_share=0.1),
    Source("spam/en-youtube", "CC BY 4.0 (recalled)", targets.spam, copies=2),
    Source("spam/id-judol-youtube", _NONE, targets.spam, cap=5_000),
    Source("spam/id-sms", "MIT (README)", targets.spam, copies=2),
    Source("intent/en-banking77", "CC BY 4.0", targets.asks, cap=1_000, weight=0.3),
)


def read_corpus(folder: Path, *, leave_out: Sequence[str] = ()) -> list[Row]:
    """Return all rows: the open material under `folder` but for `leave_out`, and our own.

    Raises FileNotFoundError naming the first file that is missing.
    """
    public = [
        row for source in SOURCES if source.name not in leave_out for row in _read(folder, source)
    ]
    return without_leaks([*public, *read_own(), *_read_identities()])


def _read_identities() -> Iterator[Row]:
    """Yield the sentences that name groups of people without a bad word; none is held out."""
    for entry in read_identities():
        yield replace(own_row(entry), source=IDENTITIES, is_validation=False)


def without_leaks(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without training texts that also stand in a validation split."""
    apart = {fingerprint(row.text) for row in rows if row.is_validation}
    return [row for row in rows if row.is_validation or fingerprint(row.text) not in apart]


def fingerprint(text: str) -> str:
    """Return the letters and digits of a text, so that case, marks and spacing do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())


def _read(folder: Path, source: Source) -> Iterator[Row]:
    for row in pq.read_table(folder / f"{source.path}.parquet").to_pylist():
        taught = source.read(str(row["label"]))
        if taught is None or not str(row["text"]).strip():
            continue
        is_validation = row["split"] == "validation"
        if source.validation_share is not None:
            is_validation = hash_fraction(row["id"]) < source.validation_share
        yield Row(
            id=row["id"],
            text=str(row["text"]),
            lang=row["lang"],
            source=source.name,
            is_validation=is_validation,
            targets=taught,
            weight=source.weight,
        )


def read_own(folder: Path = OWN_FOLDER) -> Iterator[Row]:
    """Yield the examples written for this project (training/data/DATASHEET.md)."""
    for path in sorted(folder.glob("comments_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield own_row(json.loads(line))


def own_row(entry: dict[str, Any]) -> Row:
    """Return one of our own examples; every field is labelled, by our own guide."""
    row = Row(
        id=entry["id"],
        text=entry["text"],
        lang=entry["lang"],
        source=f"own-{entry['lang']}",
        is_validation=hash_fraction(entry["id"]) < OWN_VALIDATION,
        targets=Targets(
            targets.exactly(**{field: entry[field] for field in CHOICES}),
            {field: entry[field] for field in TRUTHS if field in entry},
        ),
    )
    return replace(row, parent=entry["parent"]) if entry.get("parent") else row
