"""Find bank, card, identity and phone numbers among the digits of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends_engine.text.personal_data import checks, cues
from amends_engine.text.personal_data.datum import PersonalDatum
from amends_engine.text.personal_data.phones import is_phone

SEPARATORS = " .()\\-\u00a0\u2009\u202f\u2010\u2011\u2013\u200b\u2060"
_DIGITS = re.compile(
    rf"(?<![\w.,/@#&=-])(?<![$€£₺₽])\+?\(?\d(?:[{SEPARATORS}]{{0,3}}\d){{6,21}}(?![\w@%]|[.,]\d)"
)
_IBAN_HEAD = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?=[ \-.\u00a0]?[A-Z\d])", re.IGNORECASE)
_IN_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{2,4}){0,5}[ -]?\Z")
"""What stands before digits that belong to an IBAN, also to one whose check fails."""

_MOST_CHARS = 34
_SNILS = re.compile(r"\d{3}-\d{3}-\d{3}[ -]\d{2}")
_SORT_CODE = re.compile(r"sort ?code[: ]{1,3}(\d{2}-\d{2}-\d{2})(?!\d)", re.IGNORECASE)
_PASSPORT = re.compile(
    r"(?:паспорт\w{0,3}|серия)[^\d\n]{0,20}(\d{2} ?\d{2}[ ,]{0,2}(?:номер|№|N)? ?\d{6})(?!\d)",
    re.IGNORECASE,
)
_BSN = re.compile(r"\bbsn\b|burgerservice|sofi-?nummer", re.IGNORECASE)
_INN = re.compile(r"\bинн\b|\binn\b", re.IGNORECASE)
_SNILS_CUE = re.compile(r"снилс|snils", re.IGNORECASE)
_NIK_CUE = re.compile(r"\bnik\b|\bktp\b|\bno\.? ?kk\b", re.IGNORECASE)


def find_numbers(text: str) -> Iterator[PersonalDatum]:
    """Yield IBANs, accounts, cards, identity and phone numbers; spans may overlap."""
    yield from _find_ibans(text)
    for match in _DIGITS.finditer(text):
        kind = _kind(text, match)
        if kind:
            yield PersonalDatum(kind, match.start(), match.end())
    for pattern, kind in ((_SORT_CODE, "account"), (_PASSPORT, "passport")):
        for match in pattern.finditer(text):
            yield PersonalDatum(kind, match.start(1), match.end(1))


def _kind(text: str, match: re.Match[str]) -> str | None:
    written = match[0]
    digits = "".join(char for char in written if char.isdigit())
    before, after = cues.around(text, match.start(), match.end())
    called = _kind_by_cue(digits, written=written, before=before)
    if called:
        return called
    if cues.is_called_order(before) or _IN_IBAN.search(before):
        return None
    if checks.is_card_number(digits) and not _looks_like_dates(written):
        return "card"
    if is_phone(written, before=before, after=after):
        return "phone"
    if not _is_plain(written):
        return None
    if checks.has_tckn_check(digits):
        return "tckn"
    return "nik" if checks.has_nik_structure(digits) else None


def _kind_by_cue(digits: str, *, written: str, before: str) -> str | None:
    is_snils = _SNILS_CUE.search(before) or (
        _SNILS.fullmatch(written) and not cues.is_called_order(before)
    )
    if is_snils and checks.has_snils_check(digits):
        return "snils"
    if checks.has_bsn_check(digits) and _BSN.search(before):
        return "bsn"
    if checks.has_inn_check(digits) and _INN.search(before):
        return "inn"
    if checks.has_nik_structure(digits) and _NIK_CUE.search(before):
        return "nik"
    if (
        cues.is_called_account(before)
        and 7 <= len(digits) <= 22
        and not cues.is_called_order(before)
    ):
        return "account"
    return None


def _is_plain(written: str) -> bool:
    """Return whether the digits stand alone or in groups set apart by single blanks."""
    return all(char.isdigit() or char in " \u00a0" for char in written)


def _looks_like_dates(written: str) -> bool:
    return written.count(".") > 3


def _find_ibans(text: str) -> Iterator[PersonalDatum]:
    for match in _IBAN_HEAD.finditer(text):
        length = checks.IBAN_LENGTHS.get(match[0][:2].upper())
        if length is None:
            continue
        end = _end_of_iban(text, start=match.start(), length=length)
        if end is not None:
            yield PersonalDatum("iban", match.start(), end)


def _end_of_iban(text: str, *, start: int, length: int) -> int | None:
    """Return where an IBAN that begins at `start` ends, None if its check fails."""
    chars: list[str] = []
    for at in range(start, min(len(text), start + 2 * _MOST_CHARS)):
        char = text[at]
        if char.isascii() and char.isalnum():
            chars.append(char.upper())
            if len(chars) == length:
                is_whole = at + 1 == len(text) or not text[at + 1].isalnum()
                return at + 1 if is_whole and checks.has_iban_check("".join(chars)) else None
        elif char not in " -.\u00a0\u202f" or text[at - 1] in " -.\u00a0\u202f":
            return None
    return None
