"""Looks at one post again; where it is gone, the author's own server may tell who removed it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from amends.connectors.channels.bluesky.poll import fetch_posts
from amends.connectors.channels.bluesky.read_post import read_event, split_uri
from amends.connectors.channels.bluesky.sign_in import Session
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import EventKind, InboundEvent
from amends.connectors.kit.http import HttpAnswer, HttpCall
from amends.core.vocabulary import GoneCause

_BY_AUTHOR = frozenset({"deactivated", "deleted"})
_BY_PLATFORM = frozenset({"takendown", "suspended"})
_RECORD_MARK = b"e$type"  # DAG-CBOR for the key "$type", which records have and tree nodes have not


@dataclass(frozen=True, slots=True)
class _Cause:
    """Who removed a post, how we know, and how sure we are (0–1)."""

    who: GoneCause
    method: str
    confidence: float


def refetch_post(session: Session, *, uri: str, directory: str, now: datetime) -> InboundEvent:
    """The present version as EDITED (a known one has a known key), or DELETED with its cause.

    Raises ChannelError where it cannot be told whether the post stands.
    """
    split_uri(uri)
    shown = fetch_posts(session, uris=[uri])
    if shown:
        return _standing(shown[0], session=session, now=now)
    author = _who_wrote(session, uri=uri)
    viewer = author.get("viewer")
    if isinstance(viewer, dict) and any(viewer.get(word) for word in ("blockedBy", "blocking")):
        hidden = _own_record(session, uri=uri, author=author, now=now)
        if hidden is not None:
            return _standing(hidden, session=session, now=now)
    cause = _find_cause(session, uri=uri, directory=directory)
    return InboundEvent(
        key=f"{uri}@gone:{cause.who}",
        kind=EventKind.DELETED,
        external_id=uri,
        observed_at=now,
        gone_cause=cause.who,
        gone_method=cause.method,
        gone_confidence=cause.confidence,
        payload={"uri": uri, "method": cause.method},
    )


def _standing(view: dict[str, Any], *, session: Session, now: datetime) -> InboundEvent:
    event = read_event(view, our_did=session.did, observed_at=now)
    return InboundEvent(
        key=event.key,
        kind=EventKind.EDITED,
        external_id=event.external_id,
        observed_at=now,
        comment=event.comment,
        payload=event.payload,
    )


def _who_wrote(session: Session, *, uri: str) -> dict[str, Any]:
    """The author's profile; empty where the account is closed or unknown."""
    try:
        return session.query("app.bsky.actor.getProfile", {"actor": split_uri(uri)[0]})
    except ChannelError as error:
        if error.permanent:
            return {}
        raise


def _own_record(
    session: Session, *, uri: str, author: dict[str, Any], now: datetime
) -> dict[str, Any] | None:
    """The record behind a block: the AppView hides it from us, yet everybody else reads it."""
    did, collection, key = split_uri(uri)
    params = {"repo": did, "collection": collection, "rkey": key}
    try:
        record = session.query("com.atproto.repo.getRecord", params)
    except ChannelError as error:
        if error.permanent:
            return None
        raise
    return {
        "uri": uri,
        "cid": record.get("cid"),
        "author": author,
        "record": record.get("value"),
        "indexedAt": now.isoformat(),
    }


def _find_cause(session: Session, *, uri: str, directory: str) -> _Cause:
    """Ask the server that keeps the author's posts; "unknown" where it cannot be asked."""
    did, collection, key = split_uri(uri)
    try:
        server = _home_server(session, did=did, directory=directory)
        if server is None:
            return _Cause(
                GoneCause.AUTHOR, "the author's account no longer exists (directory)", 0.7
            )
        status = _read(session, url=f"{server}/xrpc/com.atproto.sync.getRepoStatus", did=did)
        word = _word(status, "status")
        if word in _BY_PLATFORM:
            return _Cause(GoneCause.PLATFORM, f"getRepoStatus says {word}", 0.95)
        if word in _BY_AUTHOR:
            return _Cause(GoneCause.AUTHOR, f"getRepoStatus says {word}", 0.8)
        if status.is_success:
            url = f"{server}/xrpc/com.atproto.sync.getRecord"
            proof = _read(session, url=url, did=did, collection=collection, rkey=key)
            if proof.is_success and _RECORD_MARK in proof.body:
                return _Cause(
                    GoneCause.PLATFORM,
                    "the author's repository holds it, the network hides it",
                    0.8,
                )
            if proof.is_success:
                return _Cause(
                    GoneCause.AUTHOR, "the author's repository proves that it is not there", 0.9
                )
    except ChannelError:
        return _Cause(
            GoneCause.UNKNOWN, "getPosts shows it no more; its server was not reached", 0.5
        )
    return _Cause(GoneCause.UNKNOWN, "getPosts shows it no more; its server does not say why", 0.5)


def _home_server(session: Session, *, did: str, directory: str) -> str | None:
    """Where an account's posts are kept, by its DID document; None where the account is no more."""
    if did.startswith("did:web:"):
        url = f"https://{unquote(did.removeprefix('did:web:'))}/.well-known/did.json"
    else:
        url = f"{directory.rstrip('/')}/{quote(did)}"
    answer = session.http.send(HttpCall(method="GET", url=url))
    if answer.status == 410:
        return None
    services = answer.json_object().get("service") if answer.is_success else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            return str(service.get("serviceEndpoint", "")).rstrip("/")
    raise ChannelError(f"The directory does not say where {did} lives.", code="bad_answer")


def _read(session: Session, *, url: str, **params: str) -> HttpAnswer:
    return session.http.send(HttpCall(method="GET", url=url, params=params))


def _word(answer: HttpAnswer, key: str) -> str:
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
