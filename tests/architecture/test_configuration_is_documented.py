"""Every variable that the code reads stands in the handbook, and the handbook names no other."""

from __future__ import annotations

import re
from pathlib import Path

import amends

SOURCE = Path(amends.__file__).parent
PAGE = SOURCE.parent.parent / "docs" / "configuration.md"


def variables_read() -> set[str]:
    """Names given to env_…() or asked of os.environ, wherever in the package."""
    pattern = re.compile(
        r'(?:env_[a-z]+\(|environ(?:\.get|\.setdefault)?[(\[])\s*["\']((?:AMENDS|DATABASE)_[A-Z_]+)'
    )
    return {
        name
        for path in SOURCE.rglob("*.py")
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }


def variables_documented() -> set[str]:
    rows = PAGE.read_text(encoding="utf-8").splitlines()
    return {found.group(1) for row in rows if (found := re.match(r"\| `([A-Z_]+)` \|", row))}


def test_every_variable_is_documented() -> None:
    assert variables_read() - variables_documented() == set()


def test_no_variable_is_documented_that_nobody_reads() -> None:
    assert variables_documented() - variables_read() == set()


def test_variables_that_may_come_from_a_file_are_marked() -> None:
    text = (SOURCE / "config" / "settings.py").read_text(encoding="utf-8")
    secrets = set(re.findall(r'env_secret\("([A-Z_]+)"', text))
    marked = set(
        re.findall(r"\| `([A-Z_]+)` \|[^|]*\| \*\*secret\*\*", PAGE.read_text(encoding="utf-8"))
    )
    assert marked == secrets
