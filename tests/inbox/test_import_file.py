"""Files of comments come in once, whole rows only, and a crash costs nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from amends.accounts.models import Brand, Workspace
from amends.cases.models import Case, CaseClock
from amends.core.clock import ScriptedClock
from amends.inbox import import_file as verbs
from amends.inbox.import_errors import write_errors
from amends.inbox.import_file import ImportRefused, begin_import, cancel_import, run_import
from amends.inbox.import_source import UnusableInput, open_source
from amends.inbox.models import ChannelAccount, Comment, FileImport, ImportStatus, Version
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_one, run_until_idle
from amends.pipeline.steps import BACKGROUND, STEPS
from amends.record.log import COMMAND
from amends.record.models import ActionLog
from amends.work.claim import LeaseLost

pytestmark = pytest.mark.django_db
MAP = "kind: import\ncolumns: {text: text, published_at: at, id: id, author: author, parent: parent}\n"
ROWS = [
    {
        "id": "1",
        "at": "2026-03-01T10:00:00Z",
        "author": "Ayşe",
        "parent": "",
        "text": "Kargom 6 gündür yok!",
    },
    {
        "id": "2",
        "at": "2026-03-01T11:00:00Z",
        "author": "Can",
        "parent": "1",
        "text": "Benimki de yok",
    },
    {"id": "3", "at": "", "author": "Dewi", "parent": "", "text": "=1+1"},
    {
        "id": "4",
        "at": "2026-03-02T10:00:00Z",
        "author": "Иван",
        "parent": "",
        "text": "Где мой заказ?",
    },
]


def write_csv(path: Path, rows: list[dict[str, str]], *, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def bring_in(workspace: Workspace, brand: Brand, now: datetime) -> Callable[..., FileImport]:
    def bring(
        path: Path,
        *,
        map: str = MAP,
        at: datetime = now,
        is_for_worker: bool = False,
        **values: object,
    ) -> FileImport:
        source = open_source(path)
        run = FileImport.objects.create(
            workspace=workspace,
            brand=brand,
            source=values.pop("source", "old desk"),
            file_name=path.name,
            format=source.format,
            digest=source.digest(),
            size=source.size,
            map=map,
            path=str(path) if is_for_worker else "",
            asked_at=at,
            **values,
        )
        begin_import(run, source=source, by=COMMAND, now=at)
        if not run.path:
            clock = ScriptedClock(at)
            run_import(run, source=source, clock=clock, by=COMMAND, on_progress=lambda _run: None)
        run.refresh_from_db()
        return run

    return bring


def counts(run: FileImport) -> tuple[int, int, int, int]:
    return run.new, run.changed, run.known, run.bad


def test_rows_become_comments_of_a_source(
    tmp_path: Path, bring_in: Callable[..., FileImport], workspace: Workspace
) -> None:
    run = bring_in(write_csv(tmp_path / "a.csv", ROWS))
    assert (run.status, counts(run)) == (ImportStatus.DONE, (3, 0, 0, 1))
    account = ChannelAccount.objects.get()
    assert (account.kind, account.host, account.label) == ("file", "old desk", "old desk")
    second = Comment.objects.get(external_id="2")
    assert second.parent == Comment.objects.get(external_id="1")
    assert second.thread == second.parent.thread
    assert (second.author.display_name, second.is_history) == ("Can", True)
    payload = json.loads(second.versions.get().content.payload)
    assert payload["from"] == "a.csv:2"
    assert payload["row"]["text"] == "Benimki de yok"
    actions = ActionLog.objects.filter(workspace_id=workspace.pk).values_list("action", flat=True)
    assert set(actions) == {"channel.connect", "comment.import", "comment.end_import"}


@pytest.mark.parametrize("kind", ["semicolons", "jsonl", "parquet"])
def test_every_format_gives_the_same(
    kind: str, tmp_path: Path, bring_in: Callable[..., FileImport]
) -> None:
    path = tmp_path / "a.dat"  # the name tells nothing
    if kind == "semicolons":
        write_csv(path, ROWS, delimiter=";")
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    else:
        parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)
    assert counts(bring_in(path)) == (3, 0, 0, 1)
    assert Comment.objects.get(external_id="4").author.handle == "Иван"


def test_importing_again_is_harmless_and_a_changed_text_is_a_new_version(
    tmp_path: Path, bring_in: Callable[..., FileImport], now: datetime
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    bring_in(path)
    assert counts(bring_in(path)) == (0, 0, 3, 1)
    changed = [{**ROWS[0], "text": "Kargom geldi, teşekkürler"}, *ROWS[1:]]
    run = bring_in(write_csv(path, changed), at=now + timedelta(days=1))
    assert counts(run) == (0, 1, 2, 1)
    versions = Version.objects.filter(comment__external_id="1").order_by("occurred_at")
    assert [one.text for one in versions] == [ROWS[0]["text"], "Kargom geldi, teşekkürler"]


def test_rows_without_an_id_are_known_by_what_they_say(
    tmp_path: Path, bring_in: Callable[..., FileImport]
) -> None:
    rows = [{key: row[key] for key in ("at", "author", "text")} for row in ROWS if row["at"]]
    path = write_csv(tmp_path / "a.csv", rows)
    no_id = "kind: import\ncolumns: {text: text, published_at: at, author: author}\n"
    assert counts(bring_in(path, map=no_id)) == (3, 0, 0, 0)
    assert counts(bring_in(path, map=no_id)) == (0, 0, 3, 0)
    assert all("Kargom" not in one.external_id for one in Comment.objects.all())


def test_the_errors_file_is_mended_and_imported_again(
    tmp_path: Path, bring_in: Callable[..., FileImport]
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    run = bring_in(path)
    out = io.StringIO(newline="")
    assert write_errors(run, source=open_source(path), out=out) == 1
    (bad,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (bad["amends_row"], bad["amends_column"], bad["amends_reason"]) == (
        "3",
        "at",
        "at is empty",
    )
    assert bad["text"] == "'=1+1"  # a spreadsheet computes nothing
    mended = write_csv(tmp_path / "mended.csv", [{**bad, "at": "2026-03-03T08:00:00Z"}])
    assert counts(bring_in(mended)) == (1, 0, 0, 0)
    assert Version.objects.get(comment__external_id="3").text == "=1+1"


def test_history_is_closed_from_the_start_and_starts_no_clock(
    tmp_path: Path, bring_in: Callable[..., FileImport], now: datetime
) -> None:
    bring_in(write_csv(tmp_path / "a.csv", ROWS))
    desk = Desk(clock=ScriptedClock(now))
    desk.classifier = lambda: None
    assert run_until_idle(desk) == 0  # the journey has nothing to do with it
    run_until_idle(desk, steps=(*BACKGROUND, *STEPS))
    assert list(Case.objects.values_list("status", "first_reply_due_at").distinct()) == [
        ("no_action", None)
    ]
    assert not CaseClock.objects.exists()


def test_clocks_start_where_somebody_says_so(
    tmp_path: Path, bring_in: Callable[..., FileImport], now: datetime
) -> None:
    bring_in(write_csv(tmp_path / "a.csv", ROWS), starts_clocks=True)
    desk = Desk(clock=ScriptedClock(now))
    desk.classifier = lambda: None
    run_until_idle(desk)
    assert Case.objects.filter(status="new", first_reply_due_at__isnull=False).exists()


def test_a_crash_between_batches_loses_and_doubles_nothing(
    tmp_path: Path,
    bring_in: Callable[..., FileImport],
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    rows = [{**ROWS[0], "id": str(n), "at": "" if n % 7 == 0 else ROWS[0]["at"]} for n in range(60)]
    path = write_csv(tmp_path / "a.csv", rows)
    monkeypatch.setattr(verbs, "BATCH", 10)
    real, calls = verbs.capture_many, []

    def dies(events: list[object], **values: object) -> object:
        calls.append(len(events))
        done = real(events, **values)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(verbs, "capture_many", dies)
    with pytest.raises(KeyboardInterrupt):
        bring_in(path)
    run = FileImport.objects.get()
    assert (run.status, run.rows, Comment.objects.count()) == (ImportStatus.RUNNING, 20, 17)
    clock = ScriptedClock(now)
    run_import(
        run, source=open_source(path), clock=clock, by=COMMAND, on_progress=lambda _run: None
    )
    run.refresh_from_db()
    assert (run.rows, counts(run), run.problems.count()) == (60, (51, 0, 0, 9), 9)
    assert Comment.objects.count() == 51


def test_two_who_go_on_with_one_import_do_not_both(
    tmp_path: Path, bring_in: Callable[..., FileImport], now: datetime
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    run = bring_in(path, is_for_worker=True)
    late = FileImport.objects.get(pk=run.pk)
    FileImport.objects.update(rows=2)
    with pytest.raises(LeaseLost):
        run_import(
            late,
            source=open_source(path),
            clock=ScriptedClock(now),
            by=COMMAND,
            on_progress=lambda _r: None,
        )
    assert not Comment.objects.exists()


def test_the_worker_does_it_in_turns_and_can_be_stopped(
    tmp_path: Path,
    bring_in: Callable[..., FileImport],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verbs, "BATCH", 1)
    monkeypatch.setattr(verbs, "TURN", timedelta(0))
    path = write_csv(tmp_path / "a.csv", ROWS)
    run = bring_in(path, is_for_worker=True)
    step = next(one for one in BACKGROUND if one.name == "import_file")
    desk = Desk(clock=ScriptedClock(now))
    assert run_one(step, desk=desk)
    run.refresh_from_db()
    assert (run.rows, run.total, run.percent, run.is_running) == (1, 4, 25, True)
    cancel_import(run, by=COMMAND, now=now)
    assert not run_one(step, desk=desk)
    with pytest.raises(ImportRefused):
        cancel_import(run, by=COMMAND, now=now)
    again = bring_in(path, is_for_worker=True)
    run_until_idle(desk, steps=(step,))
    again.refresh_from_db()
    assert (again.status, counts(again)) == (ImportStatus.DONE, (2, 0, 1, 1))


def test_a_file_that_is_gone_or_broken_fails_with_the_reason(
    tmp_path: Path, bring_in: Callable[..., FileImport], now: datetime
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    run = bring_in(path, is_for_worker=True)
    path.write_text('id,at,author,parent,text\n1,2026-03-01T10:00:00Z,a,,"never ends\n')
    step = next(one for one in BACKGROUND if one.name == "import_file")
    run_until_idle(Desk(clock=ScriptedClock(now)), steps=(step,))
    run.refresh_from_db()
    assert run.status == ImportStatus.FAILED
    assert "mend the quotes" in run.error
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "workbook"),
        ("id;text\n1;ş\n".encode("utf-16"), "UTF-8"),
        ("id,text\n1,ş\n".encode("iso-8859-9"), "not UTF-8"),
        (b'[{"id": 1}]', "one JSON list"),
        (b"<html>", "page or XML"),
        (b"id,text,id\n1,a,2\n", "two columns are called 'id'"),
        (b"id,text\n", "has no rows"),
        (b"PAR1 but no parquet", "cannot be read as Parquet"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(
    content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableInput, match=said):
        open_source(path)


def test_a_source_stays_with_its_brand(
    tmp_path: Path, bring_in: Callable[..., FileImport], workspace: Workspace
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    bring_in(path)
    other = Brand.objects.create(workspace=workspace, name="Other", slug="other")
    ChannelAccount.objects.update(brand=other)
    with pytest.raises(ImportRefused, match="belongs to Other"):
        bring_in(path)


def test_a_column_that_is_not_there_is_named(
    tmp_path: Path, bring_in: Callable[..., FileImport]
) -> None:
    with pytest.raises(ImportRefused, match="no column “body”"):
        bring_in(write_csv(tmp_path / "a.csv", ROWS), map=MAP.replace("text: text", "text: body"))


def test_the_future_is_no_history(
    tmp_path: Path, bring_in: Callable[..., FileImport], now: datetime
) -> None:
    rows = [{**ROWS[0], "at": datetime(2027, 1, 1, tzinfo=UTC).isoformat()}]
    assert counts(bring_in(write_csv(tmp_path / "a.csv", rows))) == (0, 0, 0, 1)
