"""Find personal data of a person in a text: e-mail, phone, IBAN, cards and national numbers.

Numbers with check digits are accepted only if these agree: ISO 7064 (IBAN), Luhn (cards), the
rules of TCKN (tr), BSN (nl) and SNILS (ru). Bounded expressions only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from amends_engine.text.normalise import MAX_CHARS

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![\w@])", re.IGNORECASE
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_DIGITS = re.compile(r"(?<![\w.,/-])\+?\(?\d(?:[ ().\-]{0,2}\d){7,18}(?![\w/])")
_HOTLINE = re.compile(
    r"^(?:\+?90)?(?:0?(?:800|850|444))|^0?(?:800|900)\d|^8800|^444\d{4}$|^1500\d{3}$"
)
_ROLE_MAILBOX = re.compile(
    r"^(?:info|support|help|contact|service|klantenservice|destek|bilgi|iletisim|cs|halo|"
    r"noreply|no-reply|press|sales|admin)[.@]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """A span of the text as given that holds personal data, and of which kind."""

    kind: str
    start: int
    end: int


def find_personal_data(text: str) -> list[PersonalDatum]:
    """Return the spans, in the order of the text, without overlaps."""
    text = text[:MAX_CHARS]
    found: list[PersonalDatum] = []
    for datum in sorted(_candidates(text), key=lambda datum: (datum.start, -datum.end)):
        if not found or datum.start >= found[-1].end:
            found.append(datum)
    return found


def _candidates(text: str) -> Iterator[PersonalDatum]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            if not _ROLE_MAILBOX.match(match[0]):
                yield PersonalDatum("email", match.start(), match.end())
    for match in _IBAN.finditer(text):
        if has_iban_check(match[0].replace(" ", "")):
            yield PersonalDatum("iban", match.start(), match.end())
    for match in _DIGITS.finditer(text):
        kind = _number_kind(match[0])
        if kind:
            yield PersonalDatum(kind, match.start(), match.end())


def _number_kind(written: str) -> str | None:
    digits = "".join(char for char in written if char.isdigit())
    for kind, check in _NUMBER_CHECKS.items():
        if check(digits):
            return kind
    return "phone" if _is_phone(written, digits) else None


def _is_phone(written: str, digits: str) -> bool:
    if _HOTLINE.match(digits):
        return False
    if written.startswith("+"):
        return 10 <= len(digits) <= 15
    return bool(_NATIONAL_PHONE.fullmatch(digits))


_NATIONAL_PHONE = re.compile(
    r"0?5\d{9}"  # tr mobile
    r"|08[1-9]\d{7,10}|628[1-9]\d{7,10}"  # id mobile
    r"|[78]9\d{9}"  # ru mobile
    r"|06\d{8}|316\d{8}"  # nl mobile
    r"|07\d{9}|447\d{9}"  # en (gb) mobile
)


def has_iban_check(iban: str) -> bool:
    """Return whether the ISO 7064 mod 97 check of an IBAN agrees."""
    if not 15 <= len(iban) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def has_luhn_check(digits: str) -> bool:
    """Return whether a card number of 13 to 19 digits passes the Luhn check."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1 or digits[0] not in "23456":
        return False
    doubled = (int(d) * 2 if at % 2 else int(d) for at, d in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def has_tckn_check(digits: str) -> bool:
    """Return whether a Turkish identity number of 11 digits has its two check digits right."""
    if len(digits) != 11 or digits[0] == "0":
        return False
    n = [int(digit) for digit in digits]
    tenth = (sum(n[0:9:2]) * 7 - sum(n[1:8:2])) % 10
    return n[9] == tenth and n[10] == sum(n[:10]) % 10


def has_bsn_check(digits: str) -> bool:
    """Return whether a Dutch citizen service number of 9 digits passes the eleven test."""
    if len(digits) != 9 or len(set(digits)) == 1:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0


def has_snils_check(digits: str) -> bool:
    """Return whether a Russian insurance number of 11 digits has its check number right."""
    if len(digits) != 11 or digits.startswith("000"):
        return False
    total = sum(int(d) * w for d, w in zip(digits[:9], range(9, 0, -1), strict=True))
    return total % 101 % 100 == int(digits[9:])


_NUMBER_CHECKS: dict[str, Callable[[str], bool]] = {
    "tckn": has_tckn_check,
    "card": has_luhn_check,
}
"""Checks that chance rarely passes. BSN and SNILS need a word beside them (rules): one number in
eleven, or in a hundred, passes by chance, and order numbers look the same."""
