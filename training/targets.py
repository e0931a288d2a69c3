"""What a source can teach: for each field the labels that fit a text, among those it tells apart.

A label scheme that is coarser than ours leaves several of our labels possible ("spam" may be our
spam or scam); the loss then asks only that one of them is chosen. A scheme that lacks a label (no
neutral among film lines) says nothing about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amends_engine.classifier import CATEGORIES, POLICY_GROUNDS
from amends_engine.triage.layout import CHOICES, TRUTHS

__all__ = ["CHOICES", "TRUTHS", "Choice", "Targets"]

THREE = ("negative", "neutral", "positive")
TWO = ("negative", "positive")
OTHER_THAN_SPAM = tuple(label for label in CATEGORIES if label != "spam")
UNSOLICITED = ("spam", "scam", "illegal")
OTHER_GROUNDS = tuple(label for label in POLICY_GROUNDS if label not in UNSOLICITED)


@dataclass(frozen=True, slots=True)
class Choice:
    """The labels that fit, and the labels that the source tells apart."""

    fits: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """What one text teaches; fields that are absent teach nothing."""

    choices: Mapping[str, Choice]
    truths: Mapping[str, bool]


def exactly(**labels: str) -> dict[str, Choice]:
    """Return choices for labels given by our own guide, all labels told apart."""
    return {field: Choice((label,), CHOICES[field]) for field, label in labels.items()}


def three_way(label: str) -> Targets:
    """Return the target of negative, neutral or positive."""
    return Targets({"sentiment": Choice((label,), THREE)}, {})


def two_way(label: str) -> Targets:
    """Return the target of a scheme without neutral texts."""
    return Targets({"sentiment": Choice((label,), TWO)}, {})


def emotions(label: str) -> Targets | None:
    """Return the sentiment behind one or several emotions joined by "+"; None if they disagree."""
    parts = set(label.split("+"))
    if parts <= {"none", "neutral"}:
        return three_way("neutral")
    good = parts & {"joy", "happy", "love", "optimism", "trust"}
    bad = parts & {"sadness", "anger", "fear", "disgust"}
    if bool(good) == bool(bad):
        return None
    return two_way("positive" if good else "negative")


def aspects(polarities: Mapping[str, str]) -> Targets | None:
    """Return the sentiment of a review from the polarities of its aspects."""
    found = set(polarities.values())
    good = bool(found & {"positive", "pos", "pos_neg"})
    bad = bool(found & {"negative", "neg", "pos_neg"})
    if good and bad:
        return Targets({"sentiment": Choice(("mixed", "neutral"), CHOICES["sentiment"])}, {})
    if good or bad:
        return two_way("positive" if good else "negative")
    return None


def complaint(label: str) -> Targets:
    """Return the target of a complaint or none."""
    return Targets({}, {"complaint": label == "complaint"})


def offence(label: str) -> Targets:
    """Return the target of the public "offensive" or "toxic" sets; it says nothing of a ground."""
    return Targets({}, {"offensive": not label.startswith(("not", "non"))})


def spam(label: str) -> Targets:
    """Return the target of unsolicited adverts and their like."""
    if label == "spam":
        return Targets(
            {
                "category": Choice(("spam",), CATEGORIES),
                "policy_ground": Choice(UNSOLICITED, POLICY_GROUNDS),
            },
            {"complaint": False},
        )
    return Targets(
        {
            "category": Choice(OTHER_THAN_SPAM, CATEGORIES),
            "policy_ground": Choice(OTHER_GROUNDS, POLICY_GROUNDS),
        },
        {},
    )


def asks(_label: str) -> Targets:
    """Return the target of texts that all ask for something."""
    return Targets({}, {"question": True})
