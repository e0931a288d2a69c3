"""Pictures and files are served to who may see the comment, as what they are, and can do nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.models import Case
from amends.inbox.models import Attachment, AttachmentFile, FileState
from tests.support.pictures import kept_file
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def kept(case: Case, now: datetime) -> AttachmentFile:
    return kept_file(case.comment, now=now, alt="A crushed box")


def test_the_picture_stands_on_the_page_with_its_size_and_its_description(
    case: Case, kept: AttachmentFile, agent: User, sign_in: SignIn
) -> None:
    page = words(sign_in(agent).get(f"/cases/C-{case.number}/"))
    assert f'src="/attachments/{kept.attachment_id}/thumb/" width="320" height="240"' in page
    assert 'alt="A crushed box"' in page
    assert "pictures.example" not in page.replace("box.png", "")


def test_a_channel_that_described_nothing_is_said_to_have(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    kept_file(case.comment, now=now)
    page = words(sign_in(agent).get(f"/cases/C-{case.number}/"))
    assert "no description given by the channel" in page


@pytest.mark.parametrize("form", ["view", "thumb"])
def test_what_is_served_is_locked(
    kept: AttachmentFile, viewer: User, sign_in: SignIn, form: str
) -> None:
    response = sign_in(viewer).get(f"/attachments/{kept.attachment_id}/{form}/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "private" in response.headers["Cache-Control"]


def test_another_file_is_only_saved(
    case: Case, agent: User, sign_in: SignIn, now: datetime
) -> None:
    row = kept_file(case.comment, now=now)
    AttachmentFile.objects.filter(pk=row.pk).update(width=0, height=0, media_type="text/html")
    client = sign_in(agent)
    response = client.get(f"/attachments/{row.attachment_id}/file/")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="box.png"'
    assert client.get(f"/attachments/{row.attachment_id}/view/").status_code == 404
    assert "A stranger sent it" in words(client.get(f"/cases/C-{case.number}/"))


def test_who_may_not_see_the_case_gets_nothing(
    case: Case, kept: AttachmentFile, agent: User, lead: User, stranger: User, sign_in: SignIn
) -> None:
    Case.objects.filter(pk=case.pk).update(lane="threat")
    for person, status in ((agent, 404), (stranger, 404), (lead, 200)):
        for form in ("view", "file"):
            url = f"/attachments/{kept.attachment_id}/{form}/"
            assert sign_in(person).get(url).status_code == status


@pytest.mark.parametrize("state", [FileState.PENDING, FileState.REFUSED, FileState.GONE])
def test_what_is_not_kept_is_said_and_not_served(
    case: Case, kept: AttachmentFile, agent: User, sign_in: SignIn, state: str
) -> None:
    AttachmentFile.objects.filter(pk=kept.pk).update(state=state, reason="too_large")
    client = sign_in(agent)
    assert client.get(f"/attachments/{kept.attachment_id}/view/").status_code == 404
    page = words(client.get(f"/cases/C-{case.number}/"))
    said = "being fetched" if state == FileState.PENDING else "larger than the desk keeps"
    assert said in page


def test_an_attachment_without_a_file_is_named_only(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    Attachment.objects.create(
        version=case.comment.versions.get(), position=0, kind="link", url="https://a.example/x"
    )
    page = words(sign_in(agent).get(f"/cases/C-{case.number}/"))
    assert "<bdi>x</bdi>" in page
    assert 'src="https://a.example' not in page
