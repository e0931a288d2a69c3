"""Starting points: written by leads in versions, put into an empty draft, and never sent as they are.

A draft that still is one is recognised by its words, however it came there (Q12, R20): equal apart from
what stands in for names and numbers, or nearly so by the masked comparison of the linter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from django.utils.translation import gettext as _

from amends.accounts.models import TextKind, TextVersion, User, Workspace
from amends.accounts.permissions import may_edit_brand, may_read, refuse_unless
from amends.accounts.texts import publish_text, text_in_force, text_versions
from amends.cases.transitions import NotPossible
from amends.cases.triage import latest_triage
from amends.core.starting.points import StartingPoint, fill, fixed_parts, parse_points, write_points
from amends.core.starting.unchanged import Left, is_same_apart_from_variables, quote, words_left
from amends.replies.mend import GAP
from amends.replies.models import Reply, ReplyPurpose
from amends_engine.lint.similarity import BLOCK_FROM, similarity

KIND = TextKind.STARTING_POINTS
MAX_NOTE = 300
# What the linter's mask makes of names and numbers, so that the variables weigh nothing.
MASKED = MappingProxyType({"author": "N", "brand": "N", "agent": "N", "product": "N"})
SHORTEST = 40  # characters below which two texts are alike by chance


@dataclass(frozen=True, slots=True)
class Unchanged:
    """That a draft still is a starting point, and which of its words a writer has to make their own."""

    title: str
    left: tuple[Left, ...]

    @property
    def message(self) -> str:
        """One sentence for the writer."""
        words = {"title": self.title, "words": quote(self.left)}
        if not self.left:
            return (
                _("This is still the starting point “%(title)s”: write it in your own words.")
                % words
            )
        return (
            _("This is still the starting point “%(title)s”. Make these words your own: %(words)s")
            % words
        )


def points_in_force(workspace: Workspace) -> tuple[StartingPoint, ...]:
    """The starting points as they stand now, in the order in which they were written."""
    row = text_in_force(workspace, kind=KIND)
    return _parsed(row.text) if row else ()


def points_version(workspace: Workspace) -> int:
    row = text_in_force(workspace, kind=KIND)
    return row.number if row else 0


def versions_visible_to(user: User, *, workspace: Workspace) -> list[TextVersion]:
    """Every version, the newest first; none for a stranger."""
    if not may_read(user, workspace):
        return []
    return list(text_versions(workspace, kind=KIND).select_related("published_by"))


def change_points(
    workspace: Workspace,
    *,
    to: Sequence[StartingPoint],
    after: int,
    by: User,
    now: datetime,
    note: str = "",
) -> TextVersion:
    """Put them in force as a new version; `after` is the number of the one that was seen (0: none).

    Raises NotPossible for what cannot stand, TextConflict when somebody else saved meanwhile.
    """
    refuse_unless(may_edit_brand(by, workspace), _("change how the brand speaks"))
    text = write_points(to)
    _points, problems = parse_points(text)
    if problems:
        raise NotPossible(_(problems[0].template) % problems[0].params)
    return publish_text(
        workspace, kind=KIND, text=text, after=after, by=by, now=now, note=note.strip()[:MAX_NOTE]
    )


def points_for(reply: Reply, *, language: str) -> tuple[StartingPoint, ...]:
    """Those in the language of the reply; what suits the matter first, then what suits any, then the rest."""
    if reply.purpose != ReplyPurpose.ANSWER:
        return ()
    base = language.partition("-")[0]
    triage = latest_triage(reply.case)
    category = triage.category if triage else reply.case.category
    ranks = {category: 0, "": 1}
    own = [one for one in points_in_force(reply.workspace) if one.language == base]
    return tuple(sorted(own, key=lambda one: ranks.get(one.category, 2)))


def still_a_point(reply: Reply, *, text: str) -> Unchanged | None:
    """The starting point that a text still is; None where its writer has made it their own."""
    if reply.purpose != ReplyPurpose.ANSWER or not text.strip():
        return None
    for point in points_in_force(reply.workspace):
        parts = fixed_parts(point.text, gap=GAP)
        if is_same_apart_from_variables(text, parts=parts) or _is_nearly(text, point=point):
            return Unchanged(title=point.title, left=words_left(text, parts=parts))
    return None


def refuse_unchanged(reply: Reply) -> None:
    """Before handing over: raises NotPossible where the draft still is a starting point."""
    found = still_a_point(reply, text=reply.text)
    if found is not None:
        raise NotPossible(found.message)


def _is_nearly(text: str, *, point: StartingPoint) -> bool:
    """By the comparison that the linter uses against canned replies; names and numbers are masked there."""
    shorter, longer = sorted((len(text), len(point.text)))
    # Texts of which one is much longer cannot reach the limit: nothing to compare then.
    if shorter < SHORTEST or shorter < longer * 0.7:
        return False
    return similarity(text, fill(point.text, known=MASKED, gap="1")) >= BLOCK_FROM


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[StartingPoint, ...]:
    points, problems = parse_points(text)
    return () if problems else points
