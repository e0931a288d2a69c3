"""The troll test (K08): presume a customer until three questions and the author's silence say otherwise.

Is it on topic? Is it a concern or a reasoned claim? Is it constructive or founded? One yes, and the label is
impossible. All no: ask about the experience once. Without a usable answer a second person may confirm the
label, which names conduct in words that were tested, never a person; new words make it a thing of the past.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_approve, may_triage, refuse_unless
from amends.cases.models import Case, Experience, Ruled, TrollAnswer, TrollRuling, TrollTest
from amends.cases.our_word import spoken_since
from amends.cases.second_person import require_second_person
from amends.cases.transitions import NotPossible, log_on_case
from amends.cases.triage import words_to_judge
from amends.core.read_once import read_once
from amends.inbox.models import Version

TIME_TO_ANSWER = timedelta(hours=24)  # before "no answer" can be said; a default of ours
MAX_CHARS = 500
MOST_QUOTES = 10
# A label for a person where conduct belongs; the word alone is enough to say so.
_NAMES_A_PERSON = re.compile(r"(?<!\w)(troll?s?|troll?er|тролл\w*)(?!\w)", re.IGNORECASE)


class TrollStage(StrEnum):
    """How far the test of the words at hand has come."""

    NONE = "none"
    NOT_A_TROLL = "not_a_troll"  # one yes
    ASK = "ask"  # all no: ask about the experience
    COMPLAINT = "complaint"  # a usable answer came
    SECOND_PERSON = "second_person"  # the label waits for another pair of eyes
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    OVERTURNED = "overturned"
    PAST = "past"  # the author has written again since: the test was of other words


@dataclass(frozen=True, slots=True)
class TrollForm:
    """The three answers; where all are no, what was done and the words that show it."""

    is_on_topic: bool
    has_concern: bool
    is_constructive: bool
    conduct: str = ""
    quotes: Sequence[str] = ()


def take_test(case: Case, *, form: TrollForm, by: User, now: datetime) -> TrollTest:
    """Answer the three questions. Raises NotPossible without words, or for a suspicion without conduct."""
    refuse_unless(may_triage(by, case.workspace), _("take the troll test"))
    version = words_to_judge(case)
    if version is None:
        raise NotPossible(_("There are no words to judge."))
    is_suspected = not (form.is_on_topic or form.has_concern or form.is_constructive)
    conduct = form.conduct.strip() if is_suspected else ""
    places = _places(form.quotes, version=version) if is_suspected else []
    if is_suspected:
        _check_conduct(conduct, places=places)
    with transaction.atomic():
        test = TrollTest.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            version=version,
            is_on_topic=form.is_on_topic,
            has_concern=form.has_concern,
            is_constructive=form.is_constructive,
            conduct=conduct,
            quotes=places,
            taken_by=by,
            taken_at=now,
        )
        about = {"test": test.pk, "version": version.pk, "is_suspected": is_suspected}
        log_on_case(case, "troll.test", actor=actor_of(by), now=now, data=about)
    return test


def note_experience(test: TrollTest, *, experience: str, by: User, now: datetime) -> TrollAnswer:
    """Say what came of asking about the experience, once.

    Raises NotPossible before we asked, for "no answer" within the time to answer, and the second time.
    """
    case = test.case
    refuse_unless(may_triage(by, case.workspace), _("take the troll test"))
    if experience not in set(Experience.values):
        raise NotPossible(_("Choose one of the answers offered."))
    if stage_of(case) != TrollStage.ASK:
        raise NotPossible(_("Nothing is asked here any more."))
    asked_at = spoken_since(case, since=test.taken_at)
    if asked_at is None:
        raise NotPossible(_("Ask about the experience first: send the question as a reply."))
    if experience == Experience.NONE and now < asked_at + TIME_TO_ANSWER:
        raise NotPossible(_("Give the author a day to answer."))
    try:
        with transaction.atomic():
            answer = TrollAnswer.objects.create(
                workspace_id=case.workspace_id,
                test=test,
                experience=experience,
                noted_by=by,
                noted_at=now,
            )
            about = {"test": test.pk, "experience": experience}
            log_on_case(case, "troll.answer", actor=actor_of(by), now=now, data=about)
    except IntegrityError:
        raise NotPossible(_("Somebody else noted the answer in the meantime.")) from None
    return answer


def rule_label(
    test: TrollTest, *, is_confirmed: bool, by: User, now: datetime, reason: str = ""
) -> TrollRuling:
    """The second person confirms the label, or refuses it and says why.

    Raises NotPossible for whoever took the test (unless they are alone and the pause has passed).
    """
    case = test.case
    refuse_unless(may_approve(by, case.workspace), _("confirm a label"))
    if stage_of(case) != TrollStage.SECOND_PERSON or _latest(case) != test:
        raise NotPossible(_("There is no label to confirm here any more: look at the case again."))
    if not is_confirmed and not reason.strip():
        raise NotPossible(_("Say why the label does not hold."))
    alone = False
    if is_confirmed:
        alone = require_second_person(
            case.workspace,
            first={test.taken_by_id},
            since=test.answer.noted_at,
            by=by,
            now=now,
        )
    ruled = Ruled.CONFIRMED if is_confirmed else Ruled.REFUSED
    return _rule(test, ruled=ruled, reason=reason, is_solo=alone, by=by, now=now)


def overturn_label(test: TrollTest, *, reason: str, by: User, now: datetime) -> TrollRuling:
    """Take a confirmed label back, with a reason; it is counted (M19). Raises NotPossible."""
    refuse_unless(may_triage(by, test.case.workspace), _("overturn a label"))
    if not test.rulings.filter(ruled=Ruled.CONFIRMED).exists():
        raise NotPossible(_("There is no confirmed label here."))
    if not reason.strip():
        raise NotPossible(_("Say why the label does not hold."))
    return _rule(test, ruled=Ruled.OVERTURNED, reason=reason, is_solo=False, by=by, now=now)


def stage_of(case: Case) -> TrollStage:
    """How far the test of the words at hand has come."""
    test = _latest(case)
    return TrollStage.NONE if test is None else stage_of_test(test)


def stage_of_test(test: TrollTest) -> TrollStage:
    """The same of a test that was read already (`latest_test`)."""
    said = [one.ruled for one in sorted(test.rulings.all(), key=lambda one: one.pk)]
    if Ruled.OVERTURNED in said:
        return TrollStage.OVERTURNED
    answer = getattr(test, "answer", None)
    if _is_past(test, answer=answer):
        return TrollStage.PAST
    if said:
        return TrollStage.CONFIRMED if said[-1] == Ruled.CONFIRMED else TrollStage.REFUSED
    if test.has_yes:
        return TrollStage.NOT_A_TROLL
    if answer is None:
        return TrollStage.ASK
    is_usable = answer.experience == Experience.USABLE
    return TrollStage.COMPLAINT if is_usable else TrollStage.SECOND_PERSON


def is_troll_confirmed(case: Case) -> bool:
    """Whether two people confirmed the label for the words at hand, and nobody overturned it."""
    return stage_of(case) == TrollStage.CONFIRMED


def latest_test(case: Case) -> TrollTest | None:
    """The last test of a case, with all that followed from it."""
    return _latest(case)


def quoted_words(test: TrollTest) -> list[str]:
    """The words that show the conduct; none once they were erased."""
    text = test.version.text
    return [text[start:end] for start, end in test.quotes if text[start:end]]


@read_once
def _latest(case: Case) -> TrollTest | None:
    return (
        TrollTest.objects.filter(case=case)
        .select_related("answer", "version__content", "taken_by", "case__workspace")
        .prefetch_related("rulings__ruled_by")
        .order_by("-taken_at", "-pk")
        .first()
    )


def _is_past(test: TrollTest, *, answer: TrollAnswer | None) -> bool:
    """While we ask, an answer may come; what came after it, or an edit of the words, was not judged."""
    latest = words_to_judge(test.case)
    if latest is None or latest.pk == test.version_id:
        return False
    if latest.comment_id == test.version.comment_id or test.has_yes:
        return True
    return answer is not None and max(latest.captured_at, latest.occurred_at) > answer.noted_at


def _places(quotes: Sequence[str], *, version: Version) -> list[list[int]]:
    """Where the quoted words stand in the version; raises NotPossible for words that do not."""
    places = []
    text = version.text
    for raw in quotes:
        said = raw.strip().strip("“”\"'«»„")
        if not said:
            continue
        start = text.find(said)
        if start < 0:
            raise NotPossible(
                _("“%(words)s” does not stand in the comment.") % {"words": said[:80]}
            )
        places.append([start, start + len(said)])
    return places[:MOST_QUOTES]


def _check_conduct(conduct: str, *, places: list[list[int]]) -> None:
    if not conduct or len(conduct) > MAX_CHARS:
        raise NotPossible(
            _("Say what was done, in at most %(count)d characters.") % {"count": MAX_CHARS}
        )
    if _NAMES_A_PERSON.search(conduct):
        raise NotPossible(_("Say what was done, not what somebody is."))
    if not places:
        raise NotPossible(_("Quote the words that show it."))


def _rule(
    test: TrollTest, *, ruled: Ruled, reason: str, is_solo: bool, by: User, now: datetime
) -> TrollRuling:
    try:
        with transaction.atomic():
            ruling = TrollRuling.objects.create(
                workspace_id=test.workspace_id,
                test=test,
                ruled=ruled,
                reason=reason.strip()[:MAX_CHARS],
                is_solo=is_solo,
                ruled_by=by,
                ruled_at=now,
            )
            about = {"test": test.pk, "ruled": ruled.value, "is_solo": is_solo}
            log_on_case(test.case, "troll.rule", actor=actor_of(by), now=now, data=about)
            Case.objects.filter(pk=test.case_id, next_step__in=["", "watch_clock"]).exclude(
                status__in=["resolved", "no_action"]
            ).update(next_step="decide_again", due_at=now, lease_token="", leased_until=None)
    except IntegrityError:
        raise NotPossible(_("Somebody else ruled on this in the meantime.")) from None
    return ruling
