"""The editor of a brand's comment policy: by form or as a file, the lint beside it, until it is published."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amends.accounts.models import Brand
from amends.accounts.permissions import may_edit_policy, may_read
from amends.accounts.texts import TextConflict
from amends.core.policy.lint import PolicyCheck
from amends.core.policy.policy import Policy
from amends.core.policy.schema import read_shipped_policy
from amends.core.policy.write import write_policy
from amends.core.yaml_tree import MAX_BYTES
from amends.measures.publish_policy import (
    PolicyRefused,
    brand_languages,
    check_text,
    discard_policy_draft,
    draft_policy,
    policy_draft,
    publish_policy,
)
from amends.web.asked import asked_brand
from amends.web.pages import DeskRequest, action, page
from amends.web.policy_form import ClauseForms, LanguageForm, NoteForm, PageForm, merged
from amends.web.policy_page import (
    EditorPage,
    back_to_editor,
    preview_document,
    read_editor,
)
from amends.web.public_document import show_document
from amends.web.public_policy import policy_context

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@page(may=may_read)
def editor(request: DeskRequest) -> HttpResponse:
    """The draft with what the lint says of it; for those who may not edit, what is in force."""
    return _show(request, read_editor(request, asked_brand(request)))


@action(may=may_edit_policy)
def save(request: DeskRequest) -> HttpResponse:
    """Keep what was typed as the draft, by the form or as a file."""
    brand = asked_brand(request)
    shown = read_editor(request, brand)
    if request.POST.get("view") == "file":
        return _keep(request, brand, text=_plain_ends(request.POST.get("text", "")), shown=shown)
    if shown.check.policy is None:  # a file that cannot be read has no form
        return _show(request, shown, status=UNPROCESSABLE)
    policy, language = shown.check.policy, shown.language
    shown.page_form = PageForm(request.POST, prefix="page")
    shown.clause_forms = ClauseForms(request.POST, prefix="clause")
    if not (shown.page_form.is_valid() and shown.clause_forms.is_valid()):
        messages.error(request, _("Not kept yet: something is not right, it is said at its field."))
        return _show(request, shown, status=UNPROCESSABLE)
    changed = merged(policy, page=shown.page_form, clauses=shown.clause_forms, language=language)
    return _keep(request, brand, text=write_policy(changed), shown=shown)


@action(may=may_edit_policy)
def begin(request: DeskRequest) -> HttpResponse:
    """A draft from the starting policy, the version in force, or with one more language."""
    brand = asked_brand(request)
    shown = read_editor(request, brand)
    if shown.check.policy is None:
        return _keep(request, brand, text=_starting_text(brand), shown=shown)
    typed = LanguageForm(request.POST, spoken=shown.check.policy.languages)
    if not typed.is_valid():
        return _show(request, shown, status=UNPROCESSABLE)
    code = typed.cleaned_data["language"]
    wider = replace(shown.check.policy, languages=(*shown.check.policy.languages, code))
    return _keep(request, brand, text=write_policy(wider), shown=shown, language=code)


@action(may=may_edit_policy)
def import_file(request: DeskRequest) -> HttpResponse:
    """A file takes the place of the draft."""
    brand = asked_brand(request)
    shown = read_editor(request, brand)
    upload = request.FILES.get("file")
    if upload is None or upload.size is None or upload.size > MAX_BYTES:
        messages.error(request, _("Choose a policy file of at most 256 KiB."))
        return _show(request, shown, status=UNPROCESSABLE)
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        messages.error(request, _("The file is not UTF-8: save it in that encoding."))
        return _show(request, shown, status=UNPROCESSABLE)
    return _keep(request, brand, text=text, shown=shown)


@action(may=may_edit_policy)
def discard(request: DeskRequest) -> HttpResponse:
    """Back to what is in force."""
    brand = asked_brand(request)
    discard_policy_draft(brand, by=request.user)
    messages.success(request, _("The draft is gone; nothing public changed."))
    return back_to_editor(request, brand)


@action(may=may_edit_policy)
def publish(request: DeskRequest) -> HttpResponse:
    """Make the draft public, if nobody changed it since it was read and the lint has no errors."""
    brand = asked_brand(request)
    shown = read_editor(request, brand)
    shown.note_form = NoteForm(request.POST)
    draft = policy_draft(brand)
    if draft is None or draft.revision != _number(request, "revision"):
        messages.error(request, _("Somebody else changed this draft in the meantime."))
        return _show(request, shown, status=HTTPStatus.CONFLICT)
    if not shown.note_form.is_valid():
        return _show(request, shown, status=UNPROCESSABLE)
    try:
        published = publish_policy(
            brand,
            text=draft.text,
            after=_number(request, "after"),
            note=shown.note_form.cleaned_data["note"],
            by=request.user,
            now=request.clock.now(),
        )
    except (PolicyRefused, TextConflict) as refused:
        messages.error(request, str(refused))
        return _show(request, shown, status=UNPROCESSABLE)
    said = _("Version %(number)d is public from now on.") % {"number": published.number}
    messages.success(request, said)
    return back_to_editor(request, brand)


@page(may=may_read)
def export(request: DeskRequest) -> HttpResponse:
    """The draft as a file for those who edit, else what is in force."""
    brand = asked_brand(request)
    text = read_editor(request, brand).text
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="policy-{brand.slug}.yaml"'
    return response


@page(may=may_read)
def preview(request: DeskRequest) -> HttpResponse:
    """The draft as readers will see it."""
    brand = asked_brand(request)
    shown = read_editor(request, brand)
    policy = shown.check.policy
    if policy is None:
        return _show(request, shown)
    document = preview_document(brand, policy, language=shown.language, now=request.clock.now())
    response = show_document(
        template="public/preview.html",
        language=shown.language,
        shown=policy_context(document),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _keep(
    request: DeskRequest, brand: Brand, *, text: str, shown: EditorPage, language: str = ""
) -> HttpResponse:
    try:
        draft_policy(
            brand,
            text=text,
            revision=_number(request, "revision"),
            by=request.user,
            now=request.clock.now(),
        )
    except (PolicyRefused, TextConflict) as refused:
        messages.error(request, str(refused))
        shown.show_text(text)
        return _show(request, shown, status=HTTPStatus.CONFLICT)
    found = check_text(brand, text=text)
    messages.success(request, _said(found))
    return back_to_editor(request, brand, language=language)


def _said(found: PolicyCheck) -> str:
    if found.errors:
        return _("Kept as a draft. Some things must be mended before it can be published.")
    return _("Kept as a draft. It can be published.")


def _show(
    request: DeskRequest, shown: EditorPage, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    return render(request, "policy/policy.html", shown.context(), status=status)


def _starting_text(brand: Brand) -> str:
    """What is in force, else our starting policy in the languages of the brand."""
    source = read_shipped_policy()
    policy = check_text(brand, text=source.decode()).policy
    wanted = brand_languages(brand)
    if policy is None or set(policy.languages) <= set(wanted):
        return source.decode()
    return write_policy(_in_languages(policy, wanted))


def _in_languages(policy: Policy, wanted: tuple[str, ...]) -> Policy:
    spoken = tuple(code for code in policy.languages if code in wanted) or policy.languages[:1]
    return replace(
        policy,
        languages=spoken,
        pages={code: policy.pages[code] for code in spoken},
        clauses=tuple(
            replace(one, texts={code: one.texts[code] for code in spoken}) for one in policy.clauses
        ),
    )


def _number(request: DeskRequest, name: str) -> int:
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n")
