"""The criticism guard: why a measure may not be taken, as codes; an empty answer lets it pass (K20).

    S0.11 S0.12 S2.11 S3.6   criticism is neither deleted nor hidden
    S0.15 S2.33 S2.34 S3.9   conduct that a published clause names may be acted upon
    S2.35 S4.14              angry, confused, on the topic but negative: protected

There is no ground for negative sentiment: a clause has one of the grounds of tier A or B, or nothing
happens. The same questions are asked when a measure is proposed and again right before the channel acts,
then of the stored row. Nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amends.cases.models import Case, Triage, Verdict
from amends.cases.triage import latest_triage, verdict_on, words_to_judge
from amends.connectors.kit.manifest import Action, Mode
from amends.core.policy.policy import Clause
from amends.core.vocabulary import Category, PolicyGround
from amends.inbox.channels import manifest_of
from amends.inbox.models import ChannelAccount, Version
from amends.inbox.queries import latest_version
from amends.measures.clauses import announced, longest_ban, policy_when_posted
from amends.measures.ladder import AGAINST_PERSONS, REMOVALS, RUNG, rung_due, tier_of
from amends.measures.models import Measure, MeasureKind, MeasureStatus, ReviewPage, Tier
from amends.measures.publish_policy import PublishedPolicy
from amends.measures.strikes import reached_rung, was_warned
from amends.record.keep import is_unaltered

CRITICISM = frozenset(
    {
        Category.BUSINESS_ERROR,
        Category.MISUNDERSTANDING,
        Category.GENERAL_NEGATIVITY,
        Category.EMPLOYEE,
        Category.VAGUE,
    }
)
ACTIONS = {
    MeasureKind.HIDE: Action.HIDE,
    MeasureKind.DELETE: Action.DELETE_OTHERS,
    MeasureKind.TEMPORARY_BAN: Action.BAN,
    MeasureKind.BAN: Action.BAN,
    MeasureKind.BLOCK: Action.BLOCK,
    MeasureKind.REPORT: Action.REPORT,
}
IN_FORCE = (
    MeasureStatus.WAITING,
    MeasureStatus.READY,
    MeasureStatus.ACTING,
    MeasureStatus.UNKNOWN,
    MeasureStatus.DONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A measure that somebody wants; `words` are places in the version, `quoted` what they read there."""

    kind: MeasureKind
    clause: str
    words: tuple[tuple[int, int], ...]
    quoted: tuple[str, ...] | None = None
    until: datetime | None = None
    reason: str = ""
    skipped_because: str = ""
    is_bulk: bool = False

    @classmethod
    def of(cls, measure: Measure) -> Wanted:
        """What a stored measure asks for, whoever wrote the row."""
        return cls(
            kind=MeasureKind(measure.kind),
            clause=measure.clause,
            words=tuple(tuple(place) for place in measure.words),
            until=measure.until,
            reason=measure.reason,
            skipped_because=measure.skipped_because,
            is_bulk=measure.is_bulk,
        )


@dataclass(frozen=True, slots=True)
class Matter:
    """What a measure would be taken against, read once."""

    case: Case
    version: Version | None
    policy: PublishedPolicy | None
    triage: Triage | None
    verdict: Verdict | None

    @property
    def is_criticism_confirmed(self) -> bool:
        return self.triage is not None and is_criticism(self.triage)

    @property
    def is_criticism(self) -> bool:
        """Whether a person or the engine sees a complaint or an opinion; unknown counts as one."""
        if self.triage is None and self.verdict is None:
            return True
        suspected = self.verdict is not None and is_criticism(self.verdict)
        return suspected or self.is_criticism_confirmed

    @property
    def is_tier_a_seen(self) -> bool:
        """Whether the engine sees a ground of tier A in these words, whatever a person says of them."""
        said = self.verdict.assessment.get("policy_ground", {}) if self.verdict else {}
        return tier_of(str(said.get("label", ""))) is Tier.A

    def clause(self, clause_id: str) -> Clause | None:
        return self.policy.policy.clause(clause_id) if self.policy else None

    def ground_of(self, clause_id: str) -> str:
        """The ground of a clause of that policy; empty where it has none."""
        clause = self.clause(clause_id)
        return str(clause.ground) if clause is not None else ""


def read_matter(case: Case) -> Matter:
    """The latest words of the case, the policy that was public when they were posted, what they are."""
    version = words_to_judge(case)
    return Matter(
        case=case,
        version=version,
        policy=policy_when_posted(version) if version else None,
        triage=latest_triage(case),
        verdict=verdict_on(version) if version else None,
    )


def objections(
    matter: Matter, wanted: Wanted, *, now: datetime, stored: Measure | None = None
) -> tuple[str, ...]:
    """Every reason against it, each a stable code, none twice; empty lets it pass.

    `stored` is the row that is being carried out, which does not stand in its own way.
    """
    if matter.version is None:
        return ("no_words_captured",)
    ground = matter.ground_of(wanted.clause)
    found = [
        *_against_clause(matter, wanted, ground, now=now),
        *_against_words(matter.version, wanted),
        *_against_evidence(matter.version),
        *_against_removal(matter, wanted, ground),
        *_against_rung(matter, wanted, ground, now=now, stored=stored),
        *_against_channel(matter.case, wanted.kind),
        *_against_repetition(matter, wanted, stored=stored),
    ]
    return tuple(dict.fromkeys(found))


def places_are_sound(text: str, places: object) -> bool:
    """Whether these are places of words in exactly this text, in order and apart."""
    if not isinstance(places, list | tuple) or not places:
        return False
    reached = 0
    for place in places:
        if not isinstance(place, list | tuple) or len(place) != 2:
            return False
        start, end = place
        if type(start) is not int or type(end) is not int:
            return False
        if not reached <= start < end <= len(text) or not text[start:end].strip():
            return False
        reached = end
    return True


def capability_mode(account: ChannelAccount, kind: MeasureKind) -> Mode:
    """How the channel carries a measure out; what it says nothing about, a person may still do there."""
    if kind in {MeasureKind.WARN, MeasureKind.LEGAL}:
        return Mode.API
    capability = manifest_of(account).capabilities.get(ACTIONS[kind])
    return Mode.ASSISTED if capability is None else capability.mode


def _against_clause(matter: Matter, wanted: Wanted, ground: str, *, now: datetime) -> list[str]:
    """The clause must be one of that policy, about conduct, and have announced what is to follow (S4.10)."""
    if matter.policy is None:
        return ["no_policy"]
    clause = matter.clause(wanted.clause)
    if clause is None:
        return ["no_clause"]
    if tier_of(ground) is None:
        return ["criticism"]
    if wanted.kind not in announced(clause):
        return ["not_announced"]
    longest = longest_ban(clause)
    is_longer = longest is not None and wanted.until is not None and wanted.until - now > longest
    return ["longer_than_announced"] if is_longer else []


def _against_words(version: Version, wanted: Wanted) -> list[str]:
    if not wanted.words:
        return ["no_words"]
    text = version.text
    if not places_are_sound(text, wanted.words):
        return ["words_not_there"]
    if wanted.quoted is not None:
        read = tuple(text[start:end] for start, end in wanted.words)
        if read != wanted.quoted:
            return ["words_not_there"]
    return []


def _against_evidence(version: Version) -> list[str]:
    """The words must be as they were captured: what was redacted or altered proves nothing."""
    if version.content is None or version.content.is_redacted:
        return ["no_evidence"]
    return [] if is_unaltered(version.content) else ["evidence_altered"]


def _against_removal(matter: Matter, wanted: Wanted, ground: str) -> list[str]:
    """C1: the criticism stays. A mixed post is answered and warned about, and stays unless tier A."""
    if wanted.kind not in REMOVALS:
        return []
    found = []
    tier = tier_of(ground)
    is_review = ReviewPage.objects.filter(account=matter.case.comment.account_id).exists()
    if is_review and (wanted.kind is MeasureKind.DELETE or tier is not Tier.A):
        found.append("review_locked")
    if tier is not Tier.A and ground != PolicyGround.SPAM and not _is_triaged(matter):
        found.append("triage_first")
    if tier is not Tier.A and matter.is_criticism_confirmed:
        found.append("mixed_post_stays")
    return found


def _against_rung(
    matter: Matter, wanted: Wanted, ground: str, *, now: datetime, stored: Measure | None
) -> list[str]:
    found = []
    author = matter.case.comment.author
    is_tier_a = tier_of(ground) is Tier.A
    if wanted.kind is MeasureKind.TEMPORARY_BAN and (wanted.until is None or wanted.until <= now):
        found.append("needs_an_end")
    if wanted.kind is not MeasureKind.TEMPORARY_BAN and wanted.until is not None:
        found.append("has_no_end")
    needs_warning = not is_tier_a and ground != PolicyGround.SPAM
    if needs_warning and wanted.kind is not MeasureKind.WARN and not was_warned(author, now=now):
        found.append("warn_first")
    reached = reached_rung(author, now=now, apart_from=stored)
    is_beside = wanted.kind is MeasureKind.REPORT and (is_tier_a or ground == PolicyGround.SPAM)
    is_skipping = RUNG[wanted.kind] > rung_due(reached, ground=ground) and not is_beside
    if is_skipping and not wanted.skipped_because.strip():
        found.append("rung_skipped")
    return found


def _against_channel(case: Case, kind: MeasureKind) -> list[str]:
    comment = case.comment
    if comment.is_ours:
        return ["own_comment"]
    mode = capability_mode(comment.account, kind)
    return ["channel_cannot"] if mode is Mode.NONE else []


def _against_repetition(matter: Matter, wanted: Wanted, *, stored: Measure | None) -> list[str]:
    same = Measure.objects.filter(status__in=IN_FORCE, kind=wanted.kind)
    if wanted.kind in AGAINST_PERSONS:
        same = same.filter(
            author=matter.case.comment.author_id, account=matter.case.comment.account_id
        )
    else:
        same = same.filter(comment=matter.case.comment_id)
    if wanted.kind is MeasureKind.WARN:
        same = same.filter(version=matter.version)
    if stored is not None:
        same = same.exclude(pk=stored.pk)
    found = ["already_done"] if same.exists() else []
    latest = latest_version(matter.case.comment)
    if wanted.kind in REMOVALS and (latest is None or latest.is_tombstone):
        found.append("gone_already")
    return found


def _is_triaged(matter: Matter) -> bool:
    return matter.triage is not None and matter.triage.version_id == (
        matter.version.pk if matter.version else None
    )


def is_criticism(judged: Triage | Verdict) -> bool:
    """Whether a person or the engine sees a complaint or an opinion, however rude."""
    return judged.is_complaint or judged.category in CRITICISM
