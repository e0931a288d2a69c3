"""Changes what counts as a mention of a brand: a new version, never an edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, User
from amends.accounts.permissions import may_edit_mentions, refuse_unless
from amends.inbox.match import Rule, terms_to_json
from amends.inbox.models import MentionQuery
from amends.inbox.queries import mention_query_in_force
from amends.record.log import Subject, log_action
from amends_engine.text.match.query.errors import QueryError
from amends_engine.text.match.terms import Term, TermError, TermKind, make_key


class MentionsRefused(Exception):
    """Terms or query cannot be used.

    `field` is `query` or a field of a term, then `row` is its place from 0, else -1. `code` and `facts`
    are the engine's, so that a page can say it in the reader's language; without a code the message is
    for people.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        row: int = -1,
        code: str = "",
        facts: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.field = field
        self.row = row
        self.code = code
        self.facts = facts or {}


class ChangedMeanwhile(MentionsRefused):
    """Somebody else saved since this version was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermForm:
    """A term as it was typed."""

    name: str
    kind: str = "brand"
    variants: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()


def read_rule(forms: Sequence[TermForm], *, query: str) -> tuple[tuple[Term, ...], Rule]:
    """The terms and the compiled rule of what was typed; raises MentionsRefused with the field at fault."""
    terms: list[Term] = []
    keys: set[str] = set()
    for row, form in enumerate(forms):
        try:
            term = Term(
                key=make_key(form.name) or "-",
                kind=TermKind(form.kind),
                name=form.name,
                variants=form.variants,
                languages=form.languages,
                exclusions=form.exclusions,
            )
        except TermError as error:
            field = "name" if error.field == "key" else error.field
            facts: dict[str, object] = {"found": error.found}
            raise MentionsRefused(
                str(error), field=field, row=row, code=error.code, facts=facts
            ) from error
        if term.key in keys:
            raise MentionsRefused(
                term.name, field="name", row=row, code="repeated", facts={"found": term.name}
            )
        keys.add(term.key)
        terms.append(term)
    return tuple(terms), _compile(terms, query=query)


def change_mentions(
    brand: Brand,
    *,
    forms: Sequence[TermForm],
    query: str,
    seen_version: int,
    by: User,
    now: datetime,
) -> MentionQuery:
    """Put new terms and a new query in force; `seen_version` is the one that was open, 0 for none.

    Raises MentionsRefused; ChangedMeanwhile where a later version stands.
    """
    refuse_unless(may_edit_mentions(by, brand.workspace), _("change what counts as a mention"))
    query = query.strip()
    terms, _rule = read_rule(forms, query=query)
    plain = terms_to_json(terms)
    standing = mention_query_in_force(brand.pk)
    if (standing.version if standing else 0) != seen_version:
        raise _overtaken()
    if standing is not None and (standing.terms, standing.query) == (plain, query):
        return standing
    row = MentionQuery(
        workspace_id=brand.workspace_id,
        brand=brand,
        version=seen_version + 1,
        terms=plain,
        query=query,
        changed_by=by,
        changed_at=now,
    )
    _store(row, by=by)
    return row


def _store(row: MentionQuery, *, by: User) -> None:
    brand = row.brand
    try:
        with transaction.atomic():
            row.save()
            log_action(
                "mentions.change",
                workspace_id=brand.workspace_id,
                actor=actor_of(by),
                subject=Subject("brand", str(brand.pk), brand.name),
                now=row.changed_at,
                data={"version": row.version, "terms": len(row.terms)},
            )
    except IntegrityError:  # somebody saved in the same moment
        raise _overtaken() from None


def _overtaken() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        _("Somebody else changed this meanwhile. Open the page again, then repeat your change.")
    )


def _compile(terms: Sequence[Term], *, query: str) -> Rule:
    try:
        return Rule(terms, query=query)
    except QueryError as error:
        facts = {**error.facts, "column": error.column}
        raise MentionsRefused(str(error), field="query", code=error.code, facts=facts) from error
    except TermError as error:
        facts = {"found": error.found}
        raise MentionsRefused(str(error), code=error.code, facts=facts) from error
