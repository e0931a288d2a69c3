"""What is asked: labelled texts that no part of the engine was trained on, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from amends_engine.classifier import Assessment, TextInput, UnreadableText, require_readable
from training.corpus import SOURCES, Row, read_own
from training.hashing import hash_fraction

UNSOLICITED = ("spam", "scam", "illegal")
CAP = 1_000
"""Texts of one set that are read: enough for two digits."""

Answer = Callable[[Assessment], tuple[str, float]]
"""Gives the label of an assessment, and its probability."""


@dataclass(frozen=True, slots=True)
class Exam:
    """One field on one set of texts. `is_foreign`: no text of this source was ever trained on."""

    field: str
    name: str
    lang: str
    is_foreign: bool
    texts: Sequence[TextInput]
    truth: Sequence[str]
    answer: Answer


FOREIGN = ("sentiment/en-airline", "sentiment/nl-bolcom-pattern", "sentiment/fr-amazon-pattern")


def read_exams(open_folder: Path, research_folder: Path | None) -> Iterator[Exam]:
    """Yield the public validation splits, the sources never trained on, and our own texts."""
    for path, kind in PUBLIC.items():
        yield _public(open_folder, path, kind=kind, is_foreign=False)
    if research_folder:
        for path in FOREIGN:
            yield _public(research_folder, path, kind="sentiment", is_foreign=True)
    yield from _own()


def _sentiment(answer: Assessment) -> tuple[str, float]:
    return answer.sentiment.label, answer.sentiment.score


def _complaint(answer: Assessment) -> tuple[str, float]:
    return str(answer.complaint.label), answer.complaint.score


def _offensive(answer: Assessment) -> tuple[str, float]:
    chance = answer.flag_scores["offensive"]
    return str(answer.flags["offensive"]), max(chance, 1 - chance)


def _spam(answer: Assessment) -> tuple[str, float]:
    return str(answer.policy_ground.label in UNSOLICITED), answer.policy_ground.score


READERS: Mapping[str, tuple[Callable[[str], str], Answer]] = {
    "sentiment": (str, _sentiment),
    "complaint": (lambda label: str(label == "complaint"), _complaint),
    "offensive": (lambda label: str(not label.startswith(("not", "non"))), _offensive),
    "spam": (lambda label: str(label == "spam"), _spam),
}

PUBLIC: Mapping[str, str] = {
    **{
        f"sentiment/{name}": "sentiment"
        for name in (
            *("en-tweeteval", "en-umsab", "tr-ecommerce-kaggle", "id-smsa", "id-idsa"),
            *("ru-sentirueval15-banks", "ru-sentirueval15-telecoms", "nl-xed-projected"),
            *("de-umsab", "fr-umsab", "es-umsab", "pt-umsab", "ar-umsab"),
        )
    },
    "complaints/en-preotiuc19": "complaint",
    **{
        f"toxicity/{name}": "offensive"
        for name in ("en-olid", "tr-offenseval20", "ru-russe-detox22", "de-germeval18")
    },
    **{f"spam/{name}": "spam" for name in ("en-youtube", "id-judol-youtube", "id-sms")},
}


def _public(folder: Path, path: str, *, kind: str, is_foreign: bool) -> Exam:
    read, answer = READERS[kind]
    texts, truth = [], []
    table = pq.read_table(folder / f"{path}.parquet").to_pylist()
    shares = {source.path: source.validation_share for source in SOURCES}
    for row in sorted(table, key=lambda row: hash_fraction(str(row["id"]))):
        share = shares.get(path)
        is_held = (
            row["split"] == "validation" if share is None else hash_fraction(row["id"]) < share
        )
        if not (is_held or is_foreign) or not _is_readable(str(row["text"])):
            continue
        texts.append(TextInput(id=len(texts), text=str(row["text"])))
        truth.append(read(str(row["label"])))
        if len(texts) == CAP:
            break
    return Exam(kind, path.rpartition("/")[2], table[0]["lang"], is_foreign, texts, truth, answer)


def _is_readable(text: str) -> bool:
    try:
        require_readable(text)
    except UnreadableText:
        return False
    return True


def _choice(field: str) -> Answer:
    def answer(assessment: Assessment) -> tuple[str, float]:
        guess = getattr(assessment, field)
        return str(guess.label), guess.score

    return answer


def _flag(name: str) -> Answer:
    def answer(assessment: Assessment) -> tuple[str, float]:
        chance = assessment.flag_scores[name]
        return str(assessment.flags[name]), max(chance, 1 - chance)

    return answer


def _acts(assessment: Assessment) -> tuple[str, float]:
    guess = assessment.policy_ground
    return str(guess.label != "none"), guess.score


def _grave(assessment: Assessment) -> tuple[str, float]:
    guess = assessment.severity
    return str(guess.label in ("high", "critical")), guess.score


OWN_FIELDS: Mapping[str, tuple[Callable[[Row], str], Answer]] = {
    **{
        field: ((lambda row, field=field: row.targets.choices[field].fits[0]), _choice(field))
        for field in ("sentiment", "category", "severity", "arousal")
    },
    "high or critical": (
        lambda row: str(row.targets.choices["severity"].fits[0] in ("high", "critical")),
        _grave,
    ),
    "any ground": (lambda row: str(row.targets.choices["policy_ground"].fits[0] != "none"), _acts),
    "complaint": (lambda row: str(row.targets.truths["complaint"]), _complaint),
    **{
        name: ((lambda row, name=name: str(row.targets.truths[name])), _flag(name))
        for name in ("offensive", "legal_threat", "safety", "personal_data", "question")
    },
}


def _own() -> Iterator[Exam]:
    rows = [row for row in read_own() if row.is_validation]
    for lang in ("tr", "id", "ru", "nl", "en"):
        held = [row for row in rows if row.lang == lang]
        for field, (truth, answer) in OWN_FIELDS.items():
            known = [row for row in held if field not in _truths() or field in row.targets.truths]
            yield Exam(
                field=field,
                name=f"own-{lang}",
                lang=lang,
                is_foreign=False,
                texts=[TextInput(row.id, row.text, parent=row.parent) for row in known],
                truth=[truth(row) for row in known],
                answer=answer,
            )


def _truths() -> tuple[str, ...]:
    return ("complaint", "offensive", "legal_threat", "safety", "personal_data", "question")
