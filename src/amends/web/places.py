"""The pages by which a workspace is set up, in the order of the journey, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import (
    may_delegate,
    may_hold_legally,
    may_import,
    may_manage_channels,
    may_manage_language_model,
    may_manage_people,
    may_manage_webhooks,
    may_read,
    may_read_contacts,
    may_read_log,
    may_set_retention,
    may_use_macros,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the settings."""

    url: str
    label: str
    icon: str
    what: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together."""

    title: str
    places: tuple[Place, ...]


def settings_groups(user: User, workspace: Workspace) -> tuple[Group, ...]:
    """The groups with the pages that this person may open; a group without any is left out."""
    return tuple(
        Group(title, tuple(place for may, place in offered if may))
        for title, offered in (
            (_("Listen and understand"), _listen(user, workspace)),
            (_("Decide"), _decide(user, workspace)),
            (_("Answer and act"), _answer(user, workspace)),
            (_("Working together"), _together(user, workspace)),
            (_("People and trust"), _trust(user, workspace)),
        )
        if any(may for may, _place in offered)
    )


def _listen(user: User, workspace: Workspace) -> tuple[tuple[bool, Place], ...]:
    return (
        (
            may_manage_channels(user, workspace),
            Place(
                reverse("channels"),
                _("Channels"),
                "plug",
                _("Where we listen and answer: connect, pause, see what fails."),
            ),
        ),
        (
            may_read(user, workspace),
            Place(
                reverse("mentions"),
                _("Mentions"),
                "eye",
                _("Names and queries for what is said about us without our handle."),
            ),
        ),
        (
            may_read(user, workspace),
            Place(
                reverse("engine"),
                _("Engine"),
                "sparkles",
                _("What judges words, and what it learned from our corrections."),
            ),
        ),
        (
            may_import(user, workspace),
            Place(
                reverse("imports"),
                _("Import"),
                "file",
                _("Bring in the comments of another tool from a file."),
            ),
        ),
    )


def _decide(user: User, workspace: Workspace) -> tuple[tuple[bool, Place], ...]:
    may = may_read(user, workspace)
    return (
        (
            may,
            Place(
                reverse("playbook"),
                _("Playbook"),
                "book-open",
                _("Which answer is recommended when, and who says so."),
            ),
        ),
        (
            may,
            Place(
                reverse("hours"),
                _("Business hours"),
                "clock",
                _("When the brand works: days, holidays, what clocks count."),
            ),
        ),
        (
            may_delegate(user, workspace),
            Place(
                reverse("authority"),
                _("Authority"),
                "check-check",
                _("Who may publish, promise and compensate, up to what, and who stands in."),
            ),
        ),
        (
            may,
            Place(
                reverse("departments"),
                _("Departments"),
                "users",
                _("Whom we ask inside the company, and what is still open there."),
            ),
        ),
    )


def _answer(user: User, workspace: Workspace) -> tuple[tuple[bool, Place], ...]:
    may = may_read(user, workspace)
    return (
        (
            may,
            Place(
                reverse("brand"),
                _("How we speak"),
                "message-square",
                _("Forms of address, names that sign, words that are not ours."),
            ),
        ),
        (
            may_manage_language_model(user, workspace),
            Place(
                reverse("language_model"),
                _("Language model"),
                "sparkles",
                _("Whether a language model may write first drafts, and what leaves for it."),
            ),
        ),
        (
            may_read_contacts(user, workspace),
            Place(
                reverse("contacts"),
                _("Contacts"),
                "users",
                _("Whom we may reach, for what, on which ground, and until when."),
            ),
        ),
        (
            may,
            Place(
                reverse("starting_points"),
                _("Starting points"),
                "pencil",
                _("Texts from which a reply may begin, and that must be changed."),
            ),
        ),
        (
            may,
            Place(
                reverse("policy"),
                _("Policy"),
                "scale",
                _("The public rules for comments, in every language, with their versions."),
            ),
        ),
        (
            may,
            Place(
                reverse("endings"),
                _("Endings"),
                "circle-check",
                _("What became of the cases: nothing is closed silently."),
            ),
        ),
    )


def _together(user: User, workspace: Workspace) -> tuple[tuple[bool, Place], ...]:
    return (
        (
            may_read(user, workspace),
            Place(
                reverse("routing"),
                _("Who gets new cases"),
                "users",
                _("Rules by language, channel and severity; skills, hours, who is away."),
            ),
        ),
        (
            may_read(user, workspace),
            Place(
                reverse("labels"),
                _("Labels"),
                "circle-dot",
                _("Words of your own for what cases are about, and how many bear them."),
            ),
        ),
        (
            may_use_macros(user, workspace),
            Place(
                reverse("macros"),
                _("Macros"),
                "play",
                _("Several steps by one click: your own, and those of everybody."),
            ),
        ),
    )


def _trust(user: User, workspace: Workspace) -> tuple[tuple[bool, Place], ...]:
    return (
        (
            may_manage_people(user, workspace),
            Place(
                reverse("people"),
                _("People"),
                "user-plus",
                _("Invite colleagues, change roles, say goodbye."),
            ),
        ),
        (
            may_read_log(user, workspace),
            Place(
                reverse("log"), _("Log"), "scroll-text", _("Who did what when, chained and signed.")
            ),
        ),
        (
            may_read(user, workspace),
            Place(
                reverse("tokens"),
                _("Tokens"),
                "link",
                _("What lets your programs and assistants work here as you."),
            ),
        ),
        (
            may_manage_webhooks(user, workspace),
            Place(
                reverse("webhooks"),
                _("Webhooks"),
                "send",
                _("Which systems of yours are told what happens here."),
            ),
        ),
        (
            may_hold_legally(user, workspace),
            Place(
                reverse("legal_holds"),
                _("Legal holds"),
                "shield-check",
                _("What may not be erased, why, and when somebody looks at it again."),
            ),
        ),
        (
            may_set_retention(user, workspace),
            Place(
                reverse("retention"),
                _("Retention"),
                "clock",
                _("After how long the words of closed cases are erased."),
            ),
        ),
    )
