"""Step 3, triage (second half): a person confirms what the matter is, helped by the engine's suggestion."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_triage, refuse_unless
from amends.cases.live import choose_verdict, live_release
from amends.cases.models import Case, CaseStatus, Triage, Verdict
from amends.cases.transitions import NotPossible, log_on_case, may_move, move_case
from amends.core.vocabulary import Arousal, Category, Sentiment, Severity
from amends.inbox.models import Version
from amends.inbox.queries import last_words, versions_of


@dataclass(frozen=True, slots=True)
class TriageForm:
    """What a person says about a comment; `fault_share` in per cent, None while it is unknown.

    `verdict_seen` is the verdict that stood beside the form: another one may have come meanwhile.
    """

    category: str
    sentiment: str
    is_complaint: bool
    severity: str
    arousal: str
    fault_share: int | None = None
    fault_basis: str = ""
    can_help: bool | None = None
    verdict_seen: int | None = None


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
)


def suggest_triage(case: Case) -> TriageSuggestion:
    """The engine's suggestion for the latest words, or the last confirmed triage where there is one."""
    version = words_to_judge(case)
    verdict = verdict_on(version) if version else None
    suggestion = _from_verdict(verdict)
    confirmed = latest_triage(case)
    if confirmed is None:
        return suggestion
    return replace(suggestion, form=form_of(confirmed))


def confirm_triage(case: Case, *, form: TriageForm, by: User, now: datetime) -> Triage:
    """Store what the person confirms, and on which fields they differ from the engine.

    Raises NotPossible when there is nothing to judge or a value is none.
    """
    refuse_unless(may_triage(by, case.workspace), _("confirm the triage"))
    _check(form)
    version = words_to_judge(case)
    if version is None:
        raise NotPossible(_("There are no words to judge."))
    verdict = _verdict_seen(version, form)
    suggested = _from_verdict(verdict).form
    said = {name: getattr(form, name) for name in _SAID}
    differing = [
        name
        for name in ENGINE_FIELDS
        if verdict and getattr(form, name) != getattr(suggested, name)
    ]
    with transaction.atomic():
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
        log_on_case(
            case,
            "case.triage",
            actor=actor_of(by),
            now=now,
            data={**said, "version": version.pk, "changed": differing},
        )
    return triage


_SAID = tuple(one.name for one in fields(TriageForm) if one.name != "verdict_seen")
ENGINE_FIELDS = ("category", "sentiment", "is_complaint", "severity", "arousal")


def words_to_judge(case: Case) -> Version | None:
    """The latest words of the comment that is to be answered, also when it was taken down since."""
    return last_words(versions_of(case.comment))


def verdict_on(version: Version) -> Verdict | None:
    """What the engine in use says: another one's later or earlier verdict stays, but does not count."""
    verdicts = list(version.verdicts.order_by("-created_at", "-pk"))
    if len(verdicts) < 2:
        return verdicts[0] if verdicts else None
    return choose_verdict(verdicts, live=live_release(version.workspace_id))


def latest_triage(case: Case) -> Triage | None:
    return case.triages.order_by("-confirmed_at", "-pk").first()


def form_of(triage: Triage) -> TriageForm:
    return TriageForm(**{name: getattr(triage, name) for name in _SAID})


def _verdict_seen(version: Version, form: TriageForm) -> Verdict | None:
    seen = version.verdicts.filter(pk=form.verdict_seen).first() if form.verdict_seen else None
    return seen or verdict_on(version)


def _from_verdict(verdict: Verdict | None) -> TriageSuggestion:
    if verdict is None:
        return TriageSuggestion(UNKNOWN, None, sure=dict.fromkeys(ENGINE_FIELDS, False))
    said = verdict.assessment
    form = TriageForm(
        category=verdict.category,
        sentiment=verdict.sentiment,
        is_complaint=verdict.is_complaint,
        severity=verdict.severity,
        arousal=said["arousal"]["label"],
    )
    sure = {
        name: bool(said["complaint" if name == "is_complaint" else name]["sure"])
        for name in ENGINE_FIELDS
    }
    return TriageSuggestion(form, verdict, sure=sure, reasons=tuple(said["reasons"]))


def _check(form: TriageForm) -> None:
    for name, codes in (
        ("category", Category),
        ("sentiment", Sentiment),
        ("severity", Severity),
        ("arousal", Arousal),
    ):
        if getattr(form, name) not in set(codes):
            raise NotPossible(
                _("“%(value)s” is not a value of %(field)s.")
                % {"value": getattr(form, name), "field": name}
            )
    if form.fault_share is not None and not 0 <= form.fault_share <= 100:
        raise NotPossible(_("The fault share is a number from 0 to 100."))
    if form.fault_share is not None and not form.fault_basis:
        raise NotPossible(
            _("Say what the fault share rests on: order data, a department, an admission.")
        )
