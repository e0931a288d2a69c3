"""Writes, checks and publishes the comment policy of a brand, and says which one was public when (K22).

A measure leans on `policy_in_force(brand, at=…)`: the version that everybody could read when the comment was
posted, and on no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from amends.accounts.models import Brand, TextDraft, TextKind, TextVersion, User
from amends.accounts.permissions import may_edit_policy, refuse_unless
from amends.accounts.texts import (
    discard_text_draft,
    draft_of,
    publish_text,
    save_text_draft,
    text_in_force,
    text_versions,
)
from amends.core.policy.lint import PolicyCheck, check_policy
from amends.core.policy.policy import Clause, Policy
from amends.core.policy.schema import parse_policy
from amends.core.yaml_tree import MAX_BYTES, FileProblem


class PolicyRefused(Exception):
    """The text cannot be published; `problems` are for its writer, the message for everybody."""

    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        self.problems = problems
        super().__init__(_("The policy is not fit to be published yet: mend what is marked first."))


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """One public version, as it was read by everybody from `published_at` on."""

    number: int
    policy: Policy
    published_at: datetime
    version: TextVersion


def policy_in_force(brand: Brand, *, at: datetime) -> PublishedPolicy | None:
    """The version that was public at a moment; None before the first one."""
    row = text_in_force(brand.workspace, kind=TextKind.POLICY, brand=brand, at=at)
    return read_version(row) if row is not None else None


def clause(published: PublishedPolicy, clause_id: str) -> Clause | None:
    """The clause of that version, None where it had none of this id."""
    return published.policy.clause(clause_id)


def published_policies(brand: Brand) -> Iterator[PublishedPolicy]:
    """All public versions, the newest first."""
    for row in text_versions(brand.workspace, kind=TextKind.POLICY, brand=brand):
        yield read_version(row)


def read_version(row: TextVersion) -> PublishedPolicy:
    return PublishedPolicy(row.number, _parsed(row.text), row.published_at, row)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Policy:
    """A published text never changes, and a public page reads all of them."""
    return parse_policy(text)


def policy_draft(brand: Brand) -> TextDraft | None:
    return draft_of(brand.workspace, kind=TextKind.POLICY, brand=brand)


def check_text(brand: Brand, *, text: str) -> PolicyCheck:
    """Read and lint a text against the languages of the brand."""
    return check_policy(text, brand_languages=brand_languages(brand))


def brand_languages(brand: Brand) -> tuple[str, ...]:
    return tuple(code.strip() for code in brand.languages.split(",") if code.strip())


def draft_policy(brand: Brand, *, text: str, revision: int, by: User, now: datetime) -> TextDraft:
    """Keep a draft, sound or not; raises TextConflict when somebody saved another one since."""
    _refuse_unless_allowed(by, brand)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise PolicyRefused(check_policy(text).errors)
    return save_text_draft(
        brand.workspace,
        kind=TextKind.POLICY,
        brand=brand,
        text=text,
        revision=revision,
        by=by,
        now=now,
    )


def discard_policy_draft(brand: Brand, *, by: User) -> None:
    _refuse_unless_allowed(by, brand)
    discard_text_draft(brand.workspace, kind=TextKind.POLICY, brand=brand)


def publish_policy(
    brand: Brand, *, text: str, after: int, note: str, by: User, now: datetime
) -> PublishedPolicy:
    """Make a text the public policy from `now` on; `after` is the version that its writer saw (0: none).

    Raises PolicyRefused while the lint has errors, TextConflict when another version came in between.
    """
    _refuse_unless_allowed(by, brand)
    found = check_text(brand, text=text)
    if not found.is_publishable:
        raise PolicyRefused(found.errors)
    row = publish_text(
        brand.workspace,
        kind=TextKind.POLICY,
        brand=brand,
        text=text,
        after=after,
        by=by,
        now=now,
        note=note,
    )
    return read_version(row)


def _refuse_unless_allowed(by: User, brand: Brand) -> None:
    refuse_unless(may_edit_policy(by, brand.workspace), _("change the comment policy"))
