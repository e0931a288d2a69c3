"""Composes a first draft: the parts in their order, specific to the matter, different from recent ones.

What only a person knows stays a gap, so that no draft can be handed over as it is composed (S2.20,
S2.21). Which part of the apology belongs follows from the fault share (domain.md 3.4, S0.31, C5, R6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amends_engine.compose.starters import OTHER, Starters, load_starters
from amends_engine.lint.draft import topics_of
from amends_engine.lint.language import load_language
from amends_engine.lint.reading import read_text

SPECIFIC = (
    "damage", "wrong", "delivery", "missing", "returns", "subscription", "account", "connection",
    "booking", "travel", "stay", "food", "staff", "repair", "machine", "app", "money", "service",
    "quality", "price", "waiting",
)  # fmt: skip
"""Topics that have sentences, the one that says most first: a parcel that came broken is damage. What
is missing may be the parcel itself, so delivery, whose sentences fit both, goes before it."""

GONE_WRONG = ("business_error", "misunderstanding")

ORDER = (
    "THX", "EMP", "REG", "RESP", "RESP_PART", "EXP", "FACT", "HOLD", "FIX", "HELP", "REP", "ASK",
    "TIME", "OFF", "FORM", "MODN", "DIS", "CLOSE",
)  # fmt: skip
"""Apology and responsibility before the repair (S2.38, Q27); the way on comes last (Q28)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known around the reply.

    `components` are those of the decision, `fault_share` per cent or None, `category` a code of the
    vocabulary (only of what went wrong a topic is guessed), `address` a form of the linter, `time` as
    the customer reads it (empty: a gap), `recent` replies that the draft must differ from, `seed` any
    text that tells this case from others.
    """

    comment: str
    language: str
    components: Sequence[str]
    fault_share: int | None = None
    category: str = "business_error"
    address: str = ""
    author: str = ""
    name: str = ""
    time: str = ""
    recent: Sequence[str] = ()
    seed: str = ""


def compose_draft(facts: Facts) -> str:
    """Return a draft with gaps; raise UnknownLanguage where there are no sentences in the language.

    Pure: the same facts give the same draft.
    """
    starters = load_starters(facts.language)
    chosen = list(choose_parts(facts))
    sentences = []
    if facts.author:
        sentences.append(_say(starters.greeting, "greeting", facts, starters))
    if "ACK" in facts.components:
        topic = OTHER
        if facts.category in GONE_WRONG:
            topic = find_topic(facts.comment, language=facts.language)
        sentences.append(_say(starters.acknowledge[topic], topic, facts, starters))
    for part in chosen:
        key = "TIME_OPEN" if part == "TIME" and not facts.time else part
        sentences.append(_say(starters.parts[key], part, facts, starters))
    if facts.name:
        sentences.append(_say(starters.sign, "sign", facts, starters))
    return " ".join(sentences)


def lead_into_private(*, language: str, link: str, address: str = "", seed: str = "") -> str:
    """The sentence that takes a matter out of the public: why, where, and that the outcome stands here (Q06).

    Raises UnknownLanguage.
    """
    starters = load_starters(language)
    return _choose(starters.hand_over, seed).format(link=link, **starters.words_of(address))


def tell_the_public(*, language: str, author: str, seed: str = "") -> str:
    """A closing note with gaps, which cannot go out as it is: solved in private, and its author agrees.

    Raises UnknownLanguage.
    """
    return _choose(load_starters(language).closing, seed).format(author=author)


def _choose(wordings: Sequence[str], seed: str) -> str:
    return wordings[int.from_bytes(hashlib.sha256(seed.encode()).digest()[:2]) % len(wordings)]


def choose_parts(facts: Facts) -> Iterator[str]:
    """Yield the parts after the acknowledgement, in the order in which a reader needs them."""
    wanted = set(facts.components)
    share = facts.fault_share
    if share == 0:
        wanted -= {"RESP"}  # no fault, no admission: empathy and help (C5)
    elif share is not None and share < 50 and "RESP" in wanted:
        wanted = (wanted - {"RESP"}) | {"RESP_PART"}
    elif share is None and "REG" in wanted and "RESP" not in wanted:
        wanted |= {"HOLD"}  # regret without knowing why needs the word that it is being checked
    yield from (part for part in ORDER if part in wanted)


def find_topic(comment: str, *, language: str) -> str:
    """Return the most telling topic of a comment that has sentences, `other` where none is named."""
    reading = read_text(comment, language=load_language(language))
    named = {topic.removeprefix("topic.") for topic in topics_of(reading, len(reading.words.keys))}
    return next((topic for topic in SPECIFIC if topic in named), OTHER)


def _say(wordings: Sequence[str], part: str, facts: Facts, starters: Starters) -> str:
    """The wording that recent replies used least, else one that the case decides."""
    filled = [
        one.format(
            author=facts.author,
            name=facts.name,
            time=facts.time,
            **starters.words_of(facts.address),
        )
        for one in wordings
    ]
    first = int.from_bytes(hashlib.sha256(f"{facts.seed} {part}".encode()).digest()[:2])
    turned = [filled[(first + step) % len(filled)] for step in range(len(filled))]
    return min(turned, key=lambda one: sum(one.split("[", 1)[0] in old for old in facts.recent))
