"""Hides by threadgate, blocks by record, reports to the moderation service; each undone where it can be.

A threadgate belongs to the root of a thread and lies in the repository of whoever wrote that root, so only
replies below our own posts can be hidden. Nobody deletes a record of somebody else, and there is no ban: a
block is what comes nearest, and it is public.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from amends.connectors.channels.bluesky.read_post import POST, split_uri
from amends.connectors.channels.bluesky.sign_in import Session, XrpcRefusedError
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import MeasureDone, MeasureTarget
from amends.connectors.kit.grant import MeasureGrant
from amends.connectors.kit.manifest import Action

GATE = "app.bsky.feed.threadgate"
BLOCK = "app.bsky.graph.block"
MAX_HIDDEN = 300
_ATTEMPTS = 3
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_REASONS = "com.atproto.moderation.defs#reason"
REASON_OF = {
    "hate": "Rude",
    "threat": "Rude",
    "profanity_targeted": "Rude",
    "doxxing": "Violation",
    "illegal": "Violation",
    "sexual": "Sexual",
    "spam": "Spam",
    "scam": "Misleading",
}


def hide_reply(session: Session, *, grant: MeasureGrant, now: datetime) -> MeasureDone:
    """Put the reply among the hidden ones of its thread; one that is there already stays there."""
    root = _own_root(session, grant.thread_external_id, reply=grant.external_id)
    gate = _change_gate(session, root=root, uri=grant.external_id, is_hidden=True, now=now)
    return MeasureDone(f"at://{session.did}/{GATE}/{root}", payload=gate)


def unhide_reply(session: Session, *, target: MeasureTarget, now: datetime) -> None:
    root = _own_root(session, target.thread_external_id, reply=target.external_id)
    _change_gate(session, root=root, uri=target.external_id, is_hidden=False, now=now)


def block_author(session: Session, *, grant: MeasureGrant, now: datetime) -> MeasureDone:
    """Write a block record under a key that follows from the measure, so that twice makes one."""
    record = {"$type": BLOCK, "subject": grant.author_external_id, "createdAt": _zulu(now)}
    body = {
        "repo": session.did,
        "collection": BLOCK,
        "rkey": block_key(grant.key),
        "record": record,
        "swapRecord": None,
    }
    try:
        written = session.procedure("com.atproto.repo.putRecord", body)
    except XrpcRefusedError as refused:
        if refused.name != "InvalidSwap":
            raise
        written = {}  # it stands since an earlier attempt
    uri = f"at://{session.did}/{BLOCK}/{block_key(grant.key)}"
    return MeasureDone(uri, payload={"written": written, "record": record})


def unblock_author(session: Session, *, target: MeasureTarget) -> None:
    body = {"repo": session.did, "collection": BLOCK, "rkey": block_key(target.key)}
    session.procedure("com.atproto.repo.deleteRecord", body)


def report_post(session: Session, *, grant: MeasureGrant) -> MeasureDone:
    """Tell the moderation service of the account's server about exactly this version of the post."""
    body = {
        "reasonType": _REASONS + REASON_OF.get(grant.ground, "Other"),
        "subject": {
            "$type": "com.atproto.repo.strongRef",
            "uri": grant.external_id,
            "cid": grant.version_key,
        },
    }
    answer = session.procedure("com.atproto.moderation.createReport", body)
    return MeasureDone(str(answer.get("id", "")), payload=answer)


def find_done(session: Session, *, action: Action, target: MeasureTarget) -> MeasureDone | None:
    """What stands of it; a report cannot be looked up by who made it."""
    if action is Action.HIDE:
        root = _own_root(session, target.thread_external_id, reply=target.external_id)
        gate, _version = _read_gate(session, root=root)
        is_there = target.external_id in _hidden(gate)
        return MeasureDone(f"at://{session.did}/{GATE}/{root}", payload=gate) if is_there else None
    if action is Action.BLOCK:
        key = block_key(target.key)
        found = _get(session, collection=BLOCK, key=key)
        return MeasureDone(f"at://{session.did}/{BLOCK}/{key}", payload=found) if found else None
    raise ChannelError(
        "Bluesky does not show its reports to who made them.", permanent=True, code="cannot_tell"
    )


def block_key(key: str) -> str:
    """A valid TID that follows from the measure's key alone."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") >> 1
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


def _change_gate(
    session: Session, *, root: str, uri: str, is_hidden: bool, now: datetime
) -> dict[str, Any]:
    """Add or take away one reply; written only over the gate that was read, since others write it too."""
    for _attempt in range(_ATTEMPTS):
        gate, version = _read_gate(session, root=root)
        hidden = _hidden(gate)
        if (uri in hidden) == is_hidden:
            return gate
        wanted = [*hidden, uri] if is_hidden else [one for one in hidden if one != uri]
        if len(wanted) > MAX_HIDDEN:
            raise ChannelError(
                f"Bluesky hides at most {MAX_HIDDEN} replies of a thread.",
                permanent=True,
                code="refused",
            )
        post = f"at://{session.did}/{POST}/{root}"
        record = {"createdAt": _zulu(now), **gate, "$type": GATE, "post": post}
        record["hiddenReplies"] = wanted
        body = {"repo": session.did, "collection": GATE, "rkey": root, "record": record}
        try:
            session.procedure("com.atproto.repo.putRecord", {**body, "swapRecord": version})
        except XrpcRefusedError as refused:
            if refused.name == "InvalidSwap":
                continue
            raise
        return record
    raise ChannelError("The threadgate is being changed by somebody else.", code="unavailable")


def _read_gate(session: Session, *, root: str) -> tuple[dict[str, Any], str | None]:
    """The gate of a thread and its version; empty and None where it has none yet."""
    found = _get(session, collection=GATE, key=root)
    value = found.get("value")
    version = found.get("cid")
    return (value if isinstance(value, dict) else {}), (str(version) if version else None)


def _get(session: Session, *, collection: str, key: str) -> dict[str, Any]:
    params = {"repo": session.did, "collection": collection, "rkey": key}
    try:
        return session.query("com.atproto.repo.getRecord", params)
    except ChannelError as error:
        if error.code == "not_found":
            return {}
        raise


def _hidden(gate: dict[str, Any]) -> list[str]:
    hidden = gate.get("hiddenReplies")
    return [one for one in hidden if isinstance(one, str)] if isinstance(hidden, list) else []


def _own_root(session: Session, root: str, *, reply: str) -> str:
    """The key of the root, where it is ours and not the post itself."""
    did, _collection, key = split_uri(root)
    if did != session.did or root == reply:
        raise ChannelError(
            "Bluesky hides replies only below posts of this account.",
            permanent=True,
            code="refused",
        )
    return key


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
