"""Names of countries in the reader's language, from the data of a library that is there anyway."""

from __future__ import annotations

from django.utils.translation import get_language
from phonenumbers.geodata.locale import LOCALE_DATA


def country_name(code: str) -> str:
    """The name of a country by its ISO 3166 code; the English one, or the code, where there is none."""
    names = LOCALE_DATA.get(code, {})
    for language in ((get_language() or "en").split("-")[0], "en"):
        name = names.get(language, "")
        if name.startswith("*"):  # the same as in that language
            name = names.get(name[1:], "")
        if name:
            return str(name)
    return code
