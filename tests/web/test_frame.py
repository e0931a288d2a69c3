"""What stands around every page: errors in plain words, languages, the tour, and a strict policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client, RequestFactory

from amends.accounts.models import User
from amends.core.playbook.schema import load_shipped_playbook
from amends.web.errors import server_error
from amends.web.sources import source_words
from tests.web.conftest import words

SignIn = Callable[[User], Client]
WEB = Path(settings.PACKAGE_DIR) / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


@pytest.mark.django_db
def test_a_visitor_is_sent_to_the_sign_in_page_and_back(client: Client) -> None:
    assert client.get("/").url == "/inbox/"
    assert client.get("/inbox/all/").url == "/sign-in/?next=/inbox/all/"


@pytest.mark.django_db
def test_the_desk_tells_a_monitor_that_it_lives(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_plain_words(agent: User, sign_in: SignIn) -> None:
    response = sign_in(agent).get("/cases/C-99/")
    assert response.status_code == 404
    assert "There is no such case" in words(response)


def test_a_breakdown_needs_no_database_to_say_sorry(rf: RequestFactory) -> None:
    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "It was not your doing" in words(response)


@pytest.mark.django_db
def test_an_old_form_is_refused_and_says_why(agent: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    response = client.post("/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "This form is too old" in words(response)


@pytest.mark.django_db
def test_a_fragment_that_is_refused_answers_with_a_sentence(viewer: User, sign_in: SignIn) -> None:
    response = sign_in(viewer).post("/contacts/note/", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert words(response) == "Your role does not allow this. Ask an owner or lead."


@pytest.mark.django_db
def test_the_tour_is_shown_once_and_remembered(agent: User, sign_in: SignIn) -> None:
    client = sign_in(agent)
    assert 'id="tour"' in words(client.get("/inbox/all/"))
    client.post("/tour/move/", {"step": "3"}, headers={"HX-Request": "true"})
    assert 'data-step="3"' in words(client.get("/inbox/all/"))
    client.post("/tour/move/", {"step": "99"})
    assert 'id="tour"' not in words(client.get("/inbox/all/"))
    client.post("/tour/restart/")
    assert 'id="tour"' in words(client.get("/inbox/all/"))


@pytest.mark.django_db
def test_keys_are_off_for_those_who_switched_them_off(agent: User, sign_in: SignIn) -> None:
    assert "data-shortcuts" in words(sign_in(agent).get("/inbox/all/"))
    User.objects.update(has_shortcuts=False)
    assert "data-shortcuts" not in words(sign_in(agent).get("/inbox/all/"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_compiles_and_carries_neither_script_nor_style_nor_handler(path: Path) -> None:
    name = path.relative_to(WEB / "templates").as_posix()
    get_template(name)
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"""\s(style|on[a-z]+)\s*=\s*["']""", text)
    assert not re.search(r"<style", text)


@pytest.mark.parametrize("path", sorted((WEB / "static" / "js").glob("*.js")), ids=lambda p: p.name)
def test_a_script_stays_small_and_evaluates_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < 15_000
    assert "eval(" not in text
    assert "new Function" not in text


def test_every_icon_that_a_page_asks_for_is_in_the_sprite() -> None:
    sprite = (WEB / "static" / "icons.svg").read_text(encoding="utf-8")
    wanted = {
        name
        for path in TEMPLATES
        for name in re.findall(r"""{% icon ["']([a-z0-9-]+)["']""", path.read_text())
    }
    assert wanted
    assert not [name for name in wanted if f'id="{name}"' not in sprite]


def test_every_source_that_the_shipped_playbook_names_has_a_sentence() -> None:
    playbook = load_shipped_playbook("general")
    rules = (*playbook.gates, *playbook.matrix, playbook.default, *playbook.priorities)
    named = {code for rule in rules for code in rule.because}
    assert named
    assert not sorted(code for code in named if not source_words(code))
