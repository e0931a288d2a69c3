"""Who may open what, for every address there is: a new page joins this test by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from amends.accounts.invite import Invitee, invite
from amends.accounts.models import (
    Invitation,
    Membership,
    TextKind,
    TextVersion,
    User,
    Workspace,
)
from amends.cases.models import Case, Department, LegalHold, ModelRelease, SavedView
from amends.inbox.models import ChannelAccount, Comment, FileImport
from amends.replies.contacts import ContactForm, add_contact
from amends.replies.models import Contact
from amends.web.pages import Audience, demand_of
from tests.support.pictures import kept_file
from tests.support.playbooks import another

SANDBOX = "amends.sandbox"  # an app of its own with its own people; tests/sandbox knows it
SECRET = "Gizli kargo şikâyeti"  # stands in the case; nobody from elsewhere may ever read it


def pages() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Name and view of every address, however deep it is included."""

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            else:
                yield pattern

    for pattern in walk(get_resolver().url_patterns):
        if not pattern.callback.__module__.startswith(SANDBOX):
            yield pattern.name or str(pattern.pattern), pattern.callback


PAGES = dict(pages())
OF_MEMBERS = {
    name: demand
    for name, view in PAGES.items()
    if (demand := demand_of(view)) and demand.audience is Audience.MEMBERS
}
OF_PERSONS = [
    name
    for name, view in PAGES.items()
    if (demand := demand_of(view)) and demand.audience is Audience.SIGNED_IN
]


@pytest.fixture
def world(
    workspace: Workspace,
    owner: User,
    make_member: Callable[..., User],
    make_comment: Callable[..., Comment],
    now: datetime,
) -> dict[str, Any]:
    """A workspace in which every address has something to show, by the names of their arguments."""
    comment = make_comment(SECRET)
    case = Case.objects.filter(comment=comment).first() or _case_of(comment, now=now)
    member = make_member("somebody", workspace=workspace, role="viewer")
    invitation, _token = invite(
        workspace, invitee=Invitee("new@lumen.example", "agent"), by=owner, now=now
    )
    return {
        "case": case,
        "membership": Membership.objects.get(user=member),
        "invitation": invitation,
        "account": ChannelAccount.objects.get(),
        "playbook": _playbook_of(workspace, owner=owner, now=now),
        "release": _release_of(workspace, owner=owner, now=now),
        "import": FileImport.objects.create(
            workspace=workspace,
            brand=workspace.brands.get(),
            source=SECRET,
            file_name="a.csv",
            format="csv",
            digest="a",
            size=1,
            asked_at=now,
        ),
        "saved_view": SavedView.objects.create(
            workspace=workspace,
            owner=owner,
            name="Ours",
            query="view=all",
            is_shared=True,
            created_at=now,
        ),
        "legal_hold": LegalHold.objects.create(
            workspace=workspace,
            case=case,
            reason=SECRET,
            counsel=owner,
            review_on=now.date(),
            placed_by=owner,
            placed_at=now,
        ),
        "contact": _contact_of(case, owner=owner, now=now),
        "author": comment.author,
        "file": kept_file(comment, now=now),
        "department": Department.objects.create(
            workspace=workspace, name="Warehouse", created_at=now
        ),
    }


@pytest.fixture
def people(owner: User, make_member: Callable[..., User], stranger: User) -> dict[str, User | None]:
    """Everybody there is: one of each role, one who has left, one from elsewhere, and nobody."""
    workspace = owner.memberships.get().workspace
    roles = {
        role: make_member(f"the-{role}", workspace=workspace, role=role)
        for role in ("lead", "agent", "counsel", "viewer")
    }
    former = make_member("former", workspace=workspace, role="owner")
    Membership.objects.filter(user=former).update(is_active=False)
    return {"owner": owner, **roles, "former": former, "stranger": stranger, "anonymous": None}


def _case_of(comment: Comment, *, now: datetime) -> Case:
    return Case.objects.create(
        workspace=comment.workspace,
        brand=comment.brand,
        number=12,
        author=comment.author,
        thread=comment.thread,
        comment=comment,
        created_at=now,
        changed_at=now,
    )


def _contact_of(case: Case, *, owner: User, now: datetime) -> Contact:
    form = ContactForm(
        name=SECRET,
        email="a@lumen.example",
        purpose="complaint",
        basis="contract",
        source="phone",
        expires_on=now.date() + timedelta(days=30),
    )
    return add_contact(case.brand, form=form, case=case, by=owner, now=now)


def _release_of(workspace: Workspace, *, owner: User, now: datetime) -> ModelRelease:
    return ModelRelease.objects.create(
        workspace=workspace,
        number=1,
        engine="cascade",
        base_version="1",
        version="1+w1",
        manifest={},
        weights=b"",
        trained_by=owner,
        created_at=now,
    )


def _playbook_of(workspace: Workspace, *, owner: User, now: datetime) -> TextVersion:
    return TextVersion.objects.create(
        workspace=workspace,
        kind=TextKind.PLAYBOOK,
        number=1,
        text=another(),
        digest="a",
        published_by=owner,
        published_at=now,
    )


def address(name: str, world: dict[str, Any]) -> str:
    """The address of a page, its arguments filled from the world."""
    (pattern,) = (one for one in _patterns() if one.name == name)
    values: dict[str, Any] = {}
    for argument, converter in pattern.pattern.converters.items():
        values[argument] = _value(argument, name=name, world=world, converter=converter)
    return reverse(name, kwargs=values)


def _patterns() -> Iterator[URLPattern]:
    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            else:
                yield pattern

    return walk(get_resolver().url_patterns)


def _value(argument: str, *, name: str, world: dict[str, Any], converter: object) -> object:
    if argument == "number":
        return world["case"].number
    if argument == "version":
        return world["playbook"].number
    if argument == "kind":
        return "manual"
    if argument == "view":
        return "all"
    if argument == "attachment":
        return world["file"].attachment_id
    if argument == "form":
        return "thumb"
    if argument == "pk":
        kinds = {
            "author": "author",
            "invitation": "invitation",
            "channel": "account",
            "engine": "release",
            "department": "department",
            "import": "import",
            "view_": "saved_view",
            "contact": "contact",
            "legal_hold": "legal_hold",
        }
        kind = next((of for word, of in kinds.items() if word in name), "membership")
        return world[kind].pk
    raise AssertionError(
        f"The page {name!r} takes <{argument}>: say in {__name__} which object of the world it names."
    )


def ask(client: Client, method: str, url: str, *, person: User | None) -> HttpResponse:
    """Ask as somebody; what the request changed is undone."""
    with transaction.atomic():
        client.logout()
        if person is not None:
            client.force_login(person)
        answer: HttpResponse = getattr(client, method)(url)
        transaction.set_rollback(True)
    return answer


def is_sent_to_sign_in(answer: HttpResponse) -> bool:
    location = answer.headers.get("Location", "")
    return answer.status_code == 302 and location.startswith(reverse("account_login"))


def is_about_one_thing(url: str) -> bool:
    return any(part.isdecimal() or part.startswith("C-") for part in url.split("/"))


def test_every_page_says_who_may_open_it() -> None:
    silent = [name for name, view in PAGES.items() if demand_of(view) is None]
    assert not silent, f"add @page, @action, @own_page or @public_page: {silent}"


def test_every_page_has_a_name_of_its_own() -> None:
    names = [
        pattern.name
        for pattern in _patterns()
        if not pattern.callback.__module__.startswith(SANDBOX)
    ]
    assert None not in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(OF_MEMBERS))
def test_everybody_opens_what_they_may_and_is_refused_the_rest(
    name: str, world: dict[str, Any], people: dict[str, User | None], client: Client
) -> None:
    demand, url = OF_MEMBERS[name], address(name, world)
    workspace = world["case"].workspace
    for who, person in people.items():
        for method, may in (("get", demand.to_read), ("post", demand.to_post)):
            answer = ask(client, method, url, person=person)
            shown = answer.content.decode(errors="replace")
            told = f"{who} {method} {url}: {answer.status_code} {shown[:500]}"
            if who == "anonymous":
                assert is_sent_to_sign_in(answer), told
            elif may is None:
                assert answer.status_code == 405, told
            elif who == "former" or (who == "stranger" and is_about_one_thing(url)):
                assert answer.status_code == 404, told
            elif who == "stranger":
                assert answer.status_code not in {403, 405, 500}, told
            elif may(person, workspace):
                assert answer.status_code not in {403, 404, 405, 500}, told
            else:
                assert answer.status_code == 403, told
            if who in {"anonymous", "stranger", "former"} or answer.status_code == 403:
                assert SECRET not in shown, told
            if who in {"anonymous", "stranger", "former"}:
                assert workspace.name not in shown, told


@pytest.mark.parametrize("name", sorted(OF_PERSONS))
def test_the_own_account_is_for_those_who_are_signed_in(
    name: str, world: dict[str, Any], people: dict[str, User | None], client: Client
) -> None:
    url = address(name, world)
    for method in ("get", "post"):
        assert is_sent_to_sign_in(ask(client, method, url, person=None))
        for who in ("viewer", "stranger", "former"):
            answer = ask(client, method, url, person=people[who])
            assert answer.status_code not in {403, 500}, f"{who} {method} {url}"
            assert SECRET not in answer.content.decode()


def test_an_unknown_number_and_a_foreign_one_look_alike(
    world: dict[str, Any], client: Client, stranger: User
) -> None:
    client.force_login(stranger)
    foreign = client.get(address("case", world))
    unknown = client.get(reverse("case", kwargs={"number": 987654}))
    assert foreign.status_code == unknown.status_code == 404
    varying = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|C-\d+')
    shown = [
        varying.sub("", answer.content.decode(errors="replace")) for answer in (foreign, unknown)
    ]
    assert shown[0] == shown[1]


def test_posts_without_the_token_of_the_form_are_refused(
    world: dict[str, Any], owner: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.post(reverse("invite_person"), {"email": "x@lumen.example", "role": "owner"})
    assert answer.status_code == 403
    assert not Invitation.objects.filter(email="x@lumen.example").exists()
