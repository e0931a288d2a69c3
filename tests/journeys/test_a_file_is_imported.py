"""A lead imports a file with errors in the browser, fetches the errors, mends them, imports them again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.desk import RunningDesk
from tests.journeys.people import become_owner

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

ROWS = [
    ["Nr", "Tarih", "Müşteri", "Yorum"],
    ["1", "09.03.2026 10:00", "Ayşe K.", "Kargom 6 gündür yok, arıyorum açan yok!"],
    ["2", "31.02.2026 11:00", "Can", "=2+3 kere aradım"],
    ["3", "10.03.2026 08:30", "Dewi", ""],
    ["4", "10.03.2026 09:15", "Иван", "Посылка пришла разбитой"],
]


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows(rows)
    return path


def upload(page: Page, path: Path, *, address: str) -> None:
    page.goto(f"{address}/import/")
    page.set_input_files("#f-file", path)
    page.locator("main form button.button-primary").click()
    expect(page.locator("#preview")).to_be_visible()


def test_a_file_with_errors_is_imported_mended_and_imported_again(
    desk: RunningDesk, open_page: Callable[..., Page], axe_source: str, tmp_path: Path
) -> None:
    mira = open_page()
    become_owner(mira, link=desk.first_link)
    mira.goto(f"{desk.address}/import/")
    assert not violations(mira, source=axe_source)

    upload(mira, write(tmp_path / "old-desk.csv", ROWS), address=desk.address)
    expect(mira.locator("[name=column_text]")).to_have_value("Yorum")
    mira.locator("[name=column_id]").select_option("Nr")
    mira.locator("[name=date_format]").select_option("%d.%m.%Y %H:%M")
    preview = mira.locator("#preview")
    # The preview follows without a new page, and says beside the cell what is wrong.
    expect(preview.locator("td.is-wrong")).to_have_count(2)
    expect(preview).to_contain_text("is not a date of the form")
    assert not violations(mira, source=axe_source)
    mira.locator("[name=source]").fill("old desk")
    mira.locator("button[value=start]").click()

    mira.goto(f"{desk.address}/inbox/all/")  # it goes on while one is elsewhere
    mira.goto(f"{desk.address}/import/")
    mira.get_by_role("link", name="old-desk.csv").click()
    expect(mira.locator(".import-counts")).to_contain_text("2", timeout=30_000)
    expect(mira.locator("main")).to_contain_text("Rows that were not taken")
    assert not violations(mira, source=axe_source)

    with mira.expect_download() as download:
        mira.get_by_role("link", name="Download the errors").click()
    errors = list(csv.reader(download.value.path().read_text(encoding="utf-8").splitlines()))
    assert [row[0] for row in errors[1:]] == ["2", "3"]
    assert errors[1][-1] == "'=2+3 kere aradım"
    errors[1][errors[0].index("Tarih")] = "28.02.2026 11:00"
    errors[2][errors[0].index("Yorum")] = "Paketku belum sampai"

    upload(mira, write(tmp_path / "mended.csv", errors), address=desk.address)
    mira.locator("[name=column_id]").select_option("Nr")
    mira.locator("[name=source]").fill("old desk")
    expect(preview.locator("td.is-wrong")).to_have_count(0)
    mira.locator("button[value=start]").click()
    expect(mira.locator(".import-counts")).to_be_visible(timeout=30_000)
    expect(mira.locator("main")).not_to_contain_text("Rows that were not taken")

    mira.goto(f"{desk.address}/inbox/all/")
    expect(mira.locator("#rows")).to_contain_text("Paketku belum sampai", timeout=30_000)
    expect(mira.locator("#rows")).to_contain_text("=2+3 kere aradım")
    with mira.expect_download() as sheet:
        mira.get_by_role("link", name="CSV").click()
    words = {
        row["words"]
        for row in csv.DictReader(sheet.value.path().read_text("utf-8-sig").splitlines())
    }
    assert "'=2+3 kere aradım" in words
