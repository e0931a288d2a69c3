"""The addresses of the interface: who am I, what is new, look at a post, answer, take back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, JsonResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from amends.sandbox.api.access import CLOCK, BadRequestError, NotFoundError, api_view, read_json
from amends.sandbox.api.shapes import (
    deleted_by_as_json,
    event_as_json,
    person_as_json,
    post_as_json,
)
from amends.sandbox.errors import PostGoneError, RefusedError
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.publish import PostDraft, delete_post, publish_once
from amends.sandbox.queries import (
    EventPage,
    events_for,
    head_sequence,
    posts_of_thread,
    public_events,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_MAX_PAGE = 500
_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


@api_view("GET")
def me(request: HttpRequest, *, account: Person) -> JsonResponse:
    """Whose token this is."""
    person = person_as_json(account, request=request)
    return JsonResponse({name: person[name] for name in ("id", "handle", "name", "url")})


@api_view("GET")
def events(request: HttpRequest, *, account: Person) -> JsonResponse:
    """What happened after a number, in threads that concern the account."""
    after, limit = _place_of(request)
    page = events_for(account, after=after, limit=limit)
    return _page_as_json(page, account=account, request=request)


@api_view("GET")
def timeline(request: HttpRequest, *, account: Person) -> JsonResponse:
    """What happened after a number, in all threads; without a number nothing, and where to go on."""
    if not request.GET.get("after"):
        page = EventPage(events=(), cursor=head_sequence(), has_more=False)
    else:
        after, limit = _place_of(request)
        page = public_events(after=after, limit=limit)
    return _page_as_json(page, account=account, request=request)


@api_view("GET", "DELETE")
def post(request: HttpRequest, post_id: str, *, account: Person) -> JsonResponse:
    """One post as it stands now; DELETE takes back an own one."""
    found = _live_post(post_id, account=account)
    if request.method == "DELETE":
        if found.author_id != account.id:
            raise NotFoundError(_("There is no post of yours with this id."))
        delete_post(found, by=DeletedBy.US, now=CLOCK.now())
        return JsonResponse({"id": found.id, "deleted_by": str(DeletedBy.US)})
    return JsonResponse(post_as_json(found, account=account, request=request))


@api_view("GET")
def thread(request: HttpRequest, post_id: str, *, account: Person) -> JsonResponse:
    """Every post of the thread that still stands, oldest first."""
    found = Post.objects.filter(pk=post_id).first()
    if found is None:
        raise NotFoundError(_("There is no post with this id."))
    return JsonResponse(
        {
            "posts": [
                post_as_json(item, account=account, request=request)
                for item in posts_of_thread(found.root_id)
                if not item.is_gone
            ]
        }
    )


@api_view("GET")
def person(request: HttpRequest, person_id: str, *, account: Person) -> JsonResponse:
    """Who somebody is, now."""
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise NotFoundError(_("There is nobody with this id."))
    return JsonResponse(
        person_as_json(found, request=request) | {"bio": found.bio, "language": found.language}
    )


@api_view("GET", "PUT")
def reply(request: HttpRequest, key: str, *, account: Person) -> JsonResponse:
    """PUT answers a post once, however often it is sent; GET looks up what stands under the key."""
    if not _KEY.fullmatch(key):
        raise RefusedError(
            _("The key must have 8 to 64 letters, digits, - or _."), field="idempotency_key"
        )
    if request.method == "PUT":
        return _put_reply(request, key=key, account=account)
    found = (
        Post.objects.select_related("author").filter(idempotency_key=key, author=account).first()
    )
    if found is None:
        raise NotFoundError(_("No reply stands under this key."))
    if found.is_gone:
        raise PostGoneError(deleted_by_as_json(found, account=account))
    return JsonResponse(post_as_json(found, account=account, request=request))


def _put_reply(request: HttpRequest, *, key: str, account: Person) -> JsonResponse:
    body = read_json(request)
    now = CLOCK.now()
    text = _text_field(body, "text")
    lang = body.get("lang") or ""
    if not isinstance(lang, str) or (lang and not _LANGUAGE.fullmatch(lang)):
        raise RefusedError(_("lang must be a language code such as tr."), field="lang")
    parent_id = _text_field(body, "parent_id")
    at = _moment(body, "created_at", newest=now + _CLOCKS_MAY_DIFFER)
    parent = Post.objects.select_related("author").filter(pk=parent_id).first()
    if parent is None:
        raise NotFoundError(_("The post to answer does not exist."), field="parent_id")
    draft = PostDraft(
        author=account,
        text=text,
        lang=lang or parent.lang,
        parent=parent,
        idempotency_key=key,
    )
    published, is_new = publish_once(draft, now=at)
    return JsonResponse(
        post_as_json(published, account=account, request=request), status=201 if is_new else 200
    )


def _place_of(request: HttpRequest) -> tuple[int, int]:
    """After which event, and how many at most."""
    after = _whole_number(request.GET, "after", default=0)
    limit = _whole_number(request.GET, "limit", default=100)
    if not 1 <= limit <= _MAX_PAGE:
        raise BadRequestError(_("limit must lie between 1 and %d.") % _MAX_PAGE, field="limit")
    if after > head_sequence():
        raise RefusedError(
            _("There is no event %d yet: this cursor comes from another network.") % after,
            field="after",
        )
    return after, limit


def _page_as_json(page: EventPage, *, account: Person, request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "events": [
                event_as_json(event, text=text, account=account, request=request)
                for event, text in page.events
            ],
            "cursor": page.cursor,
            "more": page.has_more,
        }
    )


def _live_post(post_id: str, *, account: Person) -> Post:
    found = Post.objects.select_related("author").filter(pk=post_id).first()
    if found is None:
        raise NotFoundError(_("There is no post with this id."))
    if found.is_gone:
        raise PostGoneError(deleted_by_as_json(found, account=account))
    return found


def _whole_number(query: Mapping[str, str], name: str, *, default: int) -> int:
    given = query.get(name, "")
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise BadRequestError(_("%s must be a whole number.") % name, field=name)
    return int(given)


def _text_field(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RefusedError(_("%s is missing or no text.") % name, field=name)
    return value


def _moment(body: Mapping[str, Any], name: str, *, newest: datetime) -> datetime:
    given = _text_field(body, name)
    try:
        moment = parse_datetime(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RefusedError(
            _("%s must be a moment in ISO 8601 with its time zone.") % name, field=name
        )
    if moment > newest:
        raise RefusedError(_("%s lies in the future.") % name, field=name)
    return moment
