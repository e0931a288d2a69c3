"""Decide whether digits are a person's phone number, by the numbering plans that `phonenumbers`
carries, what is written beside them, and how they are grouped.

A number with "+" is read as it stands. Without it, bare digits must look like a mobile number with
its trunk prefix; grouped digits, or digits that the text calls a phone, are tried in the plans of
the engine's countries. Free, shared-cost, premium and company-wide numbers are public lines.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import ModuleType

from amends_engine.text.personal_data import cues

REGIONS = ("TR", "ID", "RU", "NL", "GB", "US")
_MOBILE = re.compile(
    r"0?5\d{9}"  # tr
    r"|08[1-9]\d{7,10}|628[1-9]\d{7,10}"  # id
    r"|[78]9\d{9}"  # ru
    r"|06\d{8}|316\d{8}"  # nl
    r"|07[1-57-9]\d{8}|447[1-57-9]\d{8}"  # gb
)
_HOTLINE = re.compile(
    r"(?:90)?0?(?:850|444)\d+|444\d{4}|1500\d{3}|0?(?:800|900)\d+|8800\d+|088\d{7}|03[0-7]\d{8}"
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d\d[./-]\d\d)(?!\d)"
)
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[ .\u00a0\u202f]\d{3})+")


def is_phone(written: str, *, before: str, after: str) -> bool:
    """Return whether `written` (digits with their separators) is a phone number of a person."""
    digits = "".join(char for char in written if char.isdigit())
    if not 8 <= len(digits) <= 15 or cues.is_public_line(before, after):
        return False
    if written.startswith("+") or digits.startswith("00"):
        return not _HOTLINE.fullmatch(digits) and _is_in_plan("+" + digits.lstrip("0"), None)
    is_called = cues.is_called_phone(before, after)
    if _HOTLINE.fullmatch(digits) or (not is_called and _is_other_figure(written)):
        return False
    if cues.is_called_order(before):
        return False
    is_grouped = not written.isdigit()
    if _MOBILE.fullmatch(digits) and (
        is_called or is_grouped or digits[0] in "06" or len(digits) > 10
    ):
        return True
    if not (is_called or (is_grouped and (digits[0] in "08" or written[0] == "("))):
        # Ten digits in groups are a phone in the United States: 202-555-0143.
        return bool(_NORTH_AMERICAN.fullmatch(written)) and _is_in_plan(digits, "US")
    return any(_is_in_plan(digits, region) for region in REGIONS)


_NORTH_AMERICAN = re.compile(r"1?[ .-]?\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}")


def _is_other_figure(written: str) -> bool:
    return bool(_DATE.search(written) or _AMOUNT.fullmatch(written))


@lru_cache(maxsize=4096)
def _is_in_plan(number: str, region: str | None) -> bool:
    plans = _plans()
    try:
        parsed = plans.parse(number, region)
    except plans.NumberParseException:
        return False
    kind = plans.PhoneNumberType
    private = (
        kind.MOBILE,
        kind.FIXED_LINE,
        kind.FIXED_LINE_OR_MOBILE,
        kind.VOIP,
        kind.PERSONAL_NUMBER,
    )
    if plans.number_type(parsed) in private:
        return True
    # Numbers kept for drama and documentation are in no plan, but people invent with them.
    return number.startswith(("+447700900", "07700900"))


@lru_cache(maxsize=1)
def _plans() -> ModuleType:
    # Loaded when the first number comes, since most texts hold none and start-up counts.
    import phonenumbers

    return phonenumbers
