"""Every text is marked and collected; English and Turkish are complete, the others hold every entry.

The catalogues are collected anew into a copy, so that a text that was added without `make messages` shows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from tests.servers.install import install_packages

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = ("tr", "id", "ru", "nl")  # English is the source; only complete languages are offered
ALL = ("tr", "id", "ru", "nl")


def main() -> int:
    if "--compile" in sys.argv:
        for language in COMPLETE:
            polib.pofile(str(catalogue(language))).save_as_mofile(str(compiled(language)))
        return 0
    faults = [*stale_catalogues(), *unfinished_catalogues(), *uncompiled_catalogues()]
    for fault in faults:
        print(fault)  # noqa: T201
    return 1 if faults else 0


def catalogue(language: str, *, root: Path = ROOT / "src" / "amends") -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def compiled(language: str) -> Path:
    return catalogue(language).with_suffix(".mo")


def uncompiled_catalogues() -> list[str]:
    """Catalogues whose compiled form, which is what people see, is older than their texts."""
    return [
        f"{language}: not compiled (make messages)"
        for language in COMPLETE
        if not compiled(language).exists()
        or compiled(language).read_bytes() != polib.pofile(str(catalogue(language))).to_binary()
    ]


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
    if not shutil.which("xgettext") and install_packages(["gettext"]):
        return ["xgettext is missing: apt-get install gettext"]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "amends"
        shutil.copytree(ROOT / "src" / "amends", copy, ignore=shutil.ignore_patterns("__pycache__"))
        command = [
            *(sys.executable, "-m", "django", "makemessages", "--all", "--no-location"),
            *("--no-obsolete", "--ignore", "static/*", "--settings", "tests.settings"),
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, cwd=copy, env=environment, check=False, capture_output=True, text=True
        )
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
