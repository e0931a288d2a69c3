"""`amends assess --engine ray` writes what the local run writes: on a local Ray of two workers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from pyarrow import parquet

from amends_engine.assess.cluster import QUIET
from amends_engine.assess.errors import EngineStopped
from amends_engine.assess.factory import WHOLE, load_classifier
from amends_engine.assess.run import AssessOptions, assess_file, assess_file_by
from amends_engine.assess.scale import ClusterAssessor, Split, assess_on_workers
from tests.engine.test_assess_files import RUN, WRITERS

pytestmark = [
    pytest.mark.integration,
    pytest.mark.cluster,
    # Ray opens files and sockets that it leaves to the end of the process.
    pytest.mark.filterwarnings("default"),
]
TEXTS = [
    "Kargom altı gündür gelmedi, kimse cevap vermiyor!", "", "Спасибо, всё\nотлично 😀",
    "barangnya rusak dan \"garansi\" ditolak", "   ", "Nog steeds geen pakket.", "thanks, solved!",
] * 9  # fmt: skip
SPLIT = Split(partition_rows=4, window_rows=40)
"""Small, so that sixty rows are two windows of many partitions."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[ClusterAssessor]:
    """A Ray of two workers that runs for all tests of this file."""
    if find_spec("ray") is None or find_spec("daft") is None:
        missing = "not run: Ray and Daft (pip install -r requirements/scale.txt)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    with ClusterAssessor(WHOLE, split=SPLIT, cores=2) as assessor:
        assessor.assess_rows(iter(()))
        yield assessor


def run_both(
    cluster: ClusterAssessor, source: Path, suffix: str, *, cut: int | None = None
) -> tuple[Path, Path]:
    """Assess locally and on the cluster; with `cut` the latter resumes after so many bytes."""
    local, scaled = (source.with_name(f"{name}.{suffix}") for name in ("local", "scaled"))
    expected = assess_file(
        AssessOptions(source=str(source), output=str(local)), classifier=load_classifier(WHOLE)
    )
    if cut is not None:
        scaled.write_bytes(local.read_bytes()[:cut])
    options = AssessOptions(source=str(source), output=str(scaled), is_resumed=cut is not None)
    seen: list[int] = []
    result = assess_file_by(options, assess_rows=cluster.assess_rows, on_progress=seen.append)
    assert result == expected
    assert seen[-1] == expected.rows
    return local, scaled


@pytest.mark.parametrize("kind", WRITERS)
def test_cluster_writes_what_the_local_run_writes(
    cluster: ClusterAssessor, tmp_path: Path, kind: str
) -> None:
    # Each window starts its workers anew, so that one format with two windows is enough.
    texts = TEXTS if kind == "csv" else TEXTS[:30]
    local, scaled = run_both(cluster, WRITERS[kind](tmp_path / f"in.{kind}", texts), kind)
    if kind == "parquet":
        assert parquet.read_table(scaled).equals(parquet.read_table(local))
        assert not list(tmp_path.glob("*.partial"))
    else:
        assert scaled.read_bytes() == local.read_bytes()


def test_odd_rows_travel_to_the_cluster_and_back(cluster: ClusterAssessor, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    lines = [
        "{broken", '{"id": 5, "text": "fine"}', '{"text": "\\ud83d alone"}', '["a"]',
        '{"id": ' + "9" * 40 + ', "text": "long id"}', '{"text": "x", "parent": "y", "lang": "nl"}',
    ]  # fmt: skip
    source.write_text("\n".join(lines), encoding="utf-8")
    local, scaled = run_both(cluster, source, "jsonl")
    assert scaled.read_bytes() == local.read_bytes()


def test_file_of_bad_rows_alone_needs_no_worker(cluster: ClusterAssessor, tmp_path: Path) -> None:
    local, scaled = run_both(cluster, WRITERS["csv"](tmp_path / "in.csv", ["", " "]), "csv")
    assert scaled.read_bytes() == local.read_bytes()


def test_resumed_run_on_the_cluster_gives_the_same_file(
    cluster: ClusterAssessor, tmp_path: Path
) -> None:
    source = WRITERS["jsonl"](tmp_path / "in.jsonl", TEXTS)
    local, scaled = run_both(cluster, source, "jsonl", cut=20_000)
    assert scaled.read_bytes() == local.read_bytes()


def test_ray_of_our_own_is_heard_by_this_machine_alone(cluster: ClusterAssessor) -> None:
    import ray

    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]
    port = int(ray.get_runtime_context().gcs_address.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    # Whoever listens on all addresses answers on this one too.
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_workers_are_told_to_phone_nobody(cluster: ClusterAssessor) -> None:
    import ray

    @ray.remote
    def read_environment() -> dict[str, str]:
        return dict(os.environ)

    assert ray.get(read_environment.remote()).items() >= QUIET.items()


def test_engine_that_workers_cannot_load_is_said_in_one_line(
    cluster: ClusterAssessor, tmp_path: Path
) -> None:
    source = WRITERS["jsonl"](tmp_path / "in.jsonl", ["fine"])
    options = AssessOptions(source=str(source), output=str(tmp_path / "out.jsonl"))
    assess_rows = partial(
        assess_on_workers, factory="amends_engine.nothing:load", workers=1, split=SPLIT
    )
    with pytest.raises(EngineStopped, match=r"No module named 'amends_engine\.nothing'") as stop:
        assess_file_by(options, assess_rows=assess_rows)
    assert "\n" not in str(stop.value)


def test_command_joins_the_cluster_at_ray_address(cluster: ClusterAssessor, tmp_path: Path) -> None:
    import ray

    source = WRITERS["csv"](tmp_path / "in.csv", TEXTS)
    local, scaled = tmp_path / "local.csv", tmp_path / "scaled.csv"
    assert run_command(source, local, "local") == run_command(
        source, scaled, "ray", RAY_ADDRESS=ray.get_runtime_context().gcs_address
    )
    assert scaled.read_bytes() == local.read_bytes()


def run_command(source: Path, output: Path, engine: str, **environment: str) -> tuple[int, str]:
    arguments = ["assess", str(source), "-o", str(output), "--engine", engine]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stderr
