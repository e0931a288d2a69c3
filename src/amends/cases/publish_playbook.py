"""Drafts, checks and publishes the playbook of a workspace; owners and leads do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.models import TextDraft, TextKind, TextVersion, User, Workspace
from amends.accounts.permissions import may_edit_playbook, refuse_unless
from amends.accounts.texts import (
    TextConflict,
    discard_text_draft,
    draft_of,
    publish_text,
    save_text_draft,
    text_in_force,
    text_versions,
)
from amends.cases.in_force import parse_once, review_once, text_of
from amends.cases.transitions import NotPossible
from amends.core.playbook.rules import Playbook
from amends.core.playbook.schema import (
    SHIPPED,
    PlaybookError,
    load_shipped_playbook,
    read_shipped_playbook,
)
from amends.core.text import gettext_noop
from amends.core.yaml_tree import MAX_BYTES, FileProblem

KIND = TextKind.PLAYBOOK
MAX_NOTE = 500
COMPARED_VERSIONS = 30  # of the past, whose version names must not come again with other words
USED = gettext_noop(
    "version %(version)s was published with other words; raise it, so that every decision names "
    "what it was made by"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text is worth: its playbook, or every mistake in the order of the lines."""

    playbook: Playbook | None
    problems: tuple[FileProblem, ...]
    warnings: tuple[FileProblem, ...] = ()  # worth a look, and no obstacle

    @property
    def is_sound(self) -> bool:
        return not self.problems


def playbook_draft(workspace: Workspace) -> TextDraft | None:
    """The draft that owners and leads work on, if there is one."""
    return draft_of(workspace, kind=KIND)


def check_draft(workspace: Workspace, *, text: str) -> Checked:
    """All mistakes of a text that is to be published, each with its line.

    Beside what `parse_playbook` says: a name and version that were published with other words.
    """
    review = review_once(tidy(text))
    playbook = review.playbook
    if playbook is None:
        return Checked(None, review.problems)
    if _is_name_taken(workspace, playbook):
        params = {"version": playbook.named.version}
        line = _line_of(text, "version:")
        taken = FileProblem(line, "version", USED, params)
        return Checked(playbook, (taken,), review.warnings)
    return Checked(playbook, (), review.warnings)


def save_playbook_draft(
    workspace: Workspace, *, text: str, revision: int, by: User, now: datetime
) -> TextDraft:
    """Keep a draft, mistakes and all; `revision` is the one that the writer saw, 0 for none.

    Raises TextConflict when somebody saved, published or discarded it since; NotPossible when it is too long.
    """
    _refuse(by, workspace)
    text = tidy(text)
    if len(text.encode()) > MAX_BYTES:
        raise NotPossible(
            _("A playbook has at most %(limit)d KiB: shorten it.") % {"limit": MAX_BYTES // 1024}
        )
    draft = playbook_draft(workspace)
    if revision and draft is None:
        raise TextConflict(_("This draft was published or discarded in the meantime."))
    return save_text_draft(workspace, kind=KIND, text=text, revision=revision, by=by, now=now)


def begin_playbook_draft(
    workspace: Workspace, *, source: str, revision: int, by: User, now: datetime
) -> TextDraft:
    """Begin anew: from the playbook in force (`source` empty), an old version (`v3`), or one of ours."""
    text = _text_to_begin_with(workspace, source)
    return save_playbook_draft(workspace, text=text, revision=revision, by=by, now=now)


def discard_playbook_draft(workspace: Workspace, *, revision: int, by: User) -> None:
    """Throw the draft away; raises TextConflict when it is not the one that was seen."""
    _refuse(by, workspace)
    with transaction.atomic():
        _hold_draft(workspace, revision=revision)
        discard_text_draft(workspace, kind=KIND)


def publish_playbook(
    workspace: Workspace, *, revision: int, after: int, note: str, by: User, now: datetime
) -> TextVersion:
    """Put the draft in force: comments that are decided from now on go by it.

    `revision` and `after` name the draft and the version in force that were shown. Raises TextConflict when
    either is another one by now, NotPossible while the draft has mistakes or changes nothing.
    """
    _refuse(by, workspace)
    with transaction.atomic():
        draft = _hold_draft(workspace, revision=revision)
        if not check_draft(workspace, text=draft.text).is_sound:
            raise NotPossible(_("The draft has mistakes: mend them first."))
        if draft.text == text_of(text_in_force(workspace, kind=KIND)):
            raise NotPossible(_("The draft says the same as the playbook in force."))
        return publish_text(
            workspace,
            kind=KIND,
            text=draft.text,
            after=after,
            by=by,
            now=now,
            note=note.strip()[:MAX_NOTE],
        )


def take_back_playbook(
    workspace: Workspace, *, number: int, after: int, by: User, now: datetime
) -> TextVersion:
    """Publish an old version anew (0: the playbook that ships); the draft stays where it is.

    Raises NotPossible for a version that does not exist, is in force, or cannot be read any more, and
    TextConflict when another version came into force since.
    """
    _refuse(by, workspace)
    old = text_versions(workspace, kind=KIND).filter(number=number).first()
    if old is None and number:
        raise NotPossible(_("There is no such version."))
    text = text_of(old)
    if text == text_of(text_in_force(workspace, kind=KIND)):
        raise NotPossible(_("This version is in force already."))
    try:
        parse_once(text)
    except PlaybookError as error:
        raise NotPossible(
            _("This version cannot be read any more: begin a draft from it and mend it.")
        ) from error
    note = _("Version %(number)d again") % {"number": number} if number else _("As shipped again")
    with transaction.atomic():
        draft = playbook_draft(workspace)
        version = publish_text(
            workspace, kind=KIND, text=text, after=after, by=by, now=now, note=note
        )
        if draft is not None:  # publishing ends a draft, but this one was not published
            draft.save(force_insert=True)
    return version


def tidy(text: str) -> str:
    """Lines end as files end them; browsers send others."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _text_to_begin_with(workspace: Workspace, source: str) -> str:
    if source in SHIPPED:
        return read_shipped_playbook(source).decode()
    number = source.removeprefix("v")
    if source and not number.isdecimal():
        raise NotPossible(_("There is no such playbook to begin with."))
    versions = text_versions(workspace, kind=KIND)
    found = versions.filter(number=int(number)).first() if source else versions.first()
    if source and found is None:
        raise NotPossible(_("There is no such version."))
    return text_of(found)


def _refuse(by: User, workspace: Workspace) -> None:
    refuse_unless(may_edit_playbook(by, workspace), _("change the playbook"))


def _hold_draft(workspace: Workspace, *, revision: int) -> TextDraft:
    """The draft that was seen, held until the transaction ends."""
    drafts = TextDraft.objects.select_for_update()
    draft = drafts.filter(workspace=workspace, kind=KIND, brand=None, revision=revision).first()
    if draft is None:
        raise TextConflict(_("Somebody else changed this draft in the meantime."))
    return draft


def _is_name_taken(workspace: Workspace, playbook: Playbook) -> bool:
    """Whether the name and version stand for another text already."""
    named = playbook.named
    known = [load_shipped_playbook(one).named for one in SHIPPED]
    for text in text_versions(workspace, kind=KIND).values_list("text", flat=True)[
        :COMPARED_VERSIONS
    ]:
        try:
            known.append(parse_once(text).named)
        except PlaybookError:  # a damaged one decides nothing any more
            continue
    return any(
        (one.name, one.version) == (named.name, named.version) and one.digest != named.digest
        for one in known
    )


def _line_of(text: str, start: str) -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.startswith(start)), 1)
