"""What several resources are made of, as JSON: persons, channels, authors, comments with their versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from django.conf import settings
from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, Strict

from amends.accounts.models import Brand, User
from amends.inbox.models import Author, ChannelAccount, Comment, Version
from amends.inbox.queries import last_words

LARGEST_KEY = 2**31 - 1
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


def _storable(text: str) -> str:
    return text.replace("\x00", "\ufffd")  # PostgreSQL keeps none


def _whole(value: object) -> object:
    """JSON knows one kind of number: 10.0 is 10, while "10" and true are none."""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_KEY
    return int(value) if is_whole else value  # type: ignore[call-overload]


def in_utc(moment: datetime) -> datetime:
    """In UTC, which databases can store: PostgreSQL knows no zone beyond 16 hours. One without a zone is UTC.

    A moment that UTC would put before year 1 or after 9999 becomes the first or the last there is.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return FIRST if aware.year == 1 else LAST


Text = Annotated[str, AfterValidator(_storable)]
Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
WHOLE = BeforeValidator(_whole)  # stands last: what is before it keeps its place in the description
BodyKey = Annotated[int, Strict(), Field(ge=1, le=LARGEST_KEY), WHOLE]
Flag = Annotated[bool, Strict()]
Moment = Annotated[datetime, AfterValidator(in_utc)]


class ProblemField(Schema):
    """One value at fault."""

    field: str
    message: str


class ProblemOut(Schema):
    """RFC 9457; `code` is stable, `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[ProblemField] = []


class PersonOut(Schema):
    id: int
    name: str

    @classmethod
    def of(cls, user: User | None) -> PersonOut | None:
        return None if user is None else cls(id=user.pk, name=str(user))


class BrandOut(Schema):
    id: int
    name: str

    @classmethod
    def of(cls, brand: Brand) -> BrandOut:
        return cls(id=brand.pk, name=brand.name)


class ChannelOut(Schema):
    id: int
    kind: str
    label: str

    @classmethod
    def of(cls, account: ChannelAccount) -> ChannelOut:
        return cls(id=account.pk, kind=account.kind, label=str(account))


class AuthorOut(Schema):
    id: int
    channel_kind: str
    external_id: str
    handle: str
    display_name: str
    url: str
    followers: int | None
    first_seen_at: datetime

    @classmethod
    def of(cls, author: Author) -> AuthorOut:
        return cls(
            id=author.pk,
            channel_kind=author.kind,
            external_id=author.external_id,
            handle=author.handle,
            display_name=author.display_name,
            url=author.url,
            followers=author.followers,
            first_seen_at=author.first_seen_at,
        )


class OrderOut(Schema):
    """An order that a comment is about; `url` is for your own people, `state` empty where nobody told it."""

    reference: str
    url: str
    state: str


class AttachmentOut(Schema):
    kind: str
    url: str
    alt_text: str
    media_type: str


class VersionOut(Schema):
    """One state of a comment; a deletion is one without words. `text` is what a stranger wrote."""

    id: int
    number: int
    text: str
    occurred_at: datetime
    captured_at: datetime
    digest: str
    is_gone: bool
    gone_by: str
    attachments: list[AttachmentOut]

    @classmethod
    def of(cls, version: Version, *, number: int) -> VersionOut:
        return cls(
            id=version.pk,
            number=number,
            text=version.text,
            occurred_at=version.occurred_at,
            captured_at=version.captured_at,
            digest=version.digest,
            is_gone=version.is_tombstone,
            gone_by=version.gone_cause,
            attachments=[
                AttachmentOut(
                    kind=one.kind, url=one.url, alt_text=one.alt_text, media_type=one.media_type
                )
                for one in version.attachments.all()
            ],
        )


class CommentOut(Schema):
    """A comment as it stands: its latest words, whether it was edited or is gone."""

    id: int
    external_id: str
    channel: ChannelOut
    author: AuthorOut
    url: str
    text: str
    is_ours: bool
    is_history: bool
    is_edited: bool
    is_gone: bool
    published_at: datetime
    observed_at: datetime
    parent_id: int | None
    case: str | None
    orders: list[OrderOut]


class CommentDetailOut(CommentOut):
    """The same with every version, oldest first."""

    versions: list[VersionOut]


def read_comment(
    comment: Comment, *, versions: Iterable[Version], case: str | None
) -> CommentDetailOut:
    """A comment whose versions (oldest first) and orders were fetched before."""
    rows = list(versions)
    said = last_words(rows)
    return CommentDetailOut(
        id=comment.pk,
        external_id=comment.external_id,
        channel=ChannelOut.of(comment.account),
        author=AuthorOut.of(comment.author),
        url=comment.url,
        text=said.text if said else "",
        is_ours=comment.is_ours,
        is_history=comment.is_history,
        is_edited=sum(not one.is_tombstone for one in rows) > 1,
        is_gone=bool(rows) and rows[-1].is_tombstone,
        published_at=comment.published_at,
        observed_at=comment.observed_at,
        parent_id=comment.parent_id,
        case=case,
        orders=[
            OrderOut(reference=one.reference, url=one.url, state=one.state)
            for one in comment.order_links.all()
        ],
        versions=[VersionOut.of(one, number=rank) for rank, one in enumerate(rows, start=1)],
    )


def page_address(path: str) -> str:
    """An address of the desk's pages, for people."""
    return f"{settings.BASE_URL}{path}"
