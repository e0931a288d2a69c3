"""Check digits and structure of the numbers by which people and their money are known.

Every function takes digits (or an IBAN's letters and digits) without separators. Sources: ISO 13616
and ISO 7064 (IBAN), ISO/IEC 7812 (cards), the published rules of TCKN, BSN, INN and SNILS, and the
layout of the Indonesian NIK.
"""

from __future__ import annotations

import re

IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25,
    "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
"""Characters of an IBAN by country (the registry of ISO 13616)."""

_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # one network has 13, 16 or 19
    r"|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12,15}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12,15}|62\d{14,17}"
    r"|220[0-4]\d{12,15}|9792\d{12}"  # ru and tr schemes
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,15}"
)
_NIK = re.compile(
    r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"  # province
    r"(?:0[1-9]|[1-7]\d)(?:0[1-9]|[1-7]\d)"  # regency, district
    r"(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])"  # day of birth, plus 40 for women
    r"(?:0[1-9]|1[0-2])\d{2}(?!0000)\d{4}"  # month, year, serial
)


def has_iban_check(iban: str) -> bool:
    """Return whether length and the ISO 7064 mod 97 check of an IBAN (capitals) agree."""
    if len(iban) != IBAN_LENGTHS.get(iban[:2]) or not (iban.isascii() and iban.isalnum()):
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def has_luhn_check(digits: str) -> bool:
    """Return whether 13 to 19 digits pass the Luhn check."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (int(d) * 2 if at % 2 else int(d) for at, d in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_card_number(digits: str) -> bool:
    """Return whether digits are of a length and issuer of payment cards and pass the Luhn check."""
    return _ISSUERS.fullmatch(digits) is not None and has_luhn_check(digits)


def has_tckn_check(digits: str) -> bool:
    """Return whether a Turkish identity number of 11 digits has its two check digits right."""
    if len(digits) != 11 or digits[0] == "0":
        return False
    n = [int(digit) for digit in digits]
    tenth = (sum(n[0:9:2]) * 7 - sum(n[1:8:2])) % 10
    return n[9] == tenth and n[10] == sum(n[:10]) % 10


def has_nik_structure(digits: str) -> bool:
    """Return whether 16 digits are laid out as an Indonesian NIK: region, birthday, serial."""
    return _NIK.fullmatch(digits) is not None and len(set(digits)) > 3


def has_bsn_check(digits: str) -> bool:
    """Return whether a Dutch citizen service number of 9 digits passes the eleven test."""
    if len(digits) != 9 or len(set(digits)) == 1:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0


def has_inn_check(digits: str) -> bool:
    """Return whether a Russian tax number of a person (12 digits) has both check digits right."""
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    n = [int(digit) for digit in digits]
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    eleventh = sum(a * b for a, b in zip(n, weights[1:], strict=False)) % 11 % 10
    twelfth = sum(a * b for a, b in zip(n, weights, strict=False)) % 11 % 10
    return n[10] == eleventh and n[11] == twelfth


def has_snils_check(digits: str) -> bool:
    """Return whether a Russian insurance number of 11 digits has its check number right."""
    if len(digits) != 11 or digits.startswith("000"):
        return False
    total = sum(int(d) * w for d, w in zip(digits[:9], range(9, 0, -1), strict=True))
    return total % 101 % 100 == int(digits[9:])
