"""What of `--engine ray` needs no Ray: cutting, putting in order, refusing, and staying away."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.assess import scale
from amends_engine.assess.cluster import joined_cluster
from amends_engine.assess.errors import EngineStopped
from amends_engine.assess.factory import choose_factory, load_classifier
from amends_engine.assess.rows import BadRow, Row
from amends_engine.assess.run import AssessOptions, assess_file_by
from amends_engine.assess.scale import Split
from amends_engine.classifier import TextInput
from tests.engine.test_assess_files import RUN, write_jsonl

ON_RAY = ("--engine", "ray")


def make_rows(kinds: list[bool]) -> list[Row]:
    return [
        TextInput(at, "text") if is_good else BadRow(at, at + 1, "bad")
        for at, is_good in enumerate(kinds)
    ]


@given(st.lists(st.booleans(), max_size=30), st.randoms(use_true_random=False))
def test_answers_in_any_order_come_out_in_the_order_of_the_rows(
    kinds: list[bool], random: object
) -> None:
    window = make_rows(kinds)
    answers = [{at: f'{{"id": {at}}}'} for at, is_good in enumerate(kinds) if is_good]
    random.shuffle(answers)  # type: ignore[attr-defined]
    records = list(scale._merge_in_order(window, iter(answers)))
    assert [record["id"] for record in records] == list(range(len(kinds)))
    assert ["error" not in record for record in records] == kinds


def test_rows_before_a_missing_answer_are_given_and_the_loss_is_said() -> None:
    records = scale._merge_in_order(make_rows([True, False, True]), iter([{0: '{"id": 0}'}]))
    assert [next(records)["id"], next(records)["id"]] == [0, 1]
    with pytest.raises(EngineStopped, match=r"no answer for 1 rows.*--resume"):
        next(records)


def test_window_ends_after_its_rows_or_its_characters() -> None:
    rows = [TextInput(at, "x" * length) for at, length in enumerate((1, 1, 1, 9, 1))]
    split = Split(window_rows=2, window_characters=8)
    windows = list(scale._cut_windows(iter(rows), split=split))
    assert [[row.id for row in window] for window in windows] == [[0, 1], [2, 3], [4]]


def test_only_one_window_is_read_ahead() -> None:
    read: list[int] = []

    def rows() -> Iterator[Row]:
        for at in range(10):
            read.append(at)
            yield TextInput(at, "text")

    next(scale._cut_windows(rows(), split=Split(window_rows=3)))
    assert read == [0, 1, 2]


def test_two_versions_of_the_engine_are_not_mixed() -> None:
    old, new = ({"name": "screen", "version": version} for version in ("1", "2"))
    records: list[Mapping[str, object]] = [
        {"id": 1, "error": "bad"}, {"id": 2, "engine": old}, {"id": 3, "error": "bad"},
        {"id": 4, "engine": new},
    ]  # fmt: skip
    given = scale._of_one_engine(iter(records))
    assert [next(given)["id"] for _ in range(3)] == [1, 2, 3]
    with pytest.raises(EngineStopped, match="same version of Amends"):
        next(given)


def test_trouble_of_the_cluster_is_one_line() -> None:
    def answers() -> Iterator[Mapping[int, str]]:
        yield {}
        raise RuntimeError("Traceback:\n  File x\nOutOfMemory: worker died\n")

    with pytest.raises(EngineStopped, match=r"^the cluster stopped: OutOfMemory: worker died; "):
        list(scale._said_in_one_line(answers()))


def test_both_choices_of_the_engine_can_be_loaded_by_name() -> None:
    for is_fast in (False, True):
        factory = choose_factory(is_fast=is_fast)
        assert load_classifier(factory) is load_classifier(factory)


def run_ray(folder: Path, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command on one row, over an output that a failure must not cost."""
    source, output = write_jsonl(folder / "in.jsonl", ["fine"]), folder / "out.jsonl"
    output.write_text("precious\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", before + RUN, "assess", str(source), "-o", str(output), *ON_RAY],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    done = run_ray(tmp_path, "import sys; sys.modules['ray'] = None\n")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.endswith("pip install 'amends[scale]'")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "precious\n"


def test_cluster_that_is_away_is_said_in_one_line_and_costs_no_output(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="not run: Ray (pip install -r requirements/scale.txt)")
    done = run_ray(tmp_path, RAY_ADDRESS="127.0.0.1:9")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "RAY_ADDRESS=127.0.0.1:9: cannot be joined (Connection refused)" in line
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "precious\n"


@pytest.fixture
def talkative_ray(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A Ray that does nothing but talk, as the true one does when a worker dies."""
    asked: dict[str, object] = {}

    def init(**options: object) -> None:
        asked.update(options, folder_was_there=Path(str(options["_temp_dir"])).is_dir())
        sys.stdout.write("a worker died\n")

    ray = ModuleType("ray")
    ray.init, ray.shutdown = init, lambda: None  # type: ignore[attr-defined]
    ray.cluster_resources = lambda: {"CPU": 3.0}  # type: ignore[attr-defined]
    daft = ModuleType("daft")
    daft.set_runner_ray = lambda **_: None  # type: ignore[attr-defined]
    for module in (ray, daft):
        module.__spec__ = ModuleSpec(module.__name__, None)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    return asked


def test_standard_output_holds_records_alone_though_ray_talks(
    talkative_ray: dict[str, object], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", ["fine"])
    with ExitStack() as stack:

        def assess_rows(rows: Iterator[Row]) -> Iterator[Mapping[str, object]]:
            stack.enter_context(joined_cluster())
            return ({"id": row.id} for row in rows)

        assess_file_by(AssessOptions(source=str(source)), assess_rows=assess_rows)
    captured = capsysbinary.readouterr()
    assert captured.out == b'{"id": "r1"}\n'
    assert captured.err == b"a worker died\n"


def test_ray_of_our_own_leaves_neither_files_nor_environment(
    talkative_ray: dict[str, object],
) -> None:
    before = dict(os.environ)
    with joined_cluster(cores=2) as workers:
        assert workers == 3
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    assert dict(os.environ) == before
    assert talkative_ray["folder_was_there"]
    assert not Path(str(talkative_ray["_temp_dir"])).exists()
    assert talkative_ray["num_cpus"] == 2
    assert talkative_ray["include_dashboard"] is False


def test_ray_that_does_not_start_is_said_in_one_line_and_leaves_no_files(
    talkative_ray: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**options: object) -> None:
        talkative_ray.update(options)
        raise RuntimeError("The node timed out.\nSee the logs.")

    monkeypatch.setattr(sys.modules["ray"], "init", fail)
    with pytest.raises(EngineStopped, match=r"^Ray did not start .*\(The node timed out\.\); .*$"):
        joined_cluster().__enter__()
    assert not Path(str(talkative_ray["_temp_dir"])).exists()


def test_local_run_never_loads_the_extra(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", ["fine"])
    script = (
        "import sys\nfrom amends.cli.assess import assess\n"
        f"try:\n    assess(file={str(source)!r}, output={str(tmp_path / 'o.csv')!r})\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        "assert not {'daft', 'ray'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
