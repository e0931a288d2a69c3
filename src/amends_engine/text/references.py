"""Find order, tracking and ticket numbers: figures that a text itself calls so, in five languages.

Precision before recall: a number that nothing beside it names is none, and what may belong to a
person (a phone, a card, an identity) never is one. Only short windows are read, so cost is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from amends_engine.text.normalise import MAX_CHARS
from amends_engine.text.personal_data import find_personal_data

MOST = 20

_CUE = (
    r"(?:sipari[sş]\w{0,8}|takip|kargo\w{0,5}|g[oö]nderi\w{0,4}|fatura\w{0,4}|talep|ba[sş]vuru\w{0,4}"
    r"|order\w{0,7}|tracking|parcel|shipment|invoice|ticket|booking|reference|case"
    r"|pesanan\w{0,3}|resi|invoice|transaksi|tiket|awb|order"
    r"|заказ\w{0,3}|трек\w{0,4}|накладн\w{0,4}|отправлени\w{0,3}|обращени\w{0,3}|заявк\w{0,3}"
    r"|bestel\w{0,11}|zending\w{0,8}|pakket\w{0,8}|factuur\w{0,7}|dossier\w{0,7}|meldings?\w{0,8})"
)
_NUMBER_WORD = (
    r"(?:numaram|numaras[ıi]|numara|nolu|no|nr|number|num|nummer|nomor"
    r"|номер\w{0,3}|kodu|code|kode|id|№|n°)"
)
_LINK = rf"[\s\-]{{0,2}}(?:{_NUMBER_WORD}\W{{0,3}})?(?:is|was|adalah|это|nya|saya|mijn)?[\s:#=№.\-]{{0,4}}"
_FIGURE = r"(?<![\w.,])(?=[\w\-]{5,24}(?![\w\-]))[A-Za-z]{0,4}-?\d[\dA-Za-z]*(?:-\d[\dA-Za-z]*){0,3}(?![\w@])"
_AFTER_CUE = re.compile(rf"(?<!\w){_CUE}{_LINK}({_FIGURE})", re.IGNORECASE)
_BEFORE_CUE = re.compile(
    rf"({_FIGURE})\s{{1,2}}(?:numaral[ıi]|nolu|no['’]?lu)\s{{1,2}}{_CUE}", re.IGNORECASE
)
_AMOUNT = re.compile(
    r"\s?(?:tl\b|lira|₺|rp\b|rb\b|ribu|rupiah|rub|руб|₽|eur|€|usd|dollar|\$|%|kg\b|adet|g[uü]n)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}-\d{1,2}-\d{2,4}|\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a number stands in the text (code points, end exclusive), and its form for comparing."""

    start: int
    end: int
    value: str


def find_references(text: str) -> list[Reference]:
    """The numbers in the order of the text, each value once."""
    text = text[:MAX_CHARS]
    spans = sorted(
        {match.span(1) for pattern in (_AFTER_CUE, _BEFORE_CUE) for match in pattern.finditer(text)}
    )
    if not spans:
        return []
    personal = [(one.start, one.end) for one in find_personal_data(text)]
    found: dict[str, Reference] = {}
    for start, end in spans:
        value = text[start:end].replace("-", "").upper()
        is_personal = any(first < end and start < last for first, last in personal)
        is_amount = _AMOUNT.match(text, end) is not None
        if (
            not (is_personal or is_amount)
            and _tells(value)
            and not _DATE.fullmatch(text[start:end])
        ):
            found.setdefault(value, Reference(start, end, value))
    return list(found.values())[:MOST]


def _tells(value: str) -> bool:
    """Whether it can tell one order from another: no year, no 00000, no 12345."""
    digits = "".join(char for char in value if char.isdigit())
    if len(digits) < (4 if digits != value else 5) or len(set(digits)) < 3:
        return False
    steps = {ord(after) - ord(before) for before, after in pairwise(digits)}
    return steps not in ({1}, {-1})
