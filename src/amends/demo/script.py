"""The content of the demonstration, typed and checked: people, posts, comments, answers, stream.

`truth` is what a careful person would confirm about the first text of a comment. It is for seeding
the desk and for tests; the practice network never shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from amends.core.vocabulary import Arousal, Category, Flag, PolicyGround, Sentiment, Severity

DEMO_PASSWORD = "lumbara-demo"  # noqa: S105 - printed by the command; nothing real lies behind it


class ScriptError(Exception):
    """The content is wrong; the message says where and what."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the practice network; the id is the handle too."""

    id: str
    name: str
    lang: str
    followers: int
    colour: str
    bio: str
    is_brand: bool = False


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody of the shop's team, who works in the desk; `role` is a role of the desk."""

    id: str
    role: str
    name: str
    email: str
    lang: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What a careful person would confirm; `fault_share` is 0-100, None where nobody knows yet."""

    category: Category
    sentiment: Sentiment
    severity: Severity
    arousal: Arousal
    is_complaint: bool
    policy_ground: PolicyGround
    flags: tuple[Flag, ...]
    fault_share: int | None


@dataclass(frozen=True, slots=True)
class Edit:
    """A later text, `after` the first publication, and the truth of it where it is another one."""

    after: timedelta
    text: str
    truth: Truth | None = None


@dataclass(frozen=True, slots=True)
class Deletion:
    """That a post was taken away `after` its publication, by "author" or "platform"."""

    after: timedelta
    by: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How the team answered: sent `after` the comment; both people are ids of team members."""

    after: timedelta
    text: str
    drafted_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class NoAction:
    """That somebody of the team closed the case without an answer, and why."""

    after: timedelta
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture; the address is a path on the same server."""

    kind: str
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class ScriptedPost:
    """A post of the brand (`truth` is None) or a comment; `at` is negative, to be added to now."""

    id: str
    author: str
    parent: str | None
    lang: str
    at: timedelta
    text: str
    truth: Truth | None = None
    attachments: tuple[Attachment, ...] = ()
    edits: tuple[Edit, ...] = ()
    deletion: Deletion | None = None
    answer: Answer | None = None
    no_action: NoAction | None = None


@dataclass(frozen=True, slots=True)
class StreamItem:
    """An item of the living stream: `act` is "post", "edit" or "delete".

    `parent` is what it answers, `target` the earlier item that an edit or a deletion acts on.
    """

    id: str
    act: str
    author: str
    lang: str
    text: str
    parent: str | None
    target: str | None


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that the demonstration tells."""

    brand: Persona
    team: tuple[TeamMember, ...]
    personas: tuple[Persona, ...]
    posts: tuple[ScriptedPost, ...]
    comments: tuple[ScriptedPost, ...]
    stream: tuple[StreamItem, ...]

    @property
    def everything_posted(self) -> tuple[ScriptedPost, ...]:
        """Posts and comments, oldest first."""
        return tuple(sorted((*self.posts, *self.comments), key=lambda item: (item.at, item.id)))
