"""Reads a draft with the linter: what the case knows goes in, findings and components come out.

Nothing is stored here; `override.py` keeps what was found when a text is handed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from amends.accounts.change_brand_profile import brand_profile_in_force
from amends.accounts.models import BrandProfile
from amends.cases.decide import latest_decision
from amends.cases.models import Case, CaseStatus
from amends.cases.override_decision import what_counts
from amends.cases.triage import latest_triage
from amends.core.read_once import read_once
from amends.core.vocabulary import UNDETERMINED
from amends.inbox.models import Comment
from amends.replies.avoided import find_avoided
from amends.replies.mend import Edit, mend
from amends.replies.models import PromiseStatus, Reply, ReplyPurpose, ReplyStatus
from amends.replies.promise import promises_of
from amends.replies.starting_points import still_a_point
from amends.replies.way import link_prefix, way_of
from amends_engine.lint.context import parse_context
from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import Finding as Remark
from amends_engine.lint.finding import Level
from amends_engine.lint.guess import guess_language
from amends_engine.lint.language import languages, load_language
from amends_engine.lint.lint import lint_reply, read_draft
from amends_engine.lint.verdict import reach_verdict

OWN_WORDS = "brand"  # code of findings that the brand's profile asks for
STARTING_POINT = "starting"  # code of the finding that a draft still is one
OWN_LEVEL: Level = "warn"
RECENT = 50  # replies of the account that a draft is held against (Q12)
NEVER_OVERRIDDEN = frozenset({"Q16", "Q24"})  # personal data, and a status that is not true
CHECKED_BY_THEM = 20_000  # characters; drafts are no longer than that

# The form that suits a channel where nothing else was agreed, and the one for grave matters.
ADDRESS = MappingProxyType({"tr": "siz", "ru": "vy", "nl": "je", "id": "kak"})
GRAVE_ADDRESS = MappingProxyType({"nl": "u", "id": "anda"})


@dataclass(frozen=True, slots=True)
class Found:
    """One finding with its words: `start` and `end` count code points of the draft, or are None.

    `message` is in the reader's language, `suggestion` in that of the reply.
    """

    code: str
    level: str
    reason: str
    start: int | None
    end: int | None
    words: str
    message: str
    suggestion: str
    sources: tuple[str, ...]
    edit: Edit | None
    sentence: str  # the whole sentence in which it stands, empty where nothing can be pointed at

    @property
    def is_block(self) -> bool:
        return self.level == "block"

    @property
    def may_override(self) -> bool:
        return self.code not in NEVER_OVERRIDDEN


@dataclass(frozen=True, slots=True)
class Component:
    """A part that the decision asks for; `is_found` is None where only a person can tell."""

    code: str
    is_found: bool | None


@dataclass(frozen=True, slots=True)
class Linted:
    """What the linter says of one text; `linter` names what it knew."""

    text: str
    verdict: str
    score: int
    findings: tuple[Found, ...]
    components: tuple[Component, ...]
    language: str
    linter: str

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each level there are; levels without any are left out."""
        return dict(Counter(one.level for one in self.findings))

    @property
    def blocking(self) -> tuple[str, ...]:
        """The checks that stop the text, each once, in order."""
        return tuple(sorted({one.code for one in self.findings if one.is_block}))

    @property
    def may_override(self) -> bool:
        return NEVER_OVERRIDDEN.isdisjoint(self.blocking)


@read_once
def lint_draft(reply: Reply, *, now: datetime, text: str | None = None, reader: str = "") -> Linted:
    """What the linter says of a reply, or of `text` in its place; stores nothing.

    `reader` is the language in which findings are explained; without it that of the reply.
    """
    said = (reply.text if text is None else text)[:CHECKED_BY_THEM]
    comment = words_answered(reply)
    profile = brand_profile_in_force(reply.case.brand)
    context = parse_context(_gather(reply, profile=profile, now=now))
    lang = language_of(reply)
    result = lint_reply(said, comment=comment, context=context, lang=lang)
    draft = read_draft(said, comment=comment, context=context, lang=lang)
    explain = _explain(reader, spoken=result.language)
    sentences = tuple((one.start, one.end) for one in draft.reply.sentences)
    public = _public_names(reply, signatures=context.signatures)
    standing = [one for one in result.findings if not _is_public_name(one, text=said, known=public)]
    own = (*_avoided(said, profile=profile, sentences=sentences), *_unchanged(reply, text=said))
    levels: list[Level] = [one.level for one in standing]
    verdict, score = reach_verdict([*levels, *(OWN_LEVEL for _one in own)])
    return Linted(
        text=said,
        verdict=verdict,
        score=score,
        findings=(
            *(_found(one, text=said, explain=explain, sentences=sentences) for one in standing),
            *own,
        ),
        components=tuple(_component(code, draft) for code in context.required),
        language=result.language,
        linter=f"{result.language} {load_language(result.language).version}",
    )


def _avoided(
    text: str, *, profile: BrandProfile | None, sentences: tuple[tuple[int, int], ...]
) -> tuple[Found, ...]:
    """The words that the brand's profile asks not to use: a code of its own, no check of the linter."""
    places = find_avoided(text, words=profile.avoided) if profile else ()
    message = _("The brand's profile asks not to use this word.")
    return tuple(
        Found(
            code=OWN_WORDS,
            level=OWN_LEVEL,
            reason=OWN_WORDS,
            start=start,
            end=end,
            words=text[start:end],
            message=message,
            suggestion="",
            sources=("K40",),
            edit=None,
            sentence=_sentence(start, text=text, sentences=sentences),
        )
        for start, end in places
    )


def _unchanged(reply: Reply, *, text: str) -> tuple[Found, ...]:
    """That the text still is a starting point; handing it over is refused, so here it is a warning."""
    still = still_a_point(reply, text=text)
    if still is None:
        return ()
    first = still.left[0] if still.left else None
    return (
        Found(
            code=STARTING_POINT,
            level=OWN_LEVEL,
            reason=STARTING_POINT,
            start=first.start if first else None,
            end=first.end if first else None,
            words=first.words if first else "",
            message=still.message,
            suggestion="",
            sources=("R20", "K19"),
            edit=None,
            sentence=first.words if first else "",
        ),
    )


def is_whole_statement(text: str, *, language: str) -> bool:
    """Whether a statement of reasons says all that it must (Q26), whatever it is about."""
    context = parse_context({"required": ["SOR"]})
    result = lint_reply(text, context=context, lang=language)
    return not any(one.check == "Q26" for one in result.findings)


def gather_context(reply: Reply, *, now: datetime) -> dict[str, Any]:
    """What is known around a reply, in the keys of the linter; what nobody knows is left out."""
    return _gather(reply, profile=brand_profile_in_force(reply.case.brand), now=now)


def _gather(reply: Reply, *, profile: BrandProfile | None, now: datetime) -> dict[str, Any]:
    case = reply.case
    decision = latest_decision(case)
    way = way_of(reply)
    zone = ZoneInfo(case.brand.time_zone)
    context: dict[str, Any] = {
        **_matter(case),
        "channel": way.kind,
        "public": way.public,
        "case_state": "resolved" if _is_settled(reply) else "open",
        "private_links": [link_prefix()],
        "recent_replies": recent_replies(reply),
        "turns_public": _turns(reply),
        "troll_confirmed": False,
        "channel_owner": "own",
        "signatures": _signatures(reply, profile=profile),
        "now": _local(now, zone),
        "promises": [
            {"text": one.text, "owner": str(one.owner), "due": _local(one.promised_for, zone)}
            for one in promises_of(case)
            if one.status != PromiseStatus.BROKEN
        ],
    }
    address = _address(language_of(reply), severity=context.get("severity", ""), profile=profile)
    if profile is not None and profile.second_languages:
        context["fallback_langs"] = list(profile.second_languages)
    if address:
        context["address"] = address
    if decision is not None:
        context["required"] = list(what_counts(decision).strategy)
        context["troll_confirmed"] = decision.inputs.get("troll_confirmed") is True
    if reply.purpose == ReplyPurpose.STATEMENT:
        context["required"] = ["SOR"]
    if reply.purpose == ReplyPurpose.CLOSING:  # what the matter asks for was said in private
        context["required"] = ["CLOSE"]
    return context


def words_answered(reply: Reply) -> str:
    """The words that a reply answers: the comment, or what was said in private."""
    if reply.is_private:
        return reply.answers.content.text if reply.answers else ""
    return reply.version.text


def _is_settled(reply: Reply) -> bool:
    """Whether the matter may be called solved: it is, or a closing note says so with its author's consent."""
    return reply.case.status == CaseStatus.RESOLVED or reply.purpose == ReplyPurpose.CLOSING


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")


def recent_replies(reply: Reply) -> list[str]:
    """The last texts that went out, or are about to, from the same account; newest first.

    None for a reply that is approved already: it was compared then, and later ones with it.
    """
    if reply.status == ReplyStatus.APPROVED:
        return []
    others = Reply.objects.filter(
        account=reply.account_id,
        hand_over__isnull=not reply.is_private,
        status__in=[ReplyStatus.SENT, ReplyStatus.APPROVED],
    ).exclude(pk=reply.pk)
    return list(others.order_by("-changed_at").values_list("text", flat=True)[:RECENT])


def _matter(case: Case) -> dict[str, Any]:
    """What a person confirmed; before that what the engine thinks, which knows nothing of fault."""
    triage = latest_triage(case)
    if triage is None:
        known = {"severity": case.severity, "category": case.category}
        return {name: value for name, value in known.items() if value}
    return {
        "fault_share": triage.fault_share,
        "severity": triage.severity,
        "category": triage.category,
    }


def _turns(reply: Reply) -> int:
    """How often we have answered this author in the thread; a busy one holds many answers to others."""
    ours = Comment.objects.filter(thread=reply.comment.thread_id, is_ours=True)
    return ours.filter(parent__author=reply.comment.author_id).count()


def _signatures(reply: Reply, *, profile: BrandProfile | None) -> list[str]:
    """Names that sign: those of the profile, and the first names of who writes here."""
    names = {reply.begun_by.name, *(profile.signatures if profile else ())}
    names |= set(reply.revisions.values_list("edited_by__name", flat=True).distinct())
    return sorted({name.split()[0] for name in names if name.split()})


def _public_names(reply: Reply, *, signatures: tuple[str, ...]) -> frozenset[str]:
    """The parts of the names that author and writers use in public themselves: no secret of anybody."""
    author = reply.comment.author
    names = f"{author.display_name} {author.handle} {' '.join(signatures)}"
    return frozenset(names.casefold().replace("@", " ").replace(".", " ").split())


def _is_public_name(one: Remark, *, text: str, known: frozenset[str]) -> bool:
    """Whether a finding is about a name that its bearer uses here; then it exposes nobody."""
    if one.reason != "Q16.name" or one.start is None:
        return False
    return set(text[one.start : one.end].casefold().replace(".", " ").split()) <= known


def language_of(reply: Reply) -> str:
    """The language of the comment: as the engine said, else by its looks; empty where that says nothing."""
    return (
        guess_language(words_answered(reply)) if reply.language == UNDETERMINED else reply.language
    )


def _address(language: str, *, severity: str, profile: BrandProfile | None) -> str:
    """What the brand's profile says, else what is usual; both may have a form for grave matters."""
    code = language.partition("-")[0]
    usual = {**ADDRESS, **(profile.address if profile else {})}
    # Who chose one form for all matters is not overruled by our own for grave ones.
    grave = {**({} if profile else GRAVE_ADDRESS), **(profile.grave_address if profile else {})}
    is_grave = severity in {"high", "critical"}
    return str((grave.get(code) if is_grave else None) or usual.get(code, ""))


def _explain(reader: str, *, spoken: str) -> Mapping[str, tuple[str, str]]:
    code = reader.lower().partition("-")[0]
    return load_language(code if code in languages() else spoken).messages


def _found(
    one: Remark,
    *,
    text: str,
    explain: Mapping[str, tuple[str, str]],
    sentences: tuple[tuple[int, int], ...],
) -> Found:
    words = text[one.start : one.end] if one.start is not None and one.end is not None else ""
    return Found(
        code=one.check,
        level=one.level,
        reason=one.reason,
        start=one.start,
        end=one.end,
        words=words,
        message=explain[one.reason][0],
        suggestion=one.suggestion,
        sources=tuple(source for source in one.source if source != one.check),
        edit=mend(one, text=text, sentences=sentences),
        sentence=_sentence(one.start, text=text, sentences=sentences),
    )


def _sentence(at: int | None, *, text: str, sentences: tuple[tuple[int, int], ...]) -> str:
    if at is None:
        return ""
    return next((text[start:end] for start, end in sentences if start <= at < end), "")


def _component(code: str, draft: Draft) -> Component:
    look = _SIGNS.get(code)
    return Component(code, None if look is None else bool(look(draft)))


# What the linter recognises; of the other components only a person can say whether they are there.
_SIGNS: Mapping[str, Callable[[Draft], object]] = MappingProxyType(
    {
        "ACK": lambda draft: draft.speaks_of_issue,
        "EMP": lambda draft: draft.reply.has("empathy"),
        "REG": lambda draft: draft.reply.has("apology"),
        "RESP": lambda draft: draft.reply.has("responsibility"),
        "FIX": lambda draft: draft.reply.has("repair", "fix", "done"),
        "ASK": lambda draft: (
            draft.reply.has("ask") or any(one.is_question for one in draft.reply.sentences)
        ),
        "TIME": lambda draft: draft.promised_times,
        "HOLD": lambda draft: draft.promised_times and draft.reply.has("commit"),
        "OFF": lambda draft: draft.reply.has("private_way", "off_request"),
        "DIS": lambda draft: draft.reply.has("parting"),
        "SOR": lambda draft: (
            draft.reply.has("sor_rule") and draft.reply.has("sor_fact", "sor_appeal")
        ),
    }
)
