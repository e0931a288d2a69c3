"""The small social network inside the product, reached over HTTP; it leads nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import (
    EventKind,
    Identity,
    InboundAttachment,
    InboundAuthor,
    InboundComment,
    InboundEvent,
    MeasureDone,
    MeasureTarget,
    OutboundReply,
    Poll,
    SentReply,
)
from amends.connectors.kit.grant import MeasureGrant, redeem
from amends.connectors.kit.http import HttpAnswer, HttpCall, HttpClient, explain_status, reading
from amends.connectors.kit.manifest import Action, Capability, Field, Manifest, Mode
from amends.connectors.kit.protocol import ChannelContext
from amends.core.text import gettext_noop
from amends.core.vocabulary import GoneCause

_SOURCE = "docs/connectors/sandbox.md"
_PAGE = 100

MANIFEST = Manifest(
    kind="sandbox",
    label=gettext_noop("Sandbox"),
    summary=gettext_noop(
        "A small social network inside Amends, for the demonstration and for drills."
    ),
    icon="sandbox",
    place="social",
    capabilities={
        Action.POLL: Capability(Mode.API, source=_SOURCE),
        Action.SEARCH: Capability(Mode.API, source=_SOURCE),
        Action.REFETCH: Capability(Mode.API, source=_SOURCE),
        Action.CONTEXT: Capability(Mode.API, source=_SOURCE),
        Action.PROFILE: Capability(Mode.API, source=_SOURCE),
        Action.REPLY: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.FIND_REPLY: Capability(Mode.API, source=_SOURCE),
        Action.DELETE_OWN: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.HIDE: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.UNHIDE: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.DELETE_OTHERS: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.RESTORE: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.BLOCK: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.UNBLOCK: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.BAN: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.UNBAN: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.REPORT: Capability(Mode.API, source=_SOURCE, idempotent=True),
        Action.FIND_MEASURE: Capability(Mode.API, source=_SOURCE),
    },
    fields=(
        Field(
            "base_url",
            gettext_noop("Address of the sandbox"),
            help=gettext_noop("The address of this desk followed by /sandbox/api."),
            default="http://127.0.0.1:8000/sandbox/api",
        ),
        Field("token", gettext_noop("Access token"), secret=True),
    ),
    max_reply_chars=500,
    poll_every=timedelta(seconds=2),
)


class Channel:
    """One account of the sandbox."""

    def __init__(self, context: ChannelContext) -> None:
        self._base = context.settings.get("base_url", "").rstrip("/")
        self._token = context.settings.get("token", "")
        self._clock = context.clock
        self._http = HttpClient(context.guard, clock=context.clock)
        self._account_id = ""

    def identify(self) -> Identity:
        answer = self._ask("GET", "/me")
        me = answer.json_object()
        with reading(answer):
            return Identity(str(me["id"]), str(me["handle"]), str(me["name"]), str(me["url"]))

    def export_session(self) -> str:
        return ""

    def poll(self, cursor: str) -> Poll:
        return self._read_page(f"/events?after={_read_cursor(cursor)}&limit={_PAGE}")

    def search(self, names: Sequence[str], cursor: str) -> Poll:
        """The whole public timeline: this network is small, and misspelt names are found so."""
        after = f"after={_read_cursor(cursor)}&" if cursor else ""
        return self._read_page(f"/timeline?{after}limit={_PAGE}")

    def _read_page(self, path: str) -> Poll:
        answer = self._ask("GET", path)
        page = answer.json_object()
        now = self._clock.now()
        with reading(answer):
            return Poll(
                events=tuple(_read_event(event, observed_at=now) for event in page["events"]),
                cursor=str(int(page["cursor"])),
                more=bool(page["more"]),
            )

    def refetch(self, external_id: str) -> InboundEvent:
        answer = self._send("GET", f"/posts/{_segment(external_id)}")
        now = self._clock.now()
        if answer.status == 410:
            gone = answer.json_object()
            with reading(answer):
                return _gone_event(external_id, source=gone, observed_at=now)
        post = self._successful(answer).json_object()
        with reading(answer):
            return _standing_event(post, observed_at=now, payload=post)

    def context(self, external_id: str) -> tuple[InboundEvent, ...]:
        answer = self._ask("GET", f"/posts/{_segment(external_id)}/thread")
        thread = answer.json_object()
        now = self._clock.now()
        with reading(answer):
            return tuple(_standing_event(p, observed_at=now, payload=p) for p in thread["posts"])

    def profile(self, author_external_id: str) -> InboundAuthor:
        answer = self._ask("GET", f"/people/{_segment(author_external_id)}")
        person = answer.json_object()
        with reading(answer):
            return _read_author(person)

    def reply(self, reply: OutboundReply) -> SentReply:
        body = {
            "parent_id": reply.target_external_id,
            "text": reply.text,
            "lang": reply.language,
            "created_at": reply.created_at.isoformat(),
        }
        return _read_sent(
            self._ask("PUT", f"/replies/{_segment(reply.idempotency_key)}", body=body)
        )

    def find_reply(self, reply: OutboundReply) -> SentReply | None:
        answer = self._send("GET", f"/replies/{_segment(reply.idempotency_key)}")
        if answer.status in (404, 410):
            return None
        return _read_sent(self._successful(answer))

    def delete_own(self, external_id: str) -> None:
        answer = self._send("DELETE", f"/posts/{_segment(external_id)}")
        if answer.status not in (404, 410):
            self._successful(answer)

    def hide(self, grant: MeasureGrant) -> MeasureDone:
        return self._measure(grant, action=Action.HIDE)

    def delete_others(self, grant: MeasureGrant) -> MeasureDone:
        return self._measure(grant, action=Action.DELETE_OTHERS)

    def block(self, grant: MeasureGrant) -> MeasureDone:
        return self._measure(grant, action=Action.BLOCK)

    def ban(self, grant: MeasureGrant) -> MeasureDone:
        return self._measure(grant, action=Action.BAN)

    def report(self, grant: MeasureGrant) -> MeasureDone:
        return self._measure(grant, action=Action.REPORT)

    def unhide(self, target: MeasureTarget) -> None:
        self._lift(target)

    def restore(self, target: MeasureTarget) -> None:
        self._lift(target)

    def unblock(self, target: MeasureTarget) -> None:
        self._lift(target)

    def unban(self, target: MeasureTarget) -> None:
        self._lift(target)

    def find_measure(self, action: Action, target: MeasureTarget) -> MeasureDone | None:
        answer = self._send("GET", f"/measures/{_segment(target.key)}")
        if answer.status == 404:
            return None
        done = self._successful(answer).json_object()
        with reading(answer):
            return None if done["lifted_at"] or done["act"] != action.value else _read_done(done)

    def _measure(self, grant: MeasureGrant, *, action: Action) -> MeasureDone:
        allowed = redeem(grant, action=action, account=self._whoami, now=self._clock.now())
        body = {
            "act": action.value,
            "post_id": allowed.external_id,
            "ground": allowed.ground,
            "until": allowed.until.isoformat() if allowed.until else None,
        }
        answer = self._ask("PUT", f"/measures/{_segment(allowed.key)}", body=body)
        done = answer.json_object()
        with reading(answer):
            return _read_done(done)

    def _whoami(self) -> str:
        self._account_id = self._account_id or self.identify().external_id
        return self._account_id

    def _lift(self, target: MeasureTarget) -> None:
        answer = self._send("DELETE", f"/measures/{_segment(target.key)}")
        if answer.status != 404:
            self._successful(answer)

    def _ask(self, method: str, path: str, *, body: Any = None) -> HttpAnswer:
        return self._successful(self._send(method, path, body=body))

    def _send(self, method: str, path: str, *, body: Any = None) -> HttpAnswer:
        call = HttpCall(
            method=method,
            url=self._base + path,
            headers={"Authorization": f"Bearer {self._token}"},
            json_body=body,
            is_write=method != "GET",
        )
        return self._http.send(call)

    def _successful(self, answer: HttpAnswer) -> HttpAnswer:
        if not answer.is_success:
            raise explain_status(answer, now=self._clock.now())
        return answer


def _segment(identifier: str) -> str:
    return quote(identifier, safe="")


def _read_cursor(cursor: str) -> int:
    try:
        return int(cursor or 0)
    except ValueError:
        raise ChannelError(
            f"The cursor {cursor[:40]!r} is none of the sandbox: empty it to begin anew.",
            permanent=True,
            code="bad_answer",
        ) from None


def _read_event(event: dict[str, Any], *, observed_at: datetime) -> InboundEvent:
    if event["type"] == "deleted" or event["post"] is None:
        return _gone_event(str(event["post_id"]), source=event, observed_at=observed_at)
    return _standing_event(event["post"], observed_at=observed_at, payload=event)


def _standing_event(
    post: dict[str, Any], *, observed_at: datetime, payload: dict[str, Any]
) -> InboundEvent:
    comment = _read_post(post)
    return InboundEvent(
        key=f"{comment.external_id}@{comment.version_key}",
        kind=EventKind.CREATED if comment.edited_at is None else EventKind.EDITED,
        external_id=comment.external_id,
        observed_at=observed_at,
        comment=comment,
        payload=payload,
    )


def _gone_event(external_id: str, *, source: dict[str, Any], observed_at: datetime) -> InboundEvent:
    told = str(source.get("deleted_by") or "")
    is_told = told in {cause.value for cause in GoneCause}
    return InboundEvent(
        key=f"{external_id}@gone",
        kind=EventKind.DELETED,
        external_id=external_id,
        observed_at=observed_at,
        gone_cause=GoneCause(told) if is_told else GoneCause.UNKNOWN,
        gone_method="the sandbox says who deleted it"
        if is_told
        else "the sandbox no longer shows it",
        gone_confidence=1.0 if is_told else 0.5,
        payload=source,
    )


def _read_post(post: dict[str, Any]) -> InboundComment:
    external_id, root_id = str(post["id"]), str(post["root_id"])
    edited_at = post.get("edited_at")
    return InboundComment(
        external_id=external_id,
        author=_read_author(post["author"]),
        text=str(post["text"]),
        published_at=datetime.fromisoformat(post["created_at"]),
        is_ours=bool(post["is_mine"]),
        version_key=str(int(post["revision"])),
        edited_at=datetime.fromisoformat(edited_at) if edited_at else None,
        url=str(post["url"]),
        thread_external_id="" if root_id == external_id else root_id,
        parent_external_id=str(post.get("parent_id") or ""),
        language=str(post.get("lang") or ""),
        attachments=tuple(
            InboundAttachment(str(a["kind"]), str(a["url"]), alt_text=str(a.get("alt") or ""))
            for a in post.get("attachments") or ()
        ),
    )


def _read_author(person: dict[str, Any]) -> InboundAuthor:
    followers = person.get("followers")
    return InboundAuthor(
        external_id=str(person["id"]),
        handle=str(person["handle"]),
        display_name=str(person.get("name") or ""),
        url=str(person.get("url") or ""),
        followers=None if followers is None else int(followers),
    )


def _read_sent(answer: HttpAnswer) -> SentReply:
    post = answer.json_object()
    with reading(answer):
        return SentReply(str(post["id"]), str(post["url"]), payload=post)


def _read_done(done: dict[str, Any]) -> MeasureDone:
    return MeasureDone(str(done["key"]), payload=done)
