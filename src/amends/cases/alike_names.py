"""Tells whether a name would pass for one of ours, after disguises are taken off; pure.

A signal for people, and a narrow one: the same name, one letter apart, or with a word of office beside it
("Lumbara Support"). A critic who only has our name in theirs ("lumbara-victims") does not pass for us.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from amends_engine.text.lookalikes import fancy_letters, unmask_lookalikes
from amends_engine.text.match.distance import distance

SHORTEST = 4  # letters; shorter names are shared by too many
SHORTEST_ONE_OFF = 6  # from here on one letter may differ
OFFICES = frozenset(
    [
        "support",
        "official",
        "service",
        "care",
        "help",
        "helpdesk",
        "team",
        "desk",
        "customerservice",
        "customercare",
        "customersupport",
        "shop",
        "destek",
        "resmi",
        "hizmet",
        "yardim",
        "musteri",
        "musterihizmetleri",
        "layanan",
        "bantuan",
        "pelanggan",
        "layananpelanggan",
        "admin",
        "поддержка",
        "официальный",
        "официальная",
        "помощь",
        "служба",
        "службаподдержки",
        "klantenservice",
        "hulp",
        "officieel",
        "officiele",
        "klantendienst",
        "winkel",
    ]
)
"""Words by which an account says that it speaks for the firm, folded; in the five languages."""

_FANCY = fancy_letters()
_DIGITS = str.maketrans("01345", "oieas")
_PLAIN = str.maketrans({"ı": "i", "l": "i", "ё": "е"})  # l, I and 1 look the same
_NO_LETTER = re.compile(r"[\W_]+")


def passes_for(name: str, *, ours: Iterable[str]) -> bool:
    """Whether `name` (a display name or a handle) would be taken for one of `ours`."""
    said = _fold(name)
    return any(_is_alike(said, own=_fold(one)) for one in ours)


def _is_alike(said: str, *, own: str) -> bool:
    if len(own) < SHORTEST or len(said) < SHORTEST:
        return False
    rests = (said.removeprefix(own), said.removesuffix(own))
    if said == own or any(rest != said and rest in _OFFICES_FOLDED for rest in rests):
        return True
    return len(own) >= SHORTEST_ONE_OFF and distance(said, own, limit=1) <= 1


def _fold(name: str) -> str:
    """Letters only, as a reader sees them: no accents, no case, no digits in place of letters."""
    plain = unmask_lookalikes(name.translate(_FANCY)).casefold()
    marks_off = "".join(
        one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one)
    )
    return _NO_LETTER.sub("", marks_off).translate(_DIGITS).translate(_PLAIN)


_OFFICES_FOLDED = frozenset(_fold(one) for one in OFFICES)
