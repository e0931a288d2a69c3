"""Playbooks of tests: the shipped one with a few words changed."""

from __future__ import annotations

from collections.abc import Mapping

from amends.core.playbook.schema import read_shipped_playbook

SHIPPED = read_shipped_playbook("general").decode()


def another(version: str = "test 2", *, words: Mapping[str, str] | None = None) -> str:
    """The shipped playbook under another version, words replaced as said."""
    lines = SHIPPED.splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith("version:"))
    lines[place] = f'version: "{version}"'
    text = "\n".join(lines) + "\n"
    for old, new in (words or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def with_default(approval: str = "A2", *, version: str = "test 2") -> str:
    """Another approval where no rule fits."""
    text = another(version)
    head, default = text.rsplit("\ndefault:\n", 1)
    before, after = default.split("  approval: ", 1)
    return f"{head}\ndefault:\n{before}  approval: {approval}\n{after.split(chr(10), 1)[1]}"


def broken(version: str = "test 3") -> tuple[str, int]:
    """A text with a code that does not exist, and its line."""
    text = with_default("A9", version=version)
    line = next(
        number for number, one in enumerate(text.splitlines(), 1) if one.endswith("approval: A9")
    )
    return text, line
