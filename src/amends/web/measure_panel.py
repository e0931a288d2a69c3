"""What the page of a case shows about measures: what was done, and the form with which one asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import may_confirm_measure, may_measure
from amends.accounts.second_person import is_solo
from amends.cases.models import Case
from amends.connectors.kit.manifest import Mode
from amends.core.policy.policy import Policy
from amends.core.policy.schema import parse_policy
from amends.core.vocabulary import PolicyGround
from amends.inbox.channels import manifest_of
from amends.measures.confirm import confirm_by, waits_for_second
from amends.measures.guard import ACTIONS, Matter, capability_mode, read_matter
from amends.measures.ladder import RUNG, rung_due, tier_of
from amends.measures.models import (
    Measure,
    MeasureKind,
    MeasureStatus,
    StatementOfReasons,
    Tier,
)
from amends.measures.queries import earlier_removals, measures_of, similar_measures
from amends.measures.statement import LINK
from amends.measures.strikes import reached_rung, strikes_of, was_warned
from amends.measures.undo import UNDOES

MOST_SPANS = 6


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure as people read it."""

    measure: Measure
    clause: str  # its title, in the reader's language
    words: tuple[str, ...]
    agreed: tuple[str, ...]
    statement: StatementOfReasons | None
    statement_text: str
    waits_for_second: bool
    confirm_by: datetime | None
    needs_apart: bool
    is_late: bool
    may_confirm: bool
    may_take_back: bool
    waits_for_hand: bool
    waits_for_undo: bool
    is_unknown: bool
    may_draft_statement: bool
    is_veiled: bool = False  # in lists: its words are hostile, and this person opens them first


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause of the policy that was public then, in the reader's language."""

    id: str
    title: str
    rule: str
    consequence: str
    is_at_once: bool  # else only after a warning


@dataclass(frozen=True, slots=True)
class KindView:
    """One step of the ladder, and how this channel does it."""

    kind: str
    label: str
    is_possible: bool
    is_by_hand: bool
    source: str  # the document that says so
    is_due: bool  # the step that the ladder asks for next


@dataclass(frozen=True, slots=True)
class SpanView:
    """Words of the comment that one click marks."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class RepeatView:
    """That the case perhaps says again what a measure took away."""

    measure: Measure
    clause: str
    is_same_author: bool


@dataclass(frozen=True, slots=True)
class MeasurePanel:
    """Everything of the section; `clauses` is empty where no policy was public."""

    measures: tuple[MeasureView, ...]
    may_ask: bool
    policy_number: int | None
    clauses: tuple[ClauseView, ...]
    kinds: tuple[KindView, ...]
    spans: tuple[SpanView, ...]
    strikes: int
    is_warned: bool
    is_criticism: bool
    similar: tuple[Measure, ...]
    repeats: tuple[RepeatView, ...]

    @property
    def is_shown(self) -> bool:
        return bool(self.measures or self.repeats) or self.may_ask


def read_measure_panel(case: Case, *, user: User, now: datetime) -> MeasurePanel:
    """Read it for one person; the caller has made sure that they may see the case."""
    matter = read_matter(case)
    author = case.comment.author
    has_words = matter.version is not None and not case.comment.is_ours
    may_ask = has_words and may_measure(user, case.workspace)
    clauses = _clauses(matter) if may_ask else ()
    policy = matter.policy.policy if matter.policy and may_ask else None
    grounds = sorted({str(one.ground) for one in policy.clauses}) if policy else []
    return MeasurePanel(
        measures=tuple(view_measure(one, user=user, now=now) for one in measures_of(case)),
        may_ask=may_ask,
        policy_number=matter.policy.number if matter.policy else None,
        clauses=clauses,
        kinds=_kinds(case, now=now) if may_ask else (),
        spans=_spans(matter) if may_ask else (),
        strikes=strikes_of(author, now=now).count(),
        is_warned=was_warned(author, now=now),
        is_criticism=matter.is_criticism,
        similar=tuple(similar_measures(case, user, grounds=grounds)) if grounds else (),
        repeats=tuple(
            RepeatView(one.measure, _title(one.measure), one.is_same_author)
            for one in earlier_removals(case, user)
        ),
    )


def view_measure(measure: Measure, *, user: User, now: datetime) -> MeasureView:
    """One measure with what this person may do about it now."""
    text = measure.version.text
    waits = waits_for_second(measure)
    may_confirm = may_confirm_measure(user, measure.workspace)
    agreed = {one.by_id for one in measure.confirmations.all()}
    is_other = user.pk != measure.acted_by_id or is_solo(measure.workspace)
    late_from = None if measure.is_confirmed_before else confirm_by(measure)
    statement = StatementOfReasons.objects.filter(measure=measure).select_related("reply").first()
    is_parked = measure.due_at is None
    return MeasureView(
        measure=measure,
        clause=_title(measure),
        words=tuple(text[start:end] for start, end in measure.words),
        agreed=tuple(str(one.by) for one in measure.confirmations.all()),
        statement=statement,
        statement_text=statement.text.replace(LINK, "…") if statement else "",
        waits_for_second=waits,
        confirm_by=late_from if waits else None,
        needs_apart=measure.is_criticism and measure.tier == "B",
        is_late=waits and late_from is not None and now > late_from,
        may_confirm=waits and may_confirm and is_other and user.pk not in agreed,
        may_take_back=may_confirm and measure.status == MeasureStatus.DONE,
        waits_for_hand=measure.status == MeasureStatus.READY
        and measure.mode == "assisted"
        and measure.kind in ACTIONS,
        waits_for_undo=measure.status == MeasureStatus.UNDOING
        and is_parked
        and measure.kind in UNDOES,
        is_unknown=measure.status == MeasureStatus.UNKNOWN and is_parked,
        may_draft_statement=statement is not None
        and statement.reply_id is None
        and may_measure(user, measure.workspace),
    )


def _title(measure: Measure) -> str:
    """The title of the clause in the policy that the measure names."""
    clause = _policy(measure.policy.text).clause(measure.clause)
    language = (get_language() or "en").partition("-")[0]
    return (clause.text(language).title if clause else "") or measure.clause


@lru_cache(maxsize=32)
def _policy(text: str) -> Policy:
    return parse_policy(text)


def _clauses(matter: Matter) -> tuple[ClauseView, ...]:
    language = (get_language() or "en").partition("-")[0]
    views = []
    for clause in matter.policy.policy.clauses if matter.policy else ():
        ground = str(clause.ground)
        if tier_of(ground) is not None:
            is_at_once = tier_of(ground) is Tier.A or ground == PolicyGround.SPAM
            said = clause.text(language)
            views.append(ClauseView(clause.id, said.title, said.rule, said.consequence, is_at_once))
    return tuple(views)


def _kinds(case: Case, *, now: datetime) -> tuple[KindView, ...]:
    author = case.comment.author
    due = rung_due(reached_rung(author, now=now), ground="")
    manifest = manifest_of(case.comment.account)
    views = []
    for kind in MeasureKind:
        mode = capability_mode(case.comment.account, kind)
        action = ACTIONS.get(kind)
        capability = manifest.capabilities.get(action) if action else None
        views.append(
            KindView(
                kind=kind.value,
                label=str(kind.label),
                is_possible=mode is not Mode.NONE,
                is_by_hand=mode is Mode.ASSISTED,
                source=capability.source if capability else "",
                is_due=RUNG[kind] == due,
            )
        )
    return tuple(views)


def _spans(matter: Matter) -> tuple[SpanView, ...]:
    """Words that the engine names for a ground of conduct; a person may mark any others."""
    if matter.version is None or matter.verdict is None:
        return ()
    text = matter.version.text
    views: dict[str, SpanView] = {}
    for reason in matter.verdict.assessment.get("reasons", ()):
        start, end = reason.get("start"), reason.get("end")
        is_place = isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)
        if is_place and reason.get("field") in {"policy_ground", "offensive"}:
            value = f"{start}-{end}"
            views[value] = SpanView(value, text[start:end])
    return tuple(views.values())[:MOST_SPANS]


def level_words(level: str) -> str:
    """Who must agree, in words."""
    words = {
        "A0": _("nobody else"),
        "A1": _("a second person"),
        "A2": _("a lead"),
        "A3": _("a lead and counsel"),
        "A4": _("the management"),
    }
    return words.get(level, level)
