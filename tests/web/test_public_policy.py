"""What everybody may read: the policy in each language, its versions, and nothing of the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.models import Brand, User, Workspace
from amends.accounts.public_brand import brand_by_key, public_key
from amends.core.policy.schema import load_shipped_policy, read_shipped_policy
from amends.core.policy.write import write_policy
from amends.measures.publish_policy import publish_policy
from tests.core.policy.support import with_text
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
STARTING = read_shipped_policy().decode()
LANGUAGES = ["en", "tr", "id", "ru", "nl"]


@pytest.fixture
def address(workspace: Workspace, lead: User, now: datetime) -> str:
    """The public address of a brand whose policy has two versions."""
    workspace.name = "Northwind Agency"
    workspace.save()
    brand = Brand.objects.create(workspace=workspace, name="Lumbara", slug="lumbara")
    first = now - timedelta(days=30)
    publish_policy(brand, text=STARTING, after=0, note="", by=lead, now=first)
    changed = write_policy(with_text(load_shipped_policy(), "en", rule="Do not insult anybody."))
    publish_policy(brand, text=changed, after=1, note="Clearer.", by=lead, now=now)
    return f"/policy/{public_key(brand)}/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_page(address: str, language: str, client: Client) -> None:
    answer = client.get(f"{address}{language}/")
    page = words(answer)
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="ltr">' in page
    policy = load_shipped_policy()
    assert policy.page(language).title in page
    for clause in policy.clauses:
        assert f'id="{clause.id}"' in page
        text = clause.text(language)
        assert text.title in page
        assert text.example in page
        assert text.consequence in page
    for other in LANGUAGES:
        assert f'href="{address}{other}/"' in page


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("tr", "tr"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("fr, nl;q=0.5", "nl"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_the_browser_chooses_the_language(
    address: str, header: str, language: str, client: Client
) -> None:
    answer = client.get(address, headers={"accept-language": header})
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    assert load_shipped_policy().page(language).title in words(answer)


def test_the_page_sets_no_cookie_has_no_script_and_may_be_cached(
    address: str, client: Client
) -> None:
    answer = client.get(f"{address}en/")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    page = words(answer)
    assert "<script" not in page
    assert "csrf" not in page.lower()
    assert "<form" not in page


def test_nothing_of_the_workspace_stands_on_it(
    address: str, workspace: Workspace, lead: User, client: Client
) -> None:
    for path in ("", "en/", "en/v1/"):
        page = words(client.get(address + path))
        assert "Lumbara" in page
        for secret in (workspace.name, workspace.slug, lead.email, "Lumen"):
            assert secret not in page


def test_a_signed_in_person_sees_exactly_the_same(
    address: str, agent: User, stranger: User, sign_in: Callable[[User], Client], client: Client
) -> None:
    for path in ("tr/", "tr/v1/"):
        shown = client.get(address + path).content
        assert sign_in(agent).get(address + path).content == shown
        answer = sign_in(stranger).get(address + path)
        assert answer.content == shown
        assert answer.headers["Content-Language"] == "tr"


def test_earlier_versions_stay_with_their_dates_and_what_changed(
    address: str, client: Client
) -> None:
    old = words(client.get(f"{address}en/v1/"))
    assert "This is an earlier version." in old
    assert "swear words or name-calling" in old
    assert f'href="{address}en/"' in old
    new = words(client.get(f"{address}en/"))
    assert "This is an earlier version." not in new
    assert "Do not insult anybody." in new
    assert "Clearer." in new
    assert "<del>" in new
    assert f'href="{address}en/v1/"' in new
    assert "in force since" in new


@pytest.mark.parametrize("path", ["fr/", "en/v3/", "en/v0/", "xx/v1/"])
def test_what_there_is_not_is_not_found(address: str, path: str, client: Client) -> None:
    assert client.get(f"{address}{path}").status_code == 404


def test_an_unknown_brand_one_without_policy_and_a_wrong_slug_look_alike(
    address: str, workspace: Workspace, client: Client
) -> None:
    brand = workspace.brands.get(slug="lumen")
    key = address.split("/")[2]
    number = key.rpartition("-")[2]
    for wrong in (public_key(brand), "nobody-99999", f"other-{number}", "x-999999999999"):
        for path in (f"/policy/{wrong}/", f"/policy/{wrong}/en/", f"/transparency/{wrong}/"):
            assert client.get(path).status_code == 404, path


def test_only_reading_is_possible(address: str, client: Client) -> None:
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


def test_the_key_of_a_brand_is_its_slug_and_number(brand: Brand) -> None:
    assert public_key(brand) == f"lumen-{brand.pk}"
    assert brand_by_key(public_key(brand)) == brand
    for wrong in ("lumen", "lumen-", f"lumen-{brand.pk}x", "-1", "lumen-²"):
        assert brand_by_key(wrong) is None
