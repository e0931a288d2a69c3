"""Hears mentions, replies and quotes, page by page, losing none between two pages or restarts.

The network lists notifications newest first. A sweep goes from the newest down to where the last
sweep began, one page a call; the cursor says how far it came, so that a restart goes on in the
middle. Late arrivals and equal time stamps are met by an overlap and by remembering what was seen.
Notifications are sorted by the time that the author's program claims where that is the earlier one,
so a program whose clock is slow writes into the past: now and then a sweep goes down two days.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from amends.connectors.channels.bluesky.read_post import (
    POST,
    read_event,
    read_time,
    related_uris,
    split_uri,
)
from amends.connectors.channels.bluesky.sign_in import Session
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import InboundEvent, Poll

REASONS = ("mention", "reply", "quote")
PAGE = 100
POSTS_AT_ONCE = 25
OVERLAP = timedelta(minutes=10)
HISTORY = timedelta(days=30)
"""How far the first sweep goes back."""
DEEP_EVERY = timedelta(hours=1)
DEEP = timedelta(days=2)
_REMEMBERED = 200


@dataclass(slots=True, kw_only=True)
class _Cursor:
    """Where the sweeps stand; times are ISO strings since they only travel and compare as times."""

    floor: str = ""  # where the last whole sweep began: nothing older is new
    top: str = ""  # the newest that the running sweep saw
    page: str = ""  # the network's cursor of the next page; empty means to begin a sweep
    until: str = ""  # where the running sweep ends
    deep: str = ""  # when the last deep sweep began
    seen: dict[str, str] = field(default_factory=dict)  # fingerprint to time, within the overlap


def poll_notifications(session: Session, *, cursor: str, now: datetime) -> Poll:
    """Read one page; `more` says that the sweep goes on."""
    state = _read_cursor(cursor)
    is_first_page = not state.page
    if is_first_page:
        _begin_sweep(state, now=now)
    params: dict[str, Any] = {"limit": PAGE, "reasons": list(REASONS), "priority": "false"}
    if state.page:
        params["cursor"] = state.page
    page = session.query("app.bsky.notification.listNotifications", params)
    items = page.get("notifications")
    if not isinstance(items, list):
        raise ChannelError("Bluesky answered without notifications.", code="bad_answer")
    stamped = [(read_time(item.get("indexedAt")) or now, item) for item in items]
    fresh = [(stamp, item) for stamp, item in stamped if _fingerprint(item) not in state.seen]
    views = [_as_view(item) for _, item in fresh]
    events = _with_own_posts(session, views=views, now=now)
    stamps = [stamp for stamp, _ in stamped]
    if is_first_page:
        state.top = max([*stamps, *_times(state.floor)], default=now - HISTORY).isoformat()
    state.seen |= {_fingerprint(item): stamp.isoformat() for stamp, item in fresh}
    if len(state.seen) > _REMEMBERED * 5:  # a long history: what is forgotten may come twice
        state.seen = dict(list(state.seen.items())[-_REMEMBERED * 2 :])
    state.page = _next_page(page.get("cursor"), stamps=stamps)
    if not state.page or (stamps and min(stamps) < min(_times(state.until))):
        state = _finished(state)
    return Poll(events=events, cursor=json.dumps(asdict(state)), more=bool(state.page))


def _begin_sweep(state: _Cursor, *, now: datetime) -> None:
    """Decide how far down this sweep goes."""
    is_deep = not state.deep or now - min(_times(state.deep)) >= DEEP_EVERY
    if is_deep:
        state.deep = now.isoformat()
    known = _times(state.floor)
    until = min(known) - (DEEP if is_deep else OVERLAP) if known else now - HISTORY
    state.until = until.isoformat()


def _with_own_posts(
    session: Session, *, views: list[dict[str, Any]], now: datetime
) -> tuple[InboundEvent, ...]:
    """The events of a page, oldest first, led by the posts of ours that they answer or quote."""
    if not views:
        return ()
    ours = f"at://{session.did}/{POST}/"
    own = {uri for view in views for uri in related_uris(view) if uri.startswith(ours)}
    wanted = [*own, *(view["uri"] for view in views)]
    shown = {view.get("uri"): view for view in fetch_posts(session, uris=wanted)}
    # The notification holds the version that was announced; the shown post adds its pictures.
    full = [_fuller(view, shown=shown.get(view["uri"])) for view in views]
    events: list[InboundEvent] = []
    for group in ([shown[uri] for uri in own if uri in shown], full):
        read = [read_event(view, our_did=session.did, observed_at=now) for view in group]
        events.extend(sorted(read, key=_published))
    return tuple(events)


def fetch_posts(session: Session, *, uris: list[str]) -> list[dict[str, Any]]:
    """The posts that the AppView shows to this account; those it does not show are missing."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(uris), POSTS_AT_ONCE):
        some = uris[start : start + POSTS_AT_ONCE]
        posts = session.query("app.bsky.feed.getPosts", {"uris": some}).get("posts")
        if not isinstance(posts, list):
            raise ChannelError("Bluesky answered without posts.", code="bad_answer")
        found.extend(post for post in posts if isinstance(post, dict))
    return found


def _as_view(item: dict[str, Any]) -> dict[str, Any]:
    """A notification has the shape of a post view already, but for the reason beside it."""
    uri = item.get("uri")
    split_uri(uri if isinstance(uri, str) else "")
    return {**item, "uri": uri}


def _fuller(view: dict[str, Any], *, shown: dict[str, Any] | None) -> dict[str, Any]:
    if shown is None or shown.get("cid") != view.get("cid") or "embed" not in shown:
        return view
    return {**view, "embed": shown["embed"]}


def _next_page(given: object, *, stamps: list[datetime]) -> str:
    """The cursor of the next page, moved up where it would skip the twins of the last entry.

    Where the cursor is the time of the last entry (as in the reference implementation) the next
    page begins strictly below it, and what shares that very time is lost. One millisecond more
    shows it; entries seen twice are known. A page of nothing but twins is left as it is.
    """
    if not isinstance(given, str) or not given:
        return ""
    if stamps and read_time(given) == min(stamps) != max(stamps):
        above = min(stamps) + timedelta(milliseconds=1)
        return above.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return given


def _finished(state: _Cursor) -> _Cursor:
    """The sweep reached known ground: the next one begins anew and stops at this one's top."""
    edge = min(_times(state.top)) - OVERLAP
    recent = (entry for entry in state.seen.items() if min(_times(entry[1])) >= edge)
    kept = sorted(recent, key=_stamp)
    return _Cursor(floor=state.top, deep=state.deep, seen=dict(kept[-_REMEMBERED:]))


def _read_cursor(cursor: str) -> _Cursor:
    if not cursor:
        return _Cursor()
    try:
        state = _Cursor(**json.loads(cursor))
        times = (state.floor, state.top, state.until, state.deep, *state.seen.values())
        valid = all(read_time(time) for time in times if time)
        valid = valid and isinstance(state.page, str) and bool(state.until or not state.page)
    except (ValueError, TypeError, AttributeError):
        valid = False
    if not valid:
        raise ChannelError(
            f"The cursor {cursor[:40]!r} is none of Bluesky's: empty it to begin anew.",
            permanent=True,
            code="bad_answer",
        )
    return state


def _fingerprint(item: dict[str, Any]) -> str:
    return hashlib.sha256(f"{item.get('uri')}@{item.get('cid')}".encode()).hexdigest()[:12]


def _times(text: str) -> list[datetime]:
    time = read_time(text)
    return [time] if time else []


def _stamp(entry: tuple[str, str]) -> str:
    return entry[1]


def _published(event: InboundEvent) -> str:
    return event.comment.published_at.isoformat() if event.comment else ""
