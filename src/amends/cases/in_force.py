"""Which playbook decides in a workspace: its last published one, else the one that ships.

Asked for at every decision, so it costs one small query; a text is parsed once per process.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import structlog

from amends.accounts.models import TextKind, TextVersion, Workspace
from amends.core.playbook.conditions import All
from amends.core.playbook.decide import ERROR_TITLE
from amends.core.playbook.rules import Playbook, PlaybookName, Rule
from amends.core.playbook.schema import (
    PlaybookError,
    Review,
    load_shipped_playbook,
    parse_playbook,
    read_shipped_playbook,
    review_playbook,
)
from amends.core.playbook.terms import RuleKind
from amends.core.text import gettext_noop
from amends.core.vocabulary import ApprovalLevel

log = structlog.get_logger(__name__)

STARTING = "general"  # what a workspace decides by until it publishes a playbook of its own
PARSED = 64  # playbooks kept in memory: one for each busy workspace, and their drafts
DAMAGED_SAY = gettext_noop(
    "The published playbook cannot be read any more, so nothing is recommended: a person decides, "
    "and a lead should mend it on the page of the playbook."
)


def playbook_in_force(workspace_id: int) -> Playbook:
    """What to decide by. Where the published text cannot be read any more, every case goes to a person."""
    found = _newest(workspace_id)
    if found is None:
        return load_shipped_playbook(STARTING)
    pk, digest = found
    return _playbook_of(pk, digest)


def version_in_force(workspace: Workspace) -> TextVersion | None:
    """The published version that counts; None while the shipped playbook does."""
    versions = TextVersion.objects.filter(workspace=workspace, kind=TextKind.PLAYBOOK)
    return versions.select_related("published_by").order_by("-number").first()


def text_of(version: TextVersion | None) -> str:
    """The YAML of a version; of the shipped playbook for None."""
    return version.text if version else read_shipped_playbook(STARTING).decode()


def playbook_of(version: TextVersion | None) -> Playbook:
    """A version as rules, the closed one where it cannot be read."""
    return _playbook_of(version.pk, version.digest) if version else load_shipped_playbook(STARTING)


def is_damaged(playbook: Playbook) -> bool:
    return playbook.default.kind is RuleKind.ERROR


@lru_cache(maxsize=PARSED)
def parse_once(text: str) -> Playbook:
    """A playbook from its text; raises PlaybookError, which is not remembered."""
    return parse_playbook(text)


@lru_cache(maxsize=PARSED)
def review_once(text: str) -> Review:
    """A text as it is checked in the editor: its playbook or its mistakes, and what is worth a warning."""
    return review_playbook(text)


def _newest(workspace_id: int) -> tuple[int, str] | None:
    """Key and digest alone: the text is long."""
    versions = TextVersion.objects.filter(workspace_id=workspace_id, kind=TextKind.PLAYBOOK)
    return versions.order_by("-number").values_list("pk", "digest").first()


@lru_cache(maxsize=PARSED)
def _playbook_of(pk: int, digest: str) -> Playbook:
    """Published versions never change, so one is read once; the digest keeps databases of tests apart."""
    version = TextVersion.objects.get(pk=pk)
    try:
        return parse_playbook(version.text)
    except PlaybookError as error:
        log.error("playbook.damaged", version=version.number, problems=len(error.problems))
        return _closed(PlaybookName("playbook", f"v{version.number}", digest))


def _closed(named: PlaybookName) -> Playbook:
    """Recommends nothing but a person; how urgent a comment is and its clocks are told as shipped."""
    shipped = load_shipped_playbook(STARTING)
    ask_a_person = Rule(
        id="error",
        kind=RuleKind.ERROR,
        when=All(()),
        title=ERROR_TITLE,
        say=DAMAGED_SAY,
        strategy=(),
        forbid=(),
        approval=ApprovalLevel.A2,
        tasks=(),
        because=(),
    )
    # Everything else as shipped, so that a part that playbooks gain later is never forgotten here.
    return replace(shipped, named=named, gates=(), matrix=(), default=ask_a_person)
