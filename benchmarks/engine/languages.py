"""Language identification on our own held-out comments, whole and cut, beside py3langid."""

from __future__ import annotations

from amends_engine.classifier import TextInput
from amends_engine.triage.cascade import load_screen_alone
from training.corpus import LANGUAGES, read_own

CUTS = (None, 40, 20)
ALLOWED = ["tr", "id", "ru", "nl", "en", "de", "fr", "es", "ms", "az"]
"""Ten languages to which py3langid is restricted, as its users do for such a desk."""


def measure_languages() -> list[dict[str, object]]:
    """Return accuracy on whole texts and their beginnings; `und` counts as wrong."""
    import py3langid

    py3langid.set_languages(ALLOWED)
    rows = [row for row in read_own() if row.is_validation]
    engine = load_screen_alone()
    table = []
    for cut in CUTS:
        texts = [row.text if cut is None else _cut(row.text, cut) for row in rows]
        ours = engine.assess([TextInput(at, text) for at, text in enumerate(texts)])
        theirs = [py3langid.classify(text)[0] for text in texts]
        line: dict[str, object] = {
            "text": "whole" if cut is None else f"first {cut} characters",
            "n": len(rows),
            "screen": _share(
                [one.language.code == row.lang for one, row in zip(ours, rows, strict=True)]
            ),
            "py3langid, 10 languages": _share(
                [code == row.lang for code, row in zip(theirs, rows, strict=True)]
            ),
        }
        for lang in LANGUAGES:
            line[lang] = _share(
                [
                    one.language.code == lang
                    for one, row in zip(ours, rows, strict=True)
                    if row.lang == lang
                ]
            )
        table.append(line)
    return table


def _cut(text: str, length: int) -> str:
    """Cut at the last blank before `length`, so that no half word is asked for."""
    short = text[:length]
    return short.rsplit(" ", 1)[0] if len(text) > length and " " in short else short


def _share(right: list[bool]) -> float:
    return sum(right) / len(right)
