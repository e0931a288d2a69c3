"""Read the labelled texts, ours and the open sets, into one table of targets and weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from amends_engine.text.normalise import normalise_text

LANGUAGES = ("en", "tr", "id", "ru", "nl")
OWN_WEIGHT = 4.0
"""Our own examples are few and of the very kind that the desk meets."""

OWN_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Example:
    """One text with the targets that its source can teach; None where it says nothing."""

    id: str
    text: str
    lang: str
    source: str
    is_validation: bool
    polarity: int | None = None
    neutral: int | None = None
    complaint: int | None = None
    offensive: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the open material: how its labels read, how many rows, with what weight."""

    path: str
    licence: str
    label: Callable[[str], dict[str, int]]
    cap: int = 12_000
    weight: float = 1.0
    is_split_by_hash: bool = False


def _three_way(label: str) -> dict[str, int]:
    if label == "neutral":
        return {"neutral": 1}
    return {"neutral": 0, "polarity": int(label == "positive")}


def _two_way(label: str) -> dict[str, int]:
    return {"polarity": int(label == "positive")}


def _review(label: str) -> dict[str, int]:
    # A bad review faults a concrete thing, a good one does not: a weak label for complaints.
    weak = {"negative": {"complaint": 1}, "positive": {"complaint": 0}}.get(label, {})
    return _three_way(label) | weak


def _mood(label: str) -> dict[str, int]:
    # Film lines and moods of the day are no complaints to a firm, however dark.
    return _two_way(label) | {"complaint": 0}


def _emotion(label: str) -> dict[str, int]:
    parts = set(label.split("+"))
    if parts == {"none"}:
        return {"neutral": 1}
    positive, negative = bool(parts & {"joy"}), bool(parts & {"sadness", "anger", "fear"})
    if positive == negative:
        return {}
    return {"neutral": 0, "polarity": int(positive), "complaint": 0}


def _complaint(label: str) -> dict[str, int]:
    return {"complaint": int(label == "complaint")}


def _offence(label: str) -> dict[str, int]:
    return {"offensive": int(label != "not")}


def _language_only(_label: str) -> dict[str, int]:
    return {}


_TWEETEVAL = "as the TweetEval README: released without restrictions, upstream terms apply"
_UMSAB = "Apache-2.0 (repository); tweets under upstream terms"
_NONE = "none stated upstream"

SOURCES = (
    Source("sentiment/en-umsab", _UMSAB, _three_way),
    Source("sentiment/en-tweeteval", _TWEETEVAL, _three_way, is_split_by_hash=True),
    Source("sentiment/en-xed", "CC BY 4.0", _mood, cap=4000, weight=0.5),
    Source("sentiment/tr-ecommerce-kaggle", _NONE, _review),
    Source("sentiment/tr-emotion-tweets", _NONE, _mood, weight=0.5),
    Source("sentiment/tr-xed-projected", "CC BY 4.0", _mood, cap=4000, weight=0.5),
    Source("sentiment/id-smsa", "Apache-2.0 / MIT", _review),
    Source("sentiment/id-idsa", _NONE, _three_way),
    Source("sentiment/id-xed-projected", "CC BY 4.0", _mood, weight=0.5),
    Source("emotion/id-emot", "Apache-2.0 / MIT", _language_only),
    Source("sentiment/ru-sentirueval15-banks", _NONE, _review),
    Source("sentiment/ru-sentirueval15-telecoms", _NONE, _review),
    Source("sentiment/ru-xed-projected", "CC BY 4.0", _mood, weight=0.5),
    Source("emotion/ru-cedr", _NONE, _emotion, weight=0.5),
    Source("sentiment/nl-xed-projected", "CC BY 4.0", _mood),
    Source("intent/en-banking77", "CC BY 4.0", _language_only, cap=2000),
    Source("complaints/en-preotiuc19", _NONE, _complaint),
    Source("toxicity/en-olid", _TWEETEVAL, _offence),
    Source("toxicity/tr-offenseval20", "CC BY (task page)", _offence, cap=30_000),
    Source("toxicity/tr-teknofest23", _NONE, _offence, cap=4000, weight=0.5),
    Source("toxicity/ru-russe-detox22", _NONE, _offence, cap=16_000),
    Source("toxicity/de-germeval18", "CC BY 4.0", _offence),
    Source("sentiment/de-umsab", _UMSAB, _three_way),
    Source("sentiment/de-xed-projected", "CC BY 4.0", _mood, cap=2000, weight=0.5),
    Source("sentiment/fr-umsab", _UMSAB, _three_way),
    Source("sentiment/fr-xed-projected", "CC BY 4.0", _mood, cap=2000, weight=0.5),
    Source("sentiment/es-umsab", _UMSAB, _three_way),
    Source("sentiment/es-xed-projected", "CC BY 4.0", _mood, cap=2000, weight=0.5),
    Source("sentiment/pt-umsab", _UMSAB, _three_way),
    Source("sentiment/pt-xed-projected", "CC BY 4.0", _mood, cap=2000, weight=0.5),
    Source("sentiment/it-umsab", _UMSAB, _three_way),
    Source("sentiment/ar-umsab", _UMSAB, _three_way),
    Source("sentiment/hi-umsab", _UMSAB, _three_way),
    Source("sentiment/jv-nusax", "CC BY-SA 4.0 (language only)", _language_only),
    Source("sentiment/su-nusax", "CC BY-SA 4.0 (language only)", _language_only),
)


def read_examples(folder: Path) -> list[Example]:
    """Return all examples: the open material under `folder`, and our own."""
    examples = [example for source in SOURCES for example in _read_source(folder, source)]
    return without_leaks(examples) + list(read_own_examples())


def without_leaks(examples: Sequence[Example]) -> list[Example]:
    """Return the examples without training texts that also stand in a validation split.

    Some sets share tweets (both English ones draw on SemEval), which flattered sentiment by a
    third before this.
    """
    kept_apart = {fingerprint(example.text) for example in examples if example.is_validation}
    return [
        example
        for example in examples
        if example.is_validation or fingerprint(example.text) not in kept_apart
    ]


def fingerprint(text: str) -> str:
    """Return the letters and digits of the normalised text, so that spacing does not count."""
    return "".join(char for char in normalise_text(text).text if char.isalnum())


def hash_fraction(key: str) -> float:
    """Return a number in [0, 1) that depends on `key` alone, for splits that never move."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32


def source_name(source: Source) -> str:
    """Return the name under which a source is reported, for example `en-umsab`."""
    return source.path.rpartition("/")[2]


def _read_source(folder: Path, source: Source) -> Iterator[Example]:
    table = pq.read_table(folder / f"{source.path}.parquet").to_pylist()
    name = source_name(source)
    train, validation = [], []
    for row in table:
        is_validation = row["split"] == "validation"
        if source.is_split_by_hash:
            is_validation = hash_fraction(row["id"]) < 1 / 3
        example = Example(
            id=row["id"],
            text=row["text"],
            lang=row["lang"],
            source=name,
            is_validation=is_validation,
            weight=source.weight,
            **source.label(row["label"]),
        )
        (validation if is_validation else train).append(example)
    train.sort(key=lambda example: hash_fraction(example.id))
    yield from train[: source.cap]
    yield from validation


def read_own_examples(folder: Path = OWN_FOLDER) -> Iterator[Example]:
    """Yield the examples written for this project (training/data/DATASHEET.md)."""
    for path in sorted(folder.glob("complaints_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            example = Example(
                id=row["id"],
                text=row["text"],
                lang=row["lang"],
                source=f"own-{row['lang']}",
                is_validation=False,
                complaint=int(row["complaint"]),
                offensive=int(row["offensive"]),
                weight=OWN_WEIGHT,
            )
            if row["sentiment"] != "mixed":
                example = replace(example, **_three_way(row["sentiment"]))
            yield example
    path = folder / "other_languages.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        row = json.loads(line)
        yield Example(
            row["id"], row["text"], row["lang"], "own-other", is_validation=False, weight=OWN_WEIGHT
        )
