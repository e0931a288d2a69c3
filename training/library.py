"""Which versions of the engine can read what is made now; every manifest says it."""

from __future__ import annotations

from amends_engine import ENGINE_VERSION


def library_range() -> dict[str, str]:
    """Return the first version that reads an artefact of today, and the first that may not."""
    major, minor, *_ = (int(part) for part in ENGINE_VERSION.split("."))
    return {"from": f"{major}.{minor}.0", "below": f"{major}.{minor + 1}.0"}
