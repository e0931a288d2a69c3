"""What every template is given: sections, languages, theme, and channels that are not heard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import (
    may_delegate,
    may_manage_channels,
    may_manage_people,
    may_read,
    may_read_log,
)
from amends.cases.tell import COUNT_CAP, count_unread
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.inbox.queries import channel_accounts_visible_to


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
        "offered_languages": offered_languages(),
        "has_sandbox": settings.SANDBOX,
        "sections": SimpleLazyObject(lambda: _sections(request, user)),
        "notices_unread": SimpleLazyObject(lambda: _unread(request, user)),
        "more_sections": SimpleLazyObject(lambda: _more_sections(request, user)),
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
    workspace = getattr(request, "workspace", None)
    if user is None or workspace is None:
        return []
    offered = [("inbox", _("Inbox"), "inbox", True)]
    offered.append(("channels", _("Channels"), "plug", may_manage_channels(user, workspace)))
    offered.append(("mentions", _("Mentions"), "eye", may_read(user, workspace)))
    offered.append(("playbook", _("Playbook"), "book-open", may_read(user, workspace)))
    offered.append(("brand", _("How we speak"), "message-square", may_read(user, workspace)))
    offered.append(("measures", _("Measures"), "shield-check", may_read(user, workspace)))
    offered.append(("policy", _("Policy"), "scale", may_read(user, workspace)))
    offered.append(("engine", _("Engine"), "sparkles", may_read(user, workspace)))
    offered.append(("people", _("People"), "users", may_manage_people(user, workspace)))
    offered.append(("authority", _("Authority"), "scale", may_delegate(user, workspace)))
    offered.append(("log", _("Log"), "scroll-text", may_read_log(user, workspace)))
    offered.append(("sandbox:timeline", _("Practice network"), "flask-conical", settings.SANDBOX))
    sections = []
    for name, label, icon, is_offered in offered:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if is_offered:
            sections.append(Section(url, label, icon, _is_current(request, name, url)))
    return sections


def _more_sections(request: HttpRequest, user: User | None) -> list[Section]:
    """What is set up once and looked at seldom: in the menu, where there is room for words."""
    workspace = getattr(request, "workspace", None)
    if user is None or workspace is None or not may_read(user, workspace):
        return []
    offered = (
        ("hours", _("Business hours"), "clock"),
        ("departments", _("Departments"), "users"),
    )
    urls = [(reverse(name), label, icon) for name, label, icon in offered]
    return [Section(url, label, icon, request.path.startswith(url)) for url, label, icon in urls]


def _is_current(request: HttpRequest, name: str, url: str) -> bool:
    if name == "inbox":
        return request.path.startswith((url, "/cases/"))
    return request.path.startswith(url)


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
