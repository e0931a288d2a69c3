"""What every template is given: sections, languages, theme, and channels that are not heard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import may_read
from amends.cases.tell import COUNT_CAP, count_unread
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.inbox.queries import channel_accounts_visible_to
from amends.web.keep_key import keep_key
from amends.web.key_list import GROUPS
from amends.web.places import settings_groups


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the navigation at the top."""

    url: str
    label: str
    icon: str
    is_current: bool


def desk(request: HttpRequest) -> dict[str, Any]:
    """Everything lazy: a fragment that shows no frame costs no query."""
    visitor = getattr(request, "user", None)
    user = visitor if isinstance(visitor, User) else None
    return {
        "LANGUAGE_CODE": get_language() or "en",
        "LANGUAGE_BIDI": get_language_bidi(),
        "theme": user.theme
        if user and user.theme != "system"
        else request.COOKIES.get("theme", ""),
        "key_groups": GROUPS,
        "keep_key": keep_key(user) if user else "",
        "offered_languages": offered_languages(),
        "has_sandbox": settings.SANDBOX,
        "sections": SimpleLazyObject(lambda: _sections(request, user)),
        "notices_unread": SimpleLazyObject(lambda: _unread(request, user)),
        "failed_channels": SimpleLazyObject(lambda: _failed_channels(request, user)),
    }


@cache
def offered_languages() -> tuple[tuple[str, str], ...]:
    """English, and every language whose catalogue is there; the others would show English words."""
    folder = Path(settings.LOCALE_PATHS[0])
    return tuple(
        (code, name)
        for code, name in settings.LANGUAGES
        if code == "en" or (folder / code / "LC_MESSAGES" / "django.mo").exists()
    )


def _sections(request: HttpRequest, user: User | None) -> list[Section]:
    """What is open all day stands at the top; what is set up once, on the page of the settings."""
    workspace = getattr(request, "workspace", None)
    if user is None or workspace is None or not may_read(user, workspace):
        return []
    own = [
        Section(reverse("inbox"), _("Inbox"), "inbox", _is_at(request, "/inbox/", "/cases/")),
        Section(
            reverse("measures"), _("Measures"), "shield-check", _is_at(request, reverse("measures"))
        ),
    ]
    places = [place.url for group in settings_groups(user, workspace) for place in group.places]
    settings_url = reverse("settings")
    is_there = _is_at(request, settings_url, *places)
    own.append(Section(settings_url, _("Settings"), "list", is_there))
    if settings.SANDBOX:
        timeline = reverse("sandbox:timeline")
        own.append(
            Section(timeline, _("Practice network"), "flask-conical", _is_at(request, timeline))
        )
    return own


def _is_at(request: HttpRequest, *addresses: str) -> bool:
    return request.path.startswith(addresses)


def _unread(request: HttpRequest, user: User | None) -> str:
    """What the bell shows: a count up to its cap, nothing for none."""
    workspace = getattr(request, "workspace", None)
    if user is None or workspace is None:
        return ""
    return bell_count(count_unread(user, workspace=workspace))


def bell_count(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else (str(count) if count else "")


def _failed_channels(request: HttpRequest, user: User | None) -> list[ChannelAccount]:
    workspace = getattr(request, "workspace", None)
    if user is None or workspace is None:
        return []
    accounts = channel_accounts_visible_to(user, workspace=workspace)
    return list(accounts.filter(status=AccountStatus.FAILED)[:3])
