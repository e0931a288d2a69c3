"""Letters in disguise: fancy alphabets, and letters of one script that pass for another's.

Fancy letters (full width, mathematical, circled, squared, small capitals, superscripts) are folded
one by one to the letter that a reader sees; the sources are Unicode's compatibility mappings and,
where it has none, a table of ours. Lookalikes (Cyrillic and Greek for Latin, and the reverse) are
folded only inside a word that mixes scripts, and only if the whole word then has one script, so
that ordinary words of any language, and mixtures that hide nothing, stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

_SMALL_CAPITALS = dict(
    zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢɑɡɩ", "abcdefghijklmnopqrstuvwyzagi", strict=True)
)
_FULL_WIDTH = 0xFF01
_COMPATIBLE = (
    (0x1D2C, 0x1D6B),  # superscript and subscript letters
    (0x2070, 0x209D),  # the same, digits among them
    (0x2102, 0x2139),  # letters like ℂ and ℍ; not ℹ, an emoji
    (0x2460, 0x2474),  # circled numbers
    (0x24B6, 0x24EB),  # circled letters
    (_FULL_WIDTH, 0xFF5F),
    (0x1D400, 0x1D800),  # mathematical alphabets
    (0x1F110, 0x1F12A),  # letters in brackets
    (0x1F130, 0x1F14A),  # squared
)
_NEGATIVE = (0x1F150, 0x1F170)
"""First code point of the white letters on dark discs and squares, which Unicode leaves as they are."""

_TWINS = (
    "аa", "вb", "сc", "еe", "нh", "іi", "ѕs", "ԁd", "ҽe", "ɡg", "һh", "јj", "кk", "ӏl", "мm", "оo",
    "рp", "ԛq", "тt", "уy", "хx", "ԝw", "ѵv", "зz", "АA", "ВB", "СC", "ЕE", "НH", "ІI", "ЈJ", "КK",
    "МM", "ОO", "РP", "ЅS", "ТT", "УY", "ХX", "Ѵv", "ԌG", "ԜW",
    "αa", "βb", "εe", "ηn", "ιi", "κk", "νv", "οo", "ρp", "τt", "υu", "χx", "γy", "ωw",
    "ΑA", "ΒB", "ΕE", "ΖZ", "ΗH", "ΙI", "ΚK", "ΜM", "ΝN", "ΟO", "ΡP", "ΤT", "ΥY", "ΧX",
)  # fmt: skip
_TO_LATIN = {ord(pair[0]): pair[1] for pair in _TWINS}
_TO_CYRILLIC = {
    ord(pair[1]): pair[0] for pair in reversed(_TWINS) if pair[0] in "авсенкмортухзАВСЕНКМОРТУХ"
}
_LATIN = "A-Za-zÀ-ɏ"
_OTHER = "Ͱ-ϿЀ-ӿԀ-ԯ"
_MEETING = re.compile(f"[{_LATIN}][{_OTHER}]|[{_OTHER}][{_LATIN}]")
_RUN = re.compile(f"[{_LATIN}{_OTHER}]{{2,100}}")
_IS_LATIN = re.compile(f"[{_LATIN}]")
_IS_GREEK = re.compile("[Ͱ-Ͽ]")


def fancy_letters() -> dict[int, str]:
    """Return what each fancy letter or digit is folded to, by code point; one for one."""
    folds: dict[int, str] = {}
    for first, behind in _COMPATIBLE:
        for code in range(first, behind):
            plain = unicodedata.normalize("NFKC", chr(code))
            if first != _FULL_WIDTH:
                plain = plain.strip("()")
            if len(plain) == 1 and plain != chr(code):
                folds[code] = plain
    for first in _NEGATIVE:
        folds |= {first + at: chr(ord("A") + at) for at in range(26)}
    return folds | {ord(fancy): plain for fancy, plain in _SMALL_CAPITALS.items()}


def unmask_lookalikes(text: str) -> str:
    """Return `text`, length kept, with words of mixed scripts written in one where that fits."""
    if text.isascii() or not _MEETING.search(text):
        return text
    return _RUN.sub(_unmask_word, text)


def _unmask_word(match: re.Match[str]) -> str:
    word = match[0]
    latin = len(_IS_LATIN.findall(word))
    if latin in (0, len(word)):
        return word
    as_latin, as_cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    is_latin = all(map(_IS_LATIN.match, as_latin))
    is_cyrillic = not any(map(_IS_LATIN.match, as_cyrillic)) and not _IS_GREEK.search(as_cyrillic)
    if is_latin and (not is_cyrillic or 2 * latin >= len(word)):
        return as_latin
    return as_cyrillic if is_cyrillic else word
