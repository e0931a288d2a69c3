"""`amends assess` over files: one row out per row in, bad rows kept apart, stops survived."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from amends_engine import checks
from amends_engine.assess.output import COLUMNS
from amends_engine.assess.rows import BadRow, Columns, read_rows
from amends_engine.assess.run import AssessOptions, assess_file
from amends_engine.classifier import TextInput
from amends_engine.tables.errors import UnusableInput
from amends_engine.triage.cascade import load_screen_alone

TEXTS = ["Kargom gelmedi!", "", 'Спасибо,\nвсё "отлично" 😀', "barangnya rusak", "   ", "top!"]
RUN = "import sys; from amends.cli.main import run; sys.argv[0] = 'amends'; run()"


def write_csv(path: Path, texts: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows([f"r{n}", text] for n, text in enumerate(texts, 1))
    return path


def write_jsonl(path: Path, texts: list[str]) -> Path:
    lines = [json.dumps({"id": f"r{n}", "text": text}) for n, text in enumerate(texts, 1)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_parquet(path: Path, texts: list[str]) -> Path:
    ids = [f"r{n}" for n in range(1, len(texts) + 1)]
    parquet.write_table(pyarrow.table({"id": ids, "text": texts}), path)
    return path


WRITERS = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


def run_file(
    source: Path, output: Path, *, resume: bool = False, **columns: str
) -> tuple[int, int]:
    options = AssessOptions(
        source=str(source), output=str(output), columns=Columns(**columns), is_resumed=resume
    )
    result = assess_file(options, classifier=load_screen_alone())
    return result.rows, result.bad


def run_command(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", RUN, "assess", *arguments],
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )


def read_output(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    return parquet.read_table(path).to_pylist()


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("out", WRITERS)
def test_one_row_out_per_row_in_same_order(tmp_path: Path, kind: str, out: str) -> None:
    source = WRITERS[kind](tmp_path / f"in.{kind}", TEXTS)
    output = tmp_path / f"out.{out}"
    assert run_file(source, output) == (6, 2)
    records = read_output(output)
    assert [record["id"] for record in records] == [f"r{n}" for n in range(1, 7)]
    assert [bool(record.get("error")) for record in records] == [
        False, True, False, False, True, False,
    ]  # fmt: skip


def test_jsonl_of_the_command_is_that_of_the_engine(tmp_path: Path) -> None:
    run_file(write_jsonl(tmp_path / "in.jsonl", TEXTS), tmp_path / "out.jsonl")
    first, second, third = read_output(tmp_path / "out.jsonl")[:3]
    [expected] = load_screen_alone().assess([TextInput("r1", TEXTS[0])])
    assert first == expected.to_json()
    assert second == {"id": "r2", "row": 2, "error": "the text is empty"}
    for reason in third["reasons"]:
        assert TEXTS[2][reason["start"] : reason["end"]] == reason["text"]


def test_csv_has_dotted_columns_and_lists_as_json(tmp_path: Path) -> None:
    run_file(write_csv(tmp_path / "in.csv", TEXTS), tmp_path / "out.csv")
    first = read_output(tmp_path / "out.csv")[0]
    assert tuple(first) == COLUMNS
    assert first["complaint.label"] in ("true", "false")
    assert isinstance(json.loads(str(first["reasons"])), list)


def test_parquet_is_typed_and_appears_only_when_complete(tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    run_file(write_csv(tmp_path / "in.csv", TEXTS), output)
    schema = parquet.read_schema(output)
    assert str(schema.field("complaint.label").type) == "bool"
    assert str(schema.field("sentiment.score").type) == "double"
    assert not list(tmp_path.glob("*.partial"))


def test_other_column_names_and_row_numbers_as_ids(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("body,code\nMijn pakket is kwijt,nl\nok,nl\n", encoding="utf-8")
    run_file(source, tmp_path / "out.jsonl", text="body", lang="code")
    records = read_output(tmp_path / "out.jsonl")
    assert [record["id"] for record in records] == [1, 2]
    assert records[1]["language"]["code"] == "nl"


def test_bad_lines_of_jsonl_are_bad_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    lines = [
        '{"id": 5, "text": "fine"}', "{broken", '["a"]', '{"id": 9}', '{"text": 3}',
        '{"id": true, "text": "x"}', '{"id": [1], "text": "x"}', "[" * 100_000,
        '{"id": ' + "9" * 5000 + "}", '{"text": "\\ud83d alone"}',
    ]  # fmt: skip
    source.write_text("\n".join(lines), encoding="utf-8")
    assert run_file(source, tmp_path / "out.jsonl") == (10, 8)
    records = read_output(tmp_path / "out.jsonl")
    assert [record["id"] for record in records] == [5, 2, 3, 9, 5, 6, 7, 8, 9, 10]
    assert "error" not in records[9]


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
@given(cut=st.integers(0, 6000))
@settings(max_examples=25, deadline=None)
def test_resume_after_a_cut_anywhere_gives_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, kind: str, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("resume")
    texts = [*TEXTS, "ends in a backslash \\", 'say "no"', "[1]"]
    source = write_jsonl(folder / "in.jsonl", texts)
    whole, output = folder / f"whole.{kind}", folder / f"out.{kind}"
    result = run_file(source, whole)
    output.write_bytes(whole.read_bytes()[:cut])
    assert run_file(source, output, resume=True) == result
    assert output.read_bytes() == whole.read_bytes()


def test_resume_refuses_the_output_of_another_input(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", TEXTS)
    run_file(source, tmp_path / "out.csv")
    other = tmp_path / "other.csv"
    other.write_text("id,text\na,b\n", encoding="utf-8")
    before = (tmp_path / "out.csv").read_bytes()
    with pytest.raises(UnusableInput, match="give the same input"):
        run_file(other, tmp_path / "out.csv", resume=True)
    with pytest.raises(UnusableInput, match="is not an output"):
        run_file(source, other, resume=True)
    assert (tmp_path / "out.csv").read_bytes() == before


UNUSABLE = [
    pytest.param("in.csv", b"id,body\n1,x\n", [], "no column 'text'", id="missing column"),
    pytest.param("in.csv", b"", [], "is empty", id="empty csv"),
    pytest.param("in.csv", b"text\n\xff\xfe\n", [], "line 2 is not UTF-8", id="not utf-8"),
    pytest.param("in.csv", b'text\n"open\n', [], "mend the quotes", id="open quote"),
    pytest.param("in.xlsx", b"x", [], "unknown ending", id="unknown ending"),
    pytest.param("in.parquet", b"nonsense", [], "cannot be read as Parquet", id="no parquet"),
    pytest.param("in.jsonl", b"{}", ["--engine", "x"], "unknown", id="unknown engine"),
    pytest.param("in.jsonl", b"{}", ["--resume"], "name it with -o", id="resume to nowhere"),
    pytest.param("in.jsonl", b"{}", ["--resume", "-o", "o.parquet"], "cannot be continued", id="p"),
    pytest.param("in.csv", b"text\nx\n", ["--lang", "l"], "no column 'l'", id="named column"),
    pytest.param("in.jsonl", b"{}", ["-o", "out.txt"], "unknown ending", id="output ending"),
    pytest.param("in.jsonl", b"{}", ["-o", "no/such/o.csv"], "cannot be written", id="no folder"),
    pytest.param("missing.csv", None, [], "no such file", id="missing file"),
]


@pytest.mark.parametrize(("name", "content", "more", "message"), UNUSABLE)
def test_unusable_input_ends_with_2_and_one_line(
    tmp_path: Path, name: str, content: bytes | None, more: list[str], message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    more = [str(tmp_path / part) if "." in part else part for part in more]
    result = run_command(str(path), *more)
    assert result.returncode == 2
    assert result.stdout == b""
    lines = result.stderr.decode().splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_standard_input_needs_a_format() -> None:
    assert run_command("-", stdin=b"x").returncode == 2


def test_standard_input_to_standard_output_with_bad_rows_ends_with_3() -> None:
    result = run_command("-", "--format", "csv", "--fast", stdin="text\nçok kötü\n \n".encode())
    assert result.returncode == 3
    good, bad = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert good["language"]["code"] == "tr"
    assert bad == {"id": 2, "row": 2, "error": "the text holds only blank or invisible characters"}
    assert "1 of 2 rows" in result.stderr.decode()


def test_good_file_ends_with_0_and_django_is_never_loaded(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", ["fine"])
    script = (
        "import sys\nfrom amends.cli.assess import assess\n"
        f"try:\n    assess(file={str(source)!r}, output={str(tmp_path / 'o.csv')!r})\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        "assert 'django' not in sys.modules\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()


def test_broken_csv_header_of_a_new_run_does_not_cost_an_earlier_output(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("precious\n", encoding="utf-8")
    source = tmp_path / "in.csv"
    source.write_text("id,body\n1,x\n", encoding="utf-8")
    with pytest.raises(UnusableInput, match="no column"):
        run_file(source, output)
    assert output.read_text(encoding="utf-8") == "precious\n"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=40), max_size=8))
def test_any_texts_travel_through_csv(texts: list[str]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["text", "id"], *([text, n] for n, text in enumerate(texts))])
    stream = io.BytesIO(buffer.getvalue().encode("utf-8"))
    rows = list(read_rows(stream, name="x", kind="csv", columns=Columns()))
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        assert isinstance(row, BadRow) or row.text == text


def test_sample_texts_of_the_contract_travel_through_jsonl(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", list(checks.SAMPLES))
    assert run_file(source, tmp_path / "out.jsonl") == (len(checks.SAMPLES), 0)
