"""The statement of reasons (DSA art. 17, R9): made with the measure, in the author's language, and sent.

A person may word the facts and nothing else. The text goes out as a reply of its own under the comment,
through the same approval as any; where there is nothing to reply to, it lies ready to be handed over by hand.
Bulk advertising is told nothing (R9), and telling platform or counsel is no act against the author.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import formats, translation
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_measure, refuse_unless
from amends.accounts.tokens import hash_token
from amends.cases.models import CaseStatus
from amends.cases.transitions import NotPossible, log_on_case, move_case
from amends.core.policy.policy import ClauseText
from amends.inbox.channels import manifest_of
from amends.measures.clauses import policy_when_posted
from amends.measures.models import AppealLink, Measure, MeasureKind, StatementOfReasons
from amends.measures.statement_texts import FALLBACK, TEXTS
from amends.replies.draft import begin_reply, save_draft
from amends.replies.length import too_long_by
from amends.replies.lint import is_whole_statement
from amends.replies.models import ReplyPurpose
from amends.replies.queries import open_reply

APPEAL_TERM = timedelta(days=183)  # six months
LINK = "{link}"
MAX_FACTS = 300
TOLD = frozenset(
    {
        MeasureKind.WARN,
        MeasureKind.HIDE,
        MeasureKind.DELETE,
        MeasureKind.TEMPORARY_BAN,
        MeasureKind.BAN,
        MeasureKind.BLOCK,
    }
)
"""What the author is told about: everything that is done to them."""


@dataclass(frozen=True, slots=True)
class StatementForm:
    """What a person says for the statement: the facts (empty: as suggested), and whose initiative it was."""

    facts: str = ""
    own_initiative: bool = True


def statement_language(language: str) -> str:
    code = language.partition("-")[0].lower()
    return code if code in TEXTS else FALLBACK


def suggest_facts(ground: str, *, language: str) -> str:
    """The facts in the words of the author's language, as a part of the sentence."""
    return TEXTS[statement_language(language)].facts.get(ground, "")


def word_statement(
    kind: str, *, facts: str, rule: str, language: str, written_at: datetime, until: datetime | None
) -> str:
    """The whole text with the place of the link; pure but for the formats of dates."""
    code = statement_language(language)
    words = TEXTS[code]
    with translation.override(code):
        date = formats.date_format(written_at, words.day)
        end = formats.date_format(until, f"{words.day}, H:i") + " UTC" if until else ""
    said = {"date": date, "facts": facts, "rule": rule, "until": end, "link": LINK}
    parts = (words.acts[kind], words.scopes[kind], words.person, words.appeal)
    return " ".join(part.format_map(said) for part in parts if part)


def is_complete(text: str, *, language: str) -> bool:
    """Whether the linter finds every part of a statement in it (Q26)."""
    return is_whole_statement(text, language=statement_language(language))


def make_statement(
    measure: Measure, *, form: StatementForm, by: User, now: datetime
) -> StatementOfReasons | None:
    """Make the statement in the transaction of the measure, and a reply draft of it where that is possible.

    None where nobody is told. Raises NotPossible for facts that are too long or tear the statement apart.
    """
    if MeasureKind(measure.kind) not in TOLD or measure.is_bulk:
        return None
    code = statement_language(measure.language)
    facts = form.facts.strip() or suggest_facts(measure.ground, language=code)
    if len(facts) > MAX_FACTS or "{" in facts or "}" in facts:
        raise NotPossible(_("Say the facts in one short sentence."))
    title, rule = _clause_text(measure, language=code)
    text = _fitting(measure, facts=facts, title=title, language=code)
    if not is_complete(text, language=code):
        raise NotPossible(_("With these facts the statement of reasons is not complete."))
    statement: StatementOfReasons = StatementOfReasons.objects.create(
        measure=measure,
        language=code,
        action=measure.kind,
        territory=f"{measure.account.handle or measure.account.label} · {measure.account.host}"[
            :200
        ],
        until=measure.until,
        facts=facts,
        own_initiative=form.own_initiative,
        automated_detection=_was_found_by_the_engine(measure),
        clause_title=title,
        clause_rule=rule,
        text=text,
        made_at=now,
    )
    _draft_reply(statement, by=by, now=now)
    return statement


def give_link(statement: StatementOfReasons, *, now: datetime) -> str:
    """A new address of the appeal form; it is shown this once, and only its hash is kept."""
    token = secrets.token_urlsafe(16)  # 128 bits, since it stands in texts of 300 characters
    AppealLink.objects.create(
        statement=statement,
        token_hash=hash_token(token),
        made_at=now,
        expires_at=now + APPEAL_TERM,
    )
    return _address(token)


def draft_statement(statement: StatementOfReasons, *, by: User, now: datetime) -> None:
    """Make a reply of a statement that could not be one before; raises NotPossible where it still cannot."""
    refuse_unless(may_measure(by, statement.measure.workspace), _("take measures"))
    if statement.reply_id is not None:
        raise NotPossible(_("The statement is a reply already."))
    with transaction.atomic():
        if not _draft_reply(statement, by=by, now=now):
            raise NotPossible(
                _("No reply can be begun now: give the statement to the author in another way.")
            )


def text_by_hand(statement: StatementOfReasons, *, by: User, now: datetime) -> str:
    """The text with a link of its own, for handing it over outside the desk; asking for it is logged."""
    measure = statement.measure
    refuse_unless(may_measure(by, measure.workspace), _("take measures"))
    with transaction.atomic():
        text = statement.text.replace(LINK, give_link(statement, now=now))
        data = {"measure": measure.pk}
        log_on_case(measure.case, "statement.by_hand", actor=actor_of(by), now=now, data=data)
    return text


def _fitting(measure: Measure, *, facts: str, title: str, language: str) -> str:
    """The text with the title of the clause, or with its id where that would be too long for the channel."""
    said = [
        word_statement(
            measure.kind,
            facts=facts,
            rule=rule,
            language=language,
            written_at=measure.comment.published_at,
            until=measure.until,
        )
        for rule in (title, measure.clause)
    ]
    manifest = manifest_of(measure.account)
    link = _address("x" * 22)
    fits = [one for one in said if not too_long_by(one.replace(LINK, link), manifest=manifest)]
    return fits[0] if fits else said[0]


def _address(token: str) -> str:
    return f"{settings.BASE_URL}/appeal/{token}/"


def _clause_text(measure: Measure, *, language: str) -> tuple[str, str]:
    policy = policy_when_posted(measure.version)
    clause = policy.policy.clause(measure.clause) if policy else None
    said = clause.text(language) if clause else ClauseText()
    return said.title or measure.clause, said.rule


def _was_found_by_the_engine(measure: Measure) -> bool:
    """Whether the engine had named the ground before a person did: automated means of detection."""
    for verdict in measure.version.verdicts.all():
        found = verdict.assessment.get("policy_ground", {})
        if isinstance(found, dict) and found.get("label") == measure.ground:
            return True
    return False


def _draft_reply(statement: StatementOfReasons, *, by: User, now: datetime) -> bool:
    """Put the text under the comment as a draft of its own; False where no reply can be begun now."""
    measure = statement.measure
    case = measure.case
    if open_reply(case) is not None or not manifest_of(measure.account).public:
        return False
    try:
        with transaction.atomic():
            if case.status in {CaseStatus.ANSWERED, CaseStatus.WAITING_FOR_CUSTOMER}:
                move_case(case, to=CaseStatus.TRIAGED, actor=actor_of(by), now=now)
            reply = begin_reply(case, by=by, now=now, purpose=ReplyPurpose.STATEMENT)
    except NotPossible:
        case.refresh_from_db()
        return False
    if reply.purpose != ReplyPurpose.STATEMENT:  # a colleague began an answer in the same moment
        return False
    text = statement.text.replace(LINK, give_link(statement, now=now))
    save_draft(reply, text=text, revision=0, by=by, now=now)
    StatementOfReasons.objects.filter(pk=statement.pk).update(reply_id=reply.pk)
    statement.reply = reply
    log_on_case(
        case,
        "statement.draft",
        actor=actor_of(by),
        now=now,
        data={"measure": measure.pk, "reply": reply.pk},
    )
    return True
