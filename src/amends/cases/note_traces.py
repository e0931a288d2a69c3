"""Notes what of a comment may tie it to others: numbers it names, contacts it gives, near-copies.

Only keyed digests are kept (the key stays outside the database); an erasure takes them too.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from amends.cases.models import Trace, TraceKind
from amends.core.digest import keyed_digest
from amends.core.keys import load_or_create_key
from amends.inbox.models import Version
from amends_engine.text.nearness import near_bands
from amends_engine.text.personal_data import find_personal_data
from amends_engine.text.references import find_references

CONTACTS = {"email": TraceKind.EMAIL, "phone": TraceKind.PHONE}


def note_traces(version: Version) -> None:
    """In the caller's transaction; running it twice changes nothing."""
    comment = version.comment
    if version.is_tombstone or comment.is_ours or not version.text:
        return
    Trace.objects.bulk_create(
        [
            Trace(
                workspace_id=comment.workspace_id,
                comment=comment,
                kind=kind,
                digest=digest_of(kind, value),
                at=comment.published_at,
            )
            for kind, value in traces_in(version.text)
        ],
        ignore_conflicts=True,
    )


def traces_in(text: str) -> list[tuple[TraceKind, str]]:
    """Kinds and values in a text, each once."""
    found = [(TraceKind.ORDER, one.value) for one in find_references(text)]
    for datum in find_personal_data(text):
        kind = CONTACTS.get(datum.kind)
        if kind is not None:
            found.append((kind, _plain(kind, text[datum.start : datum.end])))
    found += [(TraceKind.NEAR, band) for band in near_bands(text)]
    return list(dict.fromkeys(found))


def digest_of(kind: str, value: str) -> str:
    """The name of a value; the same in this installation only."""
    key = load_or_create_key(Path(settings.KEYS_DIR) / "traces.key").encode()
    return keyed_digest(key, f"{kind}:{value}")[:32]


def _plain(kind: TraceKind, written: str) -> str:
    if kind is TraceKind.EMAIL:
        return "".join(written.split()).lower()
    # National and international spelling of one number share their last nine digits.
    return "".join(char for char in written if char.isdigit())[-9:]
