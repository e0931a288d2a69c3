"""Every text is marked and collected; English and Turkish are complete, the others hold every entry.

The catalogues are collected anew into a copy, so that a text that was added without `make messages` shows.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = ("tr",)  # English is the source
ALL = ("tr", "id", "ru", "nl")


def main() -> int:
    faults = [*stale_catalogues(), *unfinished_catalogues()]
    for fault in faults:
        print(fault)  # noqa: T201
    return 1 if faults else 0


def catalogue(language: str, *, root: Path = ROOT / "src" / "amends") -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def unfinished_catalogues() -> list[str]:
    """What is not translated, or only guessed, in a language that must be complete."""
    faults = []
    for language in ALL:
        entries = polib.pofile(str(catalogue(language)))
        faults += [f"{language}: fuzzy: {entry.msgid!r}" for entry in entries.fuzzy_entries()]
        if language in COMPLETE:
            faults += [
                f"{language}: missing: {one.msgid!r}" for one in entries.untranslated_entries()
            ]
    return faults


def stale_catalogues() -> list[str]:
    """Texts in the code that the catalogues lack, and the reverse."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "amends"
        shutil.copytree(ROOT / "src" / "amends", copy, ignore=shutil.ignore_patterns("__pycache__"))
        command = [
            *(sys.executable, "-m", "django", "makemessages", "--all", "--no-location"),
            *("--no-obsolete", "--ignore", "static/*", "--settings", "amends.config.settings"),
        ]
        done = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True)
        if done.returncode:
            return [f"makemessages failed: {done.stderr.strip()[-1000:]} (apt-get install gettext)"]
        faults = []
        for language in ALL:
            ours = _ids(catalogue(language))
            fresh = _ids(catalogue(language, root=copy))
            faults += [
                f"{language}: not collected (make messages): {one!r}" for one in fresh - ours
            ]
            faults += [
                f"{language}: no longer used (make messages): {one!r}" for one in ours - fresh
            ]
        return faults


def _ids(path: Path) -> set[tuple[str, str]]:
    return {
        (entry.msgctxt or "", entry.msgid)
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


if __name__ == "__main__":
    sys.exit(main())
