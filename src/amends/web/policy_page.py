"""Everything that the editor of the policy shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.forms import BaseFormSet
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.models import Brand, TextDraft, TextVersion
from amends.accounts.permissions import may_edit_policy
from amends.core.policy.compare import PolicyChange, compare_policies
from amends.core.policy.lint import Finding, Level, PolicyCheck
from amends.core.policy.policy import Policy
from amends.inbox.queries import brands_visible_to
from amends.measures.publish_policy import (
    PublishedPolicy,
    brand_languages,
    check_text,
    policy_draft,
    policy_in_force,
)
from amends.web.pages import DeskRequest
from amends.web.policy_form import ClauseForm, LanguageForm, NoteForm, PageForm, forms_of
from amends.web.public_document import language_names
from amends.web.public_policy import PolicyDocument, policy_address


@dataclass(frozen=True, slots=True)
class Said:
    """One finding in words; `is_error` stops publication."""

    words: str
    is_error: bool
    line: int


@dataclass(slots=True)
class EditorPage:
    """The draft, or what is in force where there is none, with all that the lint says of it."""

    brand: Brand
    brands: list[Brand]
    may_edit: bool
    text: str
    check: PolicyCheck
    language: str
    view: str
    draft: TextDraft | None
    in_force: PublishedPolicy | None
    now: datetime
    page_form: PageForm | None = None
    clause_forms: BaseFormSet[ClauseForm] | None = None
    note_form: NoteForm = field(default_factory=NoteForm)

    def show_text(self, text: str) -> None:
        """Show what was typed and could not be kept, as a file."""
        self.text, self.view = text, "file"
        self.check = check_text(self.brand, text=text)

    @property
    def has_text(self) -> bool:
        return bool(self.text)

    @property
    def change(self) -> PolicyChange | None:
        """What the draft would change in public, in the language that is shown."""
        if self.draft is None or self.in_force is None or self.check.policy is None:
            return None
        return compare_policies(self.in_force.policy, self.check.policy, language=self.language)

    @property
    def language_tabs(self) -> list[tuple[str, str, int]]:
        """Code, name and number of findings of each language of the policy."""
        if self.check.policy is None:
            return []
        return [
            (code, name, sum(_is_about_language(one, code) for one in self.check.findings))
            for code, name in language_names(self.check.policy.languages)
        ]

    @property
    def page_findings(self) -> list[Said]:
        """What is said of no clause, for the language that is shown and for all."""
        return [
            _said(one)
            for one in self.check.findings
            if not one.problem.path.startswith("clauses[") and self._is_shown(one)
        ]

    @property
    def all_findings(self) -> list[Said]:
        return [_said(one) for one in self.check.findings]

    @property
    def clause_rows(self) -> list[tuple[ClauseForm, list[Said]]]:
        """Each clause with what is said of it."""
        forms = self.clause_forms.forms if self.clause_forms is not None else []
        return [
            (form, self._findings_of(f"clauses[{position}]")) for position, form in enumerate(forms)
        ]

    def context(self) -> dict[str, Any]:
        policy = self.check.policy
        spoken = policy.languages if policy else ()
        more = LanguageForm(spoken=spoken)
        return {
            "editor": self,
            "brand": self.brand,
            "language": self.language,
            "now": self.now,
            "language_form": more if policy and more.offered else None,
            "public_address": policy_address(self.brand) if self.in_force else "",
        }

    def _findings_of(self, path: str) -> list[Said]:
        return [
            _said(one)
            for one in self.check.findings
            if one.problem.path.startswith((f"{path}.", f"{path}[")) or one.problem.path == path
            if self._is_shown(one)
        ]

    def _is_shown(self, one: Finding) -> bool:
        codes = self.check.policy.languages if self.check.policy else ()
        about = [code for code in codes if _is_about_language(one, code)]
        return not about or self.language in about


def read_editor(request: DeskRequest, brand: Brand) -> EditorPage:
    """The page as it stands; who may not edit sees no draft."""
    now = request.clock.now()
    may_edit = may_edit_policy(request.user, request.workspace)
    draft = policy_draft(brand) if may_edit else None
    in_force = policy_in_force(brand, at=now)
    text = draft.text if draft else in_force.version.text if in_force else ""
    check = check_text(brand, text=text) if text else PolicyCheck(None, ())
    language = asked_language(request, brand, policy=check.policy)
    wanted = request.POST.get("view") or request.GET.get("view")
    view = "file" if wanted == "file" or check.policy is None else "form"
    shown = EditorPage(
        brand=brand,
        brands=list(brands_visible_to(request.user, workspace=request.workspace)),
        may_edit=may_edit,
        text=text,
        check=check,
        language=language,
        view=view,
        draft=draft,
        in_force=in_force,
        now=now,
    )
    if check.policy is not None:
        shown.page_form, shown.clause_forms = forms_of(check.policy, language=language)
    return shown


def asked_language(request: DeskRequest, brand: Brand, *, policy: Policy | None) -> str:
    """The language that is asked for, else the person's, else the first of the policy."""
    offered = policy.languages if policy else brand_languages(brand) or ("en",)
    wanted = request.POST.get("lang") or request.GET.get("lang") or request.user.language
    return wanted if wanted in offered else offered[0]


def back_to_editor(
    request: DeskRequest, brand: Brand, *, language: str = ""
) -> HttpResponseRedirect:
    asked = {
        "brand": brand.pk,
        "lang": language or request.POST.get("lang", ""),
        "view": request.POST.get("view", ""),
    }
    kept = {key: value for key, value in asked.items() if value}
    return HttpResponseRedirect(f"{reverse('policy')}?{urlencode(kept)}")


def preview_document(
    brand: Brand, policy: Policy, *, language: str, now: datetime
) -> PolicyDocument:
    """A document of a text that nobody has published."""
    unsaved = TextVersion(workspace=brand.workspace, brand=brand, number=0, digest="")
    return PolicyDocument(
        brand,
        published=PublishedPolicy(0, policy, now, unsaved),
        versions=[],
        language=language,
    )


def _is_about_language(one: Finding, code: str) -> bool:
    path = one.problem.path
    in_clause = f".texts.{code}" in path and path.rsplit(f".texts.{code}", 1)[1][:1] in {"", "."}
    return in_clause or path == f"pages.{code}" or path.startswith(f"pages.{code}.")


def _said(one: Finding) -> Said:
    problem = one.problem
    words = _(problem.template)
    if problem.params:
        words = words % problem.params
    return Said(words, one.level is Level.ERROR, problem.line)
