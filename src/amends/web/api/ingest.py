"""Bulk ingest: comments of own systems, up to a thousand in a call, each with a result of its own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema
from pydantic import AfterValidator, AwareDatetime, ValidationError

from amends.connectors.channels.api import Item
from amends.connectors.kit.events import InboundOrder
from amends.core.vocabulary import GoneCause
from amends.inbox.ingest import CannotIngest, Taken, ingest_items
from amends.web.api.find import find_channel
from amends.web.api.gate import INGEST, ApiRequest
from amends.web.api.problems import Problem
from amends.web.api.shapes import BodyKey, Text, in_utc

router = Router(tags=["ingest"])
MOST = 1_000
LONGEST_TEXT = 50_000
WEB = r"^(https?://\S+)?$"


class IngestAuthor(Schema):
    id: Annotated[Text, Field(min_length=1, max_length=250)]
    handle: Annotated[Text, Field(max_length=250)] = ""
    name: Annotated[Text, Field(max_length=250)] = ""
    url: Annotated[Text, Field(max_length=2_000, pattern=WEB)] = ""


class IngestOrder(Schema):
    """`url` leads your people to the order; it is never shown to anybody outside.

    `state` says where the order stands now; leave it out where your system does not know. Send the comment
    again with another state when it changes: the comment stays as it is, and the playbook hears it.
    """

    reference: Annotated[Text, Field(min_length=1, max_length=100)]
    url: Annotated[Text, Field(max_length=2_000, pattern=WEB)] = ""
    state: Literal["", "placed", "sent", "delivered", "returned", "refunded", "cancelled"] = ""


class IngestComment(Schema):
    """One comment; `external_id` is your own name for it, the same for ever.

    Sent again unchanged it is nothing new; with another text, or another `edited_at`, it is an edit.
    With `is_deleted` only `external_id` and `deleted_by` count.
    """

    external_id: Annotated[Text, Field(min_length=1, max_length=250)]
    text: Annotated[Text, Field(max_length=LONGEST_TEXT)] = ""
    author: IngestAuthor | None = None
    published_at: Annotated[AwareDatetime, AfterValidator(in_utc)] | None = None
    edited_at: Annotated[AwareDatetime, AfterValidator(in_utc)] | None = None
    url: Annotated[Text, Field(max_length=2_000, pattern=WEB)] = ""
    thread_id: Annotated[Text, Field(max_length=250)] = ""
    parent_id: Annotated[Text, Field(max_length=250)] = ""
    language: Annotated[str, Field(max_length=16, pattern=r"^[A-Za-z0-9-]*$")] = ""
    is_ours: bool = False
    is_deleted: bool = False
    deleted_by: GoneCause = GoneCause.UNKNOWN
    orders: Annotated[list[IngestOrder], Field(max_length=20)] = []


class IngestIn(Schema):
    """`comments` have the shape `IngestComment`; one that has another is rejected, the others are taken."""

    channel: BodyKey
    comments: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST)]


class TakenOut(Schema):
    """`status` is accepted (new, or a new state), known, or rejected with the reason."""

    index: int
    external_id: str
    status: str
    error: str


class IngestOut(Schema):
    accepted: int
    known: int
    rejected: int
    results: list[TakenOut]


@router.post(
    "/comments/bulk", response=IngestOut, auth=INGEST, summary="Bring in comments of own systems"
)
def ingest(request: ApiRequest, wanted: IngestIn) -> IngestOut:
    """Store comments for capture, in order; a moment later they have their cases."""
    account = find_channel(request, wanted.channel, place="body.channel")
    items: list[Item] = []
    places: list[int] = []
    results: dict[int, Taken] = {}
    for index, raw in enumerate(wanted.comments):
        try:
            items.append(_item(IngestComment.model_validate(raw)))
            places.append(index)
        except ValidationError as error:
            results[index] = Taken(_name_of(raw), "rejected", _first(error))
    try:
        taken = ingest_items(account, items=items, by=request.user, now=request.now)
    except CannotIngest as refused:
        raise Problem("not_possible", str(refused)) from None
    results |= dict(zip(places, taken, strict=True))
    return _told([results[index] for index in range(len(wanted.comments))])


def _told(results: list[Taken]) -> IngestOut:
    counts = {name: sum(one.status == name for one in results) for name in _STATUSES}
    return IngestOut(
        **counts,
        results=[
            TakenOut(index=index, external_id=one.external_id, status=one.status, error=one.error)
            for index, one in enumerate(results)
        ],
    )


_STATUSES = ("accepted", "known", "rejected")


def _item(said: IngestComment) -> Item:
    author = said.author
    return Item(
        external_id=said.external_id,
        text=said.text,
        published_at=said.published_at,
        edited_at=said.edited_at,
        author_id=author.id if author else "",
        author_handle=author.handle if author else "",
        author_name=author.name if author else "",
        author_url=author.url if author else "",
        url=said.url,
        thread_id=said.thread_id,
        parent_id=said.parent_id,
        language=said.language,
        is_ours=said.is_ours,
        is_deleted=said.is_deleted,
        deleted_by=said.deleted_by,
        orders=tuple(InboundOrder(one.reference, one.url, one.state) for one in said.orders),
    )


def _name_of(raw: dict[str, Any]) -> str:
    name = raw.get("external_id")
    return name[:250] if isinstance(name, str) else ""


def _first(error: ValidationError) -> str:
    one = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in one["loc"])
    return f"{place}: {one['msg']}" if place else one["msg"]
