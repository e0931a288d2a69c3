"""Write a name in the other script, in the several ways in which people do (acme: акме, акмэ)."""

from __future__ import annotations

import re

MAX_SPELLINGS = 24
"""Spellings of one name; what a name has more of is cut, the likeliest come first."""

# Longest first; each with its likeliest spelling first. Folded letters: no marks, small.
_TO_CYRILLIC: dict[str, tuple[str, ...]] = {
    "shch": ("щ",), "sch": ("ш",), "tch": ("ч",), "ch": ("ч",), "sh": ("ш",), "zh": ("ж",),
    "kh": ("х",), "ph": ("ф",), "th": ("т",), "ck": ("к",), "qu": ("кв",), "oo": ("у",),
    "ee": ("и",), "ou": ("у", "оу"), "ya": ("я",), "yu": ("ю",), "yo": ("е",), "ye": ("е",),
    "ts": ("ц",), "dj": ("дж",), "ce": ("це", "се", "ке"), "ci": ("ци", "си"), "cy": ("си",),
    "a": ("а",), "b": ("б",), "c": ("к",), "d": ("д",), "e": ("е", "э"), "f": ("ф",), "g": ("г",),
    "h": ("х", "г"), "i": ("и",), "j": ("дж", "ж"), "k": ("к",), "l": ("л",), "m": ("м",),
    "n": ("н",), "o": ("о",), "p": ("п",), "q": ("к",), "r": ("р",), "s": ("с",), "t": ("т",),
    "u": ("у", "ю"), "v": ("в",), "w": ("в", "у"), "x": ("кс",), "y": ("и",), "z": ("з", "ц"),
}  # fmt: skip
_TO_LATIN: dict[str, tuple[str, ...]] = {
    "кс": ("x", "ks"), "дж": ("j", "dzh", "dj"),
    "а": ("a",), "б": ("b",), "в": ("v", "w"), "г": ("g",), "д": ("d",), "е": ("e",), "ж": ("zh", "j"),
    "з": ("z",), "и": ("i", "y"), "к": ("k", "c"), "л": ("l",), "м": ("m",), "н": ("n",), "о": ("o",),
    "п": ("p",), "р": ("r",), "с": ("s",), "т": ("t",), "у": ("u",), "ф": ("f",), "х": ("kh", "h"),
    "ц": ("ts", "c"), "ч": ("ch",), "ш": ("sh",), "щ": ("shch", "sch"), "ъ": ("",), "ы": ("y", "i"),
    "ь": ("",), "э": ("e",), "ю": ("yu", "iu"), "я": ("ya", "ia"),
}  # fmt: skip
_MARKED = {"ş": "sh", "ç": "ch", "ğ": "g", "ö": "o", "ü": "yu", "ı": "y", "й": "и"}
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_CYRILLIC_WORD = re.compile(r"[а-я]{2,}")


def spell_in_other_script(word: str) -> tuple[str, ...]:
    """Spellings of one folded word in Cyrillic or Latin letters; none for a mixed word or digits."""
    if _LATIN_WORD.fullmatch(word):
        table, longest = _TO_CYRILLIC, 4
    elif _CYRILLIC_WORD.fullmatch(word):
        table, longest = _TO_LATIN, 2
    else:
        return ()
    spellings = [""]
    at = 0
    while at < len(word):
        size = next(n for n in range(longest, 0, -1) if word[at : at + n] in table)
        choices = table[word[at : at + size]]
        spellings = [begun + choice for choice in choices for begun in spellings][:MAX_SPELLINGS]
        at += size
    return tuple(dict.fromkeys(one for one in spellings if len(one) > 1))


def respell_marks(name: str) -> str:
    """A name with marked letters written as they sound (Şok → shok), for the other script."""
    lower = name.replace("I", "ı").replace("İ", "i").lower() if _is_turkish(name) else name.lower()
    return "".join(_MARKED.get(char, char) for char in lower)


def _is_turkish(name: str) -> bool:
    return any(char in "İışŞğĞ" for char in name)
