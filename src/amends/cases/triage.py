"""Step 3, triage (second half): a person confirms what the matter is, helped by the engine's suggestion."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_triage, refuse_unless
from amends.cases.fault import Fault
from amends.cases.live import choose_verdict, live_release
from amends.cases.models import Case, CaseStatus, Lane, Triage, Verdict
from amends.cases.move_lane import follow_triage, lane_for
from amends.cases.root_causes import add_root_cause, check_root_cause
from amends.cases.transitions import NotPossible, log_on_case, may_move, move_case
from amends.core.playbook.terms import AuthorType, Goal, SpeechLevel
from amends.core.read_once import read_once
from amends.core.vocabulary import Arousal, Category, Flag, PolicyGround, Sentiment, Severity
from amends.inbox.models import Version
from amends.inbox.queries import last_words, versions_of


@dataclass(frozen=True, slots=True)
class TriageForm:
    """What a person says about a comment; `fault_share` in per cent, None while it is unknown.

    `policy_ground` and `flags` (the codes that hold) are None where the person was not asked: then the
    engine's word stands. `own_root_cause` extends the workspace's list. `verdict_seen` is the verdict
    that stood beside the form: another one may have come meanwhile.
    """

    category: str
    sentiment: str
    is_complaint: bool
    severity: str
    arousal: str
    fault_share: int | None = None
    fault_basis: str = ""
    fault_words: str = ""
    can_help: bool | None = None
    author_type: str = ""
    goal: str = ""
    root_cause: str = ""
    speech_level: str = ""
    policy_ground: str | None = None
    flags: tuple[str, ...] | None = None
    own_root_cause: str = ""
    verdict_seen: int | None = None

    @property
    def fault(self) -> Fault:
        """Whose fault it is, as one record."""
        return Fault(self.fault_share, self.can_help, self.fault_basis, self.fault_words)


@dataclass(frozen=True, slots=True)
class TriageSuggestion:
    """What the engine would fill in; `sure` says of each field whether it dares to."""

    form: TriageForm
    verdict: Verdict | None
    sure: dict[str, bool] = field(default_factory=dict)
    reasons: tuple[dict[str, Any], ...] = ()


# Without an engine the form starts from what does least harm when it is confirmed unread.
UNKNOWN = TriageForm(
    category=Category.VAGUE,
    sentiment=Sentiment.NEUTRAL,
    is_complaint=True,
    severity=Severity.MEDIUM,
    arousal=Arousal.LOW,
    policy_ground=PolicyGround.NONE,
    flags=(),
)


def suggest_triage(case: Case) -> TriageSuggestion:
    """The engine's suggestion for the latest words, or the last confirmed triage where there is one."""
    version = words_to_judge(case)
    verdict = verdict_on(version) if version else None
    suggestion = _from_verdict(verdict)
    confirmed = latest_triage(case)
    if confirmed is None:
        return suggestion
    form = form_of(confirmed)
    if form.flags is None:  # the person was not asked for these
        asked = suggestion.form
        form = replace(form, policy_ground=asked.policy_ground, flags=asked.flags)
    return replace(suggestion, form=form)


def confirm_triage(case: Case, *, form: TriageForm, by: User, now: datetime) -> Triage:
    """Store what the person confirms, and on which fields they differ from the engine.

    A matter that is not for everybody moves into its lane in the same transaction. Raises NotPossible
    when there is nothing to judge or a value is none.
    """
    refuse_unless(may_triage(by, case.workspace), _("confirm the triage"))
    _check(form)
    check_root_cause(form.root_cause, workspace_id=case.workspace_id)
    version = words_to_judge(case)
    if version is None:
        raise NotPossible(_("There are no words to judge."))
    verdict = _verdict_seen(version, form)
    differing = _differing(form, verdict=verdict)
    with transaction.atomic():
        said = _said(case, form=form, by=by, now=now)
        triage = Triage.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            version=version,
            verdict=verdict,
            changed=differing,
            confirmed_by=by,
            confirmed_at=now,
            **said,
        )
        if case.status != CaseStatus.TRIAGED and may_move(case, to=CaseStatus.TRIAGED):
            move_case(case, to=CaseStatus.TRIAGED, actor=actor_of(by), now=now)
        # The token is cleared on purpose: a worker that is at the old state of the case loses its lease.
        Case.objects.filter(pk=case.pk).update(
            next_step="decide_again", due_at=now, lease_token="", leased_until=None, attempts=0
        )
        about = {**said, "version": version.pk, "changed": differing}
        del about["fault_words"]  # the log cannot be redacted
        log_on_case(case, "case.triage", actor=actor_of(by), now=now, data=about)
        follow_triage(case, lane=_lane(form, verdict=verdict), by=by, now=now)
    return triage


ENGINE_FIELDS = ("category", "sentiment", "is_complaint", "severity", "arousal")
FLAGS = (
    Flag.OFFENSIVE,
    Flag.LEGAL_THREAT,
    Flag.SAFETY,
    Flag.PERSONAL_DATA,
    Flag.SELF_HARM,
    Flag.MINOR,
)
_NOT_STORED = {"verdict_seen", "own_root_cause"}
_SAID = tuple(one.name for one in fields(TriageForm) if one.name not in _NOT_STORED)


def _said(case: Case, *, form: TriageForm, by: User, now: datetime) -> dict[str, Any]:
    """What is stored of a form: the fault as one record, an own root cause under its code."""
    said = {name: getattr(form, name) for name in _SAID}
    fault = Fault.of(
        share=form.fault_share,
        can_help=form.can_help,
        basis=form.fault_basis,
        words=form.fault_words,
    )
    said |= {"fault_basis": fault.basis, "fault_words": fault.words}
    said["policy_ground"] = form.policy_ground or ""
    said["flags"] = None if form.flags is None else sorted(set(form.flags))
    if form.own_root_cause.strip():
        own = add_root_cause(case.workspace, name=form.own_root_cause, by=by, now=now)
        said["root_cause"] = own.code
    return said


def _differing(form: TriageForm, *, verdict: Verdict | None) -> list[str]:
    """The fields in which a person differs from the engine; flags by their names."""
    if verdict is None:
        return []
    suggested = _from_verdict(verdict).form
    differing = [one for one in ENGINE_FIELDS if getattr(form, one) != getattr(suggested, one)]
    if form.policy_ground is not None and form.policy_ground != suggested.policy_ground:
        differing.append("policy_ground")
    if form.flags is not None:
        differing += sorted(set(form.flags) ^ set(suggested.flags or ()))
    return differing


def _lane(form: TriageForm, *, verdict: Verdict | None) -> Lane:
    """Where the matter belongs, by what the person said; what they were not asked, by the engine."""
    suggested = _from_verdict(verdict).form
    ground = suggested.policy_ground if form.policy_ground is None else form.policy_ground
    flags = suggested.flags if form.flags is None else form.flags
    return lane_for(
        category=form.category,
        policy_ground=ground or "",
        flags=flags or (),
        author_type=form.author_type,
    )


@read_once
def words_to_judge(case: Case) -> Version | None:
    """The latest words of the comment that is to be answered, also when it was taken down since."""
    return last_words(versions_of(case.comment))


@read_once
def verdict_on(version: Version) -> Verdict | None:
    """What the engine in use says: another one's later or earlier verdict stays, but does not count."""
    verdicts = list(version.verdicts.order_by("-created_at", "-pk"))
    if len(verdicts) < 2:
        return verdicts[0] if verdicts else None
    return choose_verdict(verdicts, live=live_release(version.workspace_id))


@read_once
def latest_triage(case: Case) -> Triage | None:
    return case.triages.order_by("-confirmed_at", "-pk").first()


def form_of(triage: Triage) -> TriageForm:
    """What was confirmed, as a form."""
    values = {name: getattr(triage, name) for name in _SAID}
    values["policy_ground"] = triage.policy_ground or None
    values["flags"] = None if triage.flags is None else tuple(triage.flags)
    return TriageForm(**values)


def _verdict_seen(version: Version, form: TriageForm) -> Verdict | None:
    seen = version.verdicts.filter(pk=form.verdict_seen).first() if form.verdict_seen else None
    return seen or verdict_on(version)


def _from_verdict(verdict: Verdict | None) -> TriageSuggestion:
    if verdict is None:
        unsure = dict.fromkeys((*ENGINE_FIELDS, "policy_ground"), False)
        return TriageSuggestion(UNKNOWN, None, sure=unsure)
    said = verdict.assessment
    ground = said.get("policy_ground", {})
    flags = said.get("flags", {})
    form = TriageForm(
        category=verdict.category,
        sentiment=verdict.sentiment,
        is_complaint=verdict.is_complaint,
        severity=verdict.severity,
        arousal=said["arousal"]["label"],
        policy_ground=ground.get("label", PolicyGround.NONE.value),
        flags=tuple(flag.value for flag in FLAGS if flags.get(flag)),
    )
    sure = {
        name: bool(said["complaint" if name == "is_complaint" else name]["sure"])
        for name in ENGINE_FIELDS
    }
    sure["policy_ground"] = bool(ground.get("sure", True))
    return TriageSuggestion(form, verdict, sure=sure, reasons=tuple(said["reasons"]))


CODES: Mapping[str, Set[str | None]] = MappingProxyType(
    {
        "category": set(Category),
        "sentiment": set(Sentiment),
        "severity": set(Severity),
        "arousal": set(Arousal),
        "author_type": {"", *AuthorType},
        "goal": {"", *Goal},
        "speech_level": {"", *SpeechLevel},
        "policy_ground": {None, *PolicyGround},
    }
)


def _check(form: TriageForm) -> None:
    wrong = [
        (name, getattr(form, name)) for name in CODES if getattr(form, name) not in CODES[name]
    ]
    wrong += [("flags", flag) for flag in form.flags or () if flag not in set(FLAGS)]
    if wrong:
        field, value = wrong[0]
        raise NotPossible(
            _("“%(value)s” is not a value of %(field)s.") % {"value": value, "field": field}
        )
    Fault.of(
        share=form.fault_share,
        can_help=form.can_help,
        basis=form.fault_basis,
        words=form.fault_words,
    )
