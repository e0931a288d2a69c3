"""Deliberate silence (C3): after the troll test, decided by two people, looked at again after a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_approve, may_close, refuse_unless
from amends.cases.close import MAX_REASON, end_case, reopen_case
from amends.cases.decide import latest_decision
from amends.cases.models import (
    Case,
    CaseStatus,
    Disposition,
    DispositionCode,
    SilenceGround,
    SilenceLook,
    SilenceProposal,
    SilenceRuling,
)
from amends.cases.our_word import is_answered
from amends.cases.second_person import require_second_person
from amends.cases.transitions import NotPossible, log_on_case, may_move
from amends.cases.triage import words_to_judge
from amends.cases.troll_test import is_troll_confirmed
from amends.cases.watch_clock import LOOK_AGAIN

LOOK_AFTER = timedelta(hours=24)
# The rows of the playbook that recommend to leave it there, and the ground that each of them gives.
SILENT_RULES = MappingProxyType({"D11": SilenceGround.VINDICTIVE, "D15": SilenceGround.BAIT})


def grounds_of(case: Case) -> tuple[SilenceGround, ...]:
    """What would allow silence now; empty where nothing does."""
    if not case.is_open or not may_move(case, to=CaseStatus.NO_ACTION):
        return ()
    found = []
    if is_troll_confirmed(case):
        found.append(SilenceGround.TROLL)
    decision = latest_decision(case)
    rule = decision.rule_id if decision and decision.triage_id else ""
    # D11 asks for one factual reply that everybody can read, before nothing more is said.
    if rule in SILENT_RULES and (rule != "D11" or is_answered(case)):
        found.append(SILENT_RULES[rule])
    return tuple(found)


def propose_silence(
    case: Case, *, ground: str, reason: str, by: User, now: datetime
) -> SilenceProposal:
    """Ask a second person to leave the words without an answer. Raises NotPossible without a ground."""
    refuse_unless(may_close(by, case.workspace), _("close cases"))
    if ground not in grounds_of(case):
        raise NotPossible(
            _("Silence needs the troll test, or a row of the playbook that recommends it.")
        )
    if not reason.strip():
        raise NotPossible(_("Say why: a case is never closed without a reason."))
    version = words_to_judge(case)
    if version is None:
        raise NotPossible(_("There are no words to judge."))
    if open_proposal(case) is not None:
        raise NotPossible(_("Silence is proposed already: it waits for a second person."))
    with transaction.atomic():
        proposal = SilenceProposal.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            version=version,
            ground=ground,
            reason=reason.strip()[:MAX_REASON],
            proposed_by=by,
            proposed_at=now,
        )
        about = {"proposal": proposal.pk, "ground": ground}
        log_on_case(case, "silence.propose", actor=actor_of(by), now=now, data=about)
    return proposal


def open_proposal(case: Case) -> SilenceProposal | None:
    """The proposal that waits for a second person; one for words that changed since is void."""
    proposal = (
        SilenceProposal.objects.filter(case=case, ruling__isnull=True)
        .select_related("proposed_by", "case__workspace")
        .order_by("-pk")
        .first()
    )
    if proposal is None or not case.is_open:
        return None
    version = words_to_judge(case)
    return proposal if version is not None and version.pk == proposal.version_id else None


def rule_on_silence(
    proposal: SilenceProposal, *, is_agreed: bool, by: User, now: datetime, reason: str = ""
) -> SilenceRuling:
    """Agree, which closes the case until the second look, or refuse and say why.

    Raises NotPossible for whoever proposed it (unless alone, after the pause) and when the ground is gone.
    """
    case = proposal.case
    refuse_unless(may_approve(by, case.workspace), _("agree to silence"))
    if open_proposal(case) != proposal:
        raise NotPossible(_("This proposal does not stand any more: look at the case again."))
    if not is_agreed and not reason.strip():
        raise NotPossible(_("Say why it should be answered."))
    alone = False
    if is_agreed:
        if proposal.ground not in grounds_of(case):
            raise NotPossible(_("What allowed the silence does not hold any more."))
        alone = require_second_person(
            case.workspace,
            first={proposal.proposed_by_id},
            since=proposal.proposed_at,
            by=by,
            now=now,
        )
    try:
        with transaction.atomic():
            ruling = SilenceRuling.objects.create(
                workspace_id=case.workspace_id,
                proposal=proposal,
                is_agreed=is_agreed,
                reason=reason.strip()[:MAX_REASON],
                is_solo=alone,
                ruled_by=by,
                ruled_at=now,
            )
            about = {"proposal": proposal.pk, "is_agreed": is_agreed, "is_solo": alone}
            log_on_case(case, "silence.rule", actor=actor_of(by), now=now, data=about)
            if is_agreed:
                _fall_silent(case, proposal=proposal, by=by, is_solo=alone, now=now)
    except IntegrityError:
        raise NotPossible(_("Somebody else ruled on this in the meantime.")) from None
    return ruling


def note_look(
    case: Case, *, still_holds: bool, reason: str, by: User, now: datetime
) -> SilenceLook:
    """Say what the second look showed: it stays so, or the case is taken up again.

    Raises NotPossible before the look is due, and for a case that is not silent.
    """
    refuse_unless(may_close(by, case.workspace), _("close cases"))
    ending = case.dispositions.order_by("-pk").first()
    if case.disposition != DispositionCode.SILENCE or ending is None:
        raise NotPossible(_("This case is not silent."))
    if case.look_due_at is None or now < case.look_due_at:
        raise NotPossible(_("It is not time to look again yet."))
    try:
        with transaction.atomic():
            look = SilenceLook.objects.create(
                workspace_id=case.workspace_id,
                disposition=ending,
                still_holds=still_holds,
                reason=reason.strip()[:MAX_REASON],
                looked_by=by,
                looked_at=now,
            )
            done = {"look_due_at": None, "look_asked_at": None}
            Case.objects.filter(pk=case.pk).update(**done, next_step="", due_at=None)
            case.look_due_at = case.look_asked_at = None
            about = {"still_holds": still_holds}
            log_on_case(case, "silence.look", actor=actor_of(by), now=now, data=about)
            if not still_holds:
                reopen_case(case, by=by, now=now)
    except IntegrityError:
        raise NotPossible(_("Somebody else has looked at it in the meantime.")) from None
    return look


def _fall_silent(
    case: Case, *, proposal: SilenceProposal, by: User, is_solo: bool, now: datetime
) -> None:
    ending = Disposition(
        code=DispositionCode.SILENCE,
        reason=proposal.reason,
        closed_by_id=proposal.proposed_by_id,
        agreed_by=by,
        is_solo=is_solo,
        closed_at=now,
    )
    end_case(case, ending=ending, to=CaseStatus.NO_ACTION, by=by)
    due_at = now + LOOK_AFTER
    Case.objects.filter(pk=case.pk).update(
        look_due_at=due_at, next_step=LOOK_AGAIN, due_at=due_at, attempts=0
    )
    case.look_due_at = due_at
