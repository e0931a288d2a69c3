"""Importing in the browser: from the upload to the errors file, and what is refused on the way."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amends.accounts.models import User
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment, FileImport, ImportStatus
from amends.inbox.upload import clear_imports, imports_folder
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import BACKGROUND

pytestmark = pytest.mark.django_db
STEP = next(one for one in BACKGROUND if one.name == "import_file")
CSV = """Ticket ID,Created,Customer,Body
1,09.03.2026 10:00,Ayşe,Kargom 6 gündür yok
2,,Can,<b>Benimki de</b>
"""


@pytest.fixture
def upload(client: Client, lead: User) -> Callable[..., HttpResponse]:
    client.force_login(lead)

    def send(content: str | bytes = CSV, name: str = "old.csv") -> HttpResponse:
        raw = content.encode() if isinstance(content, str) else content
        return client.post(reverse("imports"), {"file": SimpleUploadedFile(name, raw)})

    return send


def form(run: FileImport, **changes: str) -> dict[str, str]:
    return {
        "act": "start",
        "source": "old desk",
        "brand": str(run.brand_id),
        "column_text": "Body",
        "column_published_at": "Created",
        "column_id": "Ticket ID",
        "column_author": "Customer",
        "date_format": "%d.%m.%Y %H:%M",
        "time_zone": "Europe/Istanbul",
        "ours": "",
        "language": "tr",
    } | changes


def test_a_file_is_looked_at_mapped_and_imported(
    upload: Callable[..., HttpResponse], client: Client
) -> None:
    answer = upload()
    run = FileImport.objects.get()
    assert answer.headers["Location"] == reverse("import_page", args=[run.pk])
    shown = client.get(answer.headers["Location"]).content.decode()
    assert '<option value="Body" selected>' in shown
    assert '<option value="%d.%m.%Y %H:%M" selected>' in shown
    assert "is empty" in shown  # beside its cell
    assert "&lt;b&gt;Benimki" in shown
    started = client.post(reverse("import_page", args=[run.pk]), form(run))
    assert started.status_code == 302, started.content.decode()
    assert "import-progress" in client.get(reverse("import_page", args=[run.pk])).content.decode()
    run_until_idle(Desk(clock=ScriptedClock(timezone.now())), steps=(STEP,))
    done = client.get(reverse("import_progress", args=[run.pk]))
    assert done.headers["HX-Refresh"] == "true"
    run.refresh_from_db()
    assert (run.status, run.new, run.bad) == (ImportStatus.DONE, 1, 1)
    assert Comment.objects.get(external_id="1").is_history
    assert not Path(run.path).exists()  # the upload is let go of
    errors = client.get(reverse("import_errors", args=[run.pk]))
    text = b"".join(errors.streaming_content).decode()  # type: ignore[attr-defined]
    errors.close()
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Ticket ID"], row["amends_reason"]) == ("2", "Created is empty")


def test_the_preview_follows_the_form_without_a_new_page(
    upload: Callable[..., HttpResponse], client: Client
) -> None:
    upload()
    run = FileImport.objects.get()
    wrong = form(run, act="", date_format="%m/%d/%Y")
    answer = client.post(
        reverse("import_page", args=[run.pk]), wrong, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "is not a date of the form" in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"column_text": ""}, "This field is required"),
        ({"column_author": "Body"}, "This column is chosen twice"),
        ({"column_text": "Elsewhere"}, "Select a valid choice"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
    ],
)
def test_a_map_with_mistakes_starts_nothing(
    changes: dict[str, str], said: str, upload: Callable[..., HttpResponse], client: Client
) -> None:
    upload()
    run = FileImport.objects.get()
    answer = client.post(reverse("import_page", args=[run.pk]), form(run, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    run.refresh_from_db()
    assert run.status == ImportStatus.MAPPING


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04x", "workbook"), (b"", "Choose a file first"), (b"a,b\n", "has no rows")],
)
def test_what_is_no_table_is_refused_and_not_kept(
    content: bytes, said: str, upload: Callable[..., HttpResponse]
) -> None:
    folders = set(imports_folder().iterdir()) if imports_folder().is_dir() else set()
    answer = upload(content)
    assert answer.status_code == 422
    assert said in answer.content.decode() or (not content and "empty" in answer.content.decode())
    assert not FileImport.objects.exists()
    kept = set(imports_folder().iterdir()) if imports_folder().is_dir() else set()
    assert kept <= folders


def test_a_file_that_is_too_large_is_refused(
    upload: Callable[..., HttpResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "IMPORT_MAX_BYTES", 10)
    assert upload().status_code == 422
    assert not FileImport.objects.exists()


def test_the_name_of_a_file_leads_nowhere(upload: Callable[..., HttpResponse]) -> None:
    upload(name="../../../etc/cron.d/x.csv")
    run = FileImport.objects.get()
    assert run.file_name == "x.csv"
    assert Path(run.path).parent.parent == imports_folder()


def test_a_second_start_is_told(upload: Callable[..., HttpResponse], client: Client) -> None:
    upload()
    run = FileImport.objects.get()
    client.post(reverse("import_page", args=[run.pk]), form(run))
    client.post(reverse("import_page", args=[run.pk]), form(run))
    shown = client.get(reverse("import_page", args=[run.pk])).content.decode()
    assert "begun already" in shown


def test_an_upload_is_thrown_away(upload: Callable[..., HttpResponse], client: Client) -> None:
    upload()
    run = FileImport.objects.get()
    client.post(reverse("import_stop", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == ImportStatus.CANCELLED
    assert not Path(run.path).parent.exists()


def test_what_nobody_fetches_is_cleared_away(
    upload: Callable[..., HttpResponse], now: datetime
) -> None:
    upload()
    run = FileImport.objects.get()
    clear_imports(now=now + timedelta(hours=2))
    assert Path(run.path).exists()
    clear_imports(now=now + timedelta(days=2))
    assert not Path(run.path).exists()


def test_agents_and_strangers_import_nothing(
    client: Client, agent: User, stranger: User, upload: Callable[..., HttpResponse]
) -> None:
    upload()
    run = FileImport.objects.get()
    client.force_login(agent)
    assert client.get(reverse("import_page", args=[run.pk])).status_code == 403
    client.force_login(stranger)
    assert client.get(reverse("import_page", args=[run.pk])).status_code == 404
    assert "old.csv" not in client.get(reverse("imports")).content.decode()
