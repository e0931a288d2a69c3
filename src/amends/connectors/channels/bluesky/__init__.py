"""Bluesky, or any server that speaks the AT Protocol: hears, looks again, answers, takes back, moderates.

It speaks XRPC over the guarded client of the kit and not over an SDK, since an SDK dials by itself.
"""

from __future__ import annotations

from datetime import timedelta

from amends.connectors.channels.bluesky import measures
from amends.connectors.channels.bluesky.poll import poll_notifications
from amends.connectors.channels.bluesky.read_post import read_event, split_uri, walk_thread
from amends.connectors.channels.bluesky.refetch import refetch_post
from amends.connectors.channels.bluesky.sign_in import Session
from amends.connectors.channels.bluesky.write_reply import MAX_GRAPHEMES, find_sent, send_reply
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import (
    Identity,
    InboundAuthor,
    InboundEvent,
    MeasureDone,
    MeasureTarget,
    OutboundReply,
    Poll,
    SentReply,
)
from amends.connectors.kit.grant import MeasureGrant, redeem
from amends.connectors.kit.manifest import Action, Capability, Field, Manifest, Mode
from amends.connectors.kit.protocol import ChannelContext
from amends.core.text import gettext_noop

_LEXICON = "https://docs.bsky.app/docs/api/"
_GATES = "https://docs.bsky.app/docs/tutorials/thread-gates"
_ANCESTORS = 80
_ANSWERS_DEEP = 6

MANIFEST = Manifest(
    kind="bluesky",
    label=gettext_noop("Bluesky"),
    summary=gettext_noop("Mentions, replies and quotes of one Bluesky account."),
    icon="bluesky",
    place="social",
    capabilities={
        Action.POLL: Capability(
            Mode.API, source=f"{_LEXICON}app-bsky-notification-list-notifications"
        ),
        Action.REFETCH: Capability(Mode.API, source=f"{_LEXICON}app-bsky-feed-get-posts"),
        Action.CONTEXT: Capability(Mode.API, source=f"{_LEXICON}app-bsky-feed-get-post-thread"),
        Action.PROFILE: Capability(Mode.API, source=f"{_LEXICON}app-bsky-actor-get-profile"),
        Action.REPLY: Capability(
            Mode.API, source=f"{_LEXICON}com-atproto-repo-put-record", idempotent=True
        ),
        Action.FIND_REPLY: Capability(Mode.API, source=f"{_LEXICON}com-atproto-repo-get-record"),
        Action.DELETE_OWN: Capability(
            Mode.API, source=f"{_LEXICON}com-atproto-repo-delete-record", idempotent=True
        ),
        Action.HIDE: Capability(Mode.API, source=_GATES, idempotent=True),
        Action.UNHIDE: Capability(Mode.API, source=_GATES, idempotent=True),
        Action.BLOCK: Capability(
            Mode.API, source="https://docs.bsky.app/docs/tutorials/user-actions", idempotent=True
        ),
        Action.UNBLOCK: Capability(
            Mode.API, source=f"{_LEXICON}com-atproto-repo-delete-record", idempotent=True
        ),
        Action.REPORT: Capability(
            Mode.API, source=f"{_LEXICON}com-atproto-moderation-create-report"
        ),
        Action.FIND_MEASURE: Capability(Mode.API, source=f"{_LEXICON}com-atproto-repo-get-record"),
        # Only the repository's own account removes a record from it, and there is no ban in threads.
        Action.DELETE_OTHERS: Capability(Mode.NONE, source="https://atproto.com/specs/repository"),
        Action.BAN: Capability(Mode.NONE, source=_GATES),
    },
    fields=(
        Field("handle", gettext_noop("Handle"), help=gettext_noop("For example shop.bsky.social")),
        Field(
            "app_password",
            gettext_noop("App password"),
            help=gettext_noop(
                "Made in Bluesky under Settings, Privacy and security, App passwords; "
                "never the password of the account."
            ),
            secret=True,
        ),
        Field(
            "service",
            gettext_noop("Server"),
            help=gettext_noop(
                "Another address only where the account lives on a server of its own."
            ),
            required=False,
            default="https://bsky.social",
        ),
        Field(
            "directory",
            gettext_noop("Directory of accounts"),
            help=gettext_noop("Tells where an author's posts are kept, to learn who deleted one."),
            required=False,
            default="https://plc.directory",
        ),
    ),
    max_reply_chars=MAX_GRAPHEMES,
    reply_length_unit="graphemes",
    poll_every=timedelta(seconds=5),
)


class Channel:
    """One account."""

    def __init__(self, context: ChannelContext) -> None:
        self._session = Session(context)
        self._clock = context.clock
        self._directory = context.settings.get("directory") or "https://plc.directory"

    def identify(self) -> Identity:
        account = self._session.query("com.atproto.server.getSession", {})
        did, handle = str(account.get("did", "")), str(account.get("handle", ""))
        try:
            profile = self._session.query("app.bsky.actor.getProfile", {"actor": did})
        except ChannelError as error:
            if error.code != "not_found":
                raise
            profile = {}  # a new account that the AppView has not met yet
        return Identity(
            did,
            handle,
            display_name=str(profile.get("displayName") or ""),
            url=f"https://bsky.app/profile/{did}",
        )

    def export_session(self) -> str:
        return self._session.export()

    def poll(self, cursor: str) -> Poll:
        return poll_notifications(self._session, cursor=cursor, now=self._clock.now())

    def refetch(self, external_id: str) -> InboundEvent:
        return refetch_post(
            self._session, uri=external_id, directory=self._directory, now=self._clock.now()
        )

    def context(self, external_id: str) -> tuple[InboundEvent, ...]:
        """Ancestors, siblings and answers; parts that are deleted or blocked are left out."""
        split_uri(external_id)
        views = walk_thread(self._thread(external_id, depth=_ANSWERS_DEEP))
        this = next((view for view in views if view.get("uri") == external_id), {})
        record = this.get("record")
        reply = record.get("reply") if isinstance(record, dict) else None
        parent = reply.get("parent") if isinstance(reply, dict) else None
        if isinstance(parent, dict) and any(view.get("uri") == parent.get("uri") for view in views):
            views += walk_thread(self._thread(str(parent["uri"]), depth=1))
        did, now = self._session.did, self._clock.now()
        events = {
            event.key: event
            for event in (read_event(view, our_did=did, observed_at=now) for view in views)
        }
        return tuple(sorted(events.values(), key=_time_of))

    def profile(self, author_external_id: str) -> InboundAuthor:
        profile = self._session.query("app.bsky.actor.getProfile", {"actor": author_external_id})
        followers = profile.get("followersCount")
        did = str(profile.get("did") or author_external_id)
        return InboundAuthor(
            external_id=did,
            handle=str(profile.get("handle") or did),
            display_name=str(profile.get("displayName") or ""),
            url=f"https://bsky.app/profile/{did}",
            followers=followers if isinstance(followers, int) else None,
        )

    def reply(self, reply: OutboundReply) -> SentReply:
        return send_reply(self._session, reply=reply)

    def find_reply(self, reply: OutboundReply) -> SentReply | None:
        return find_sent(self._session, reply=reply)

    def delete_own(self, external_id: str) -> None:
        did, collection, key = split_uri(external_id)
        if did != self._session.did:
            raise ChannelError(
                f"{external_id} was not written by this account, so it cannot be taken back.",
                permanent=True,
                code="refused",
            )
        body = {"repo": did, "collection": collection, "rkey": key}
        self._session.procedure("com.atproto.repo.deleteRecord", body)

    def hide(self, grant: MeasureGrant) -> MeasureDone:
        allowed = self._redeem(grant, Action.HIDE)
        return measures.hide_reply(self._session, grant=allowed, now=self._clock.now())

    def block(self, grant: MeasureGrant) -> MeasureDone:
        allowed = self._redeem(grant, Action.BLOCK)
        return measures.block_author(self._session, grant=allowed, now=self._clock.now())

    def report(self, grant: MeasureGrant) -> MeasureDone:
        return measures.report_post(self._session, grant=self._redeem(grant, Action.REPORT))

    def unhide(self, target: MeasureTarget) -> None:
        measures.unhide_reply(self._session, target=target, now=self._clock.now())

    def unblock(self, target: MeasureTarget) -> None:
        measures.unblock_author(self._session, target=target)

    def find_measure(self, action: Action, target: MeasureTarget) -> MeasureDone | None:
        return measures.find_done(self._session, action=action, target=target)

    def _redeem(self, grant: MeasureGrant, action: Action) -> MeasureGrant:
        now = self._clock.now()
        return redeem(grant, action=action, account=lambda: self._session.did, now=now)

    def _thread(self, uri: str, *, depth: int) -> object:
        params = {"uri": uri, "depth": depth, "parentHeight": _ANCESTORS}
        return self._session.query("app.bsky.feed.getPostThread", params).get("thread")


def _time_of(event: InboundEvent) -> tuple[str, str]:
    return (event.comment.published_at.isoformat() if event.comment else "", event.external_id)
