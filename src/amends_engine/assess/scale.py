"""The same assessment by Daft on Ray: windows of rows go out in partitions, records come back.

This process reads and writes; workers judge. It holds one window of rows at a time, and of the
records those that wait for an earlier partition. Ray's object store holds the texts and records
of a window.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from amends_engine.assess.cluster import joined_cluster, require_scale
from amends_engine.assess.errors import EngineStopped
from amends_engine.assess.output import Record
from amends_engine.assess.rows import BadRow, Row
from amends_engine.classifier import TextInput

Answers = Mapping[int, str]
"""Records as JSON by the place of their row in the window."""


@dataclass(frozen=True, slots=True)
class Split:
    """How rows are cut. A window is what is out at a time; a partition is one worker's task."""

    partition_rows: int = 1000
    window_rows: int = 200_000
    window_characters: int = 32 * 1024 * 1024


class ClusterAssessor:
    """Assesses rows on a cluster, which is joined at the first call and left at the end.

    `assess_rows` is what `assess_file_by` takes. The engine is named as `module:function`, which
    the workers import: see `factory.py`. `cores` bounds a Ray that is started on this machine.
    """

    def __init__(
        self, factory: str, *, split: Split | None = None, cores: int | None = None
    ) -> None:
        self._factory = factory
        self._split = split or Split()
        self._cores = cores
        self._workers = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Raise UnusableInput if the extra `scale` is missing; the cluster is joined later."""
        require_scale()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._workers = 0
        self._stack.close()

    def assess_rows(self, rows: Iterator[Row]) -> Iterator[Record]:
        """Return the records of `rows`, in order; the cluster is joined before this returns.

        Raises UnusableInput if there is no cluster; the iterator raises EngineStopped.
        """
        if not self._workers:
            self._workers = self._stack.enter_context(joined_cluster(cores=self._cores))
        return assess_on_workers(
            rows, factory=self._factory, workers=self._workers, split=self._split
        )


def assess_on_workers(
    rows: Iterator[Row], *, factory: str, workers: int, split: Split
) -> Iterator[Record]:
    """Yield the record of each row, in order, judged by so many processes of the joined cluster.

    Raises EngineStopped where they stop, or do not judge alike.
    """
    ask = _build_query(factory, workers=workers, split=split)
    records = (
        record
        for window in _cut_windows(rows, split=split)
        for record in _merge_in_order(window, _said_in_one_line(ask(window)))
    )
    yield from _of_one_engine(records)


def _build_query(
    factory: str, *, workers: int, split: Split
) -> Callable[[Sequence[Row]], Iterator[Answers]]:
    import daft
    import pyarrow
    import ray

    from amends_engine.assess.partition import PartitionJudge, dump_text

    judge = daft.cls(PartitionJudge, max_concurrency=workers)(factory)

    def make_table(window: Sequence[Row], start: int) -> Any:
        part = enumerate(window[start : start + split.partition_rows], start)
        texts = {at: dump_text(row) for at, row in part if isinstance(row, TextInput)}
        return pyarrow.table(
            {
                "at": pyarrow.array(texts.keys(), pyarrow.int64()),
                "text": pyarrow.array(texts.values(), pyarrow.large_string()),
            }
        )

    def ask(window: Sequence[Row]) -> Iterator[Answers]:
        starts = range(0, len(window), split.partition_rows)
        tables = [table for start in starts if len(table := make_table(window, start))]
        if not tables:
            return
        frame = daft.from_arrow(tables)
        frame = frame.select(frame["at"], judge.judge(frame["text"]).alias("record"))
        for part in frame.iter_partitions():
            columns = ray.get(part).to_pydict()
            yield dict(zip(columns["at"], columns["record"], strict=True))

    return ask


def _cut_windows(rows: Iterator[Row], *, split: Split) -> Iterator[list[Row]]:
    window: list[Row] = []
    characters = 0
    for row in rows:
        window.append(row)
        if isinstance(row, TextInput):
            characters += len(row.text) + len(row.parent or "")
        if len(window) >= split.window_rows or characters >= split.window_characters:
            yield window
            window, characters = [], 0
    if window:
        yield window


def _merge_in_order(window: Sequence[Row], answers: Iterator[Answers]) -> Iterator[Record]:
    """Yield the record of each row of the window as soon as all before it are there."""
    waiting: dict[int, str] = {}
    at = 0
    for some in chain(({},), answers):
        waiting.update(some)
        while at < len(window):
            row = window[at]
            if isinstance(row, BadRow):
                yield row.to_json()
            elif at in waiting:
                yield json.loads(waiting.pop(at))
            else:
                break
            at += 1
    if at < len(window):
        raise EngineStopped(
            f"the cluster gave no answer for {len(window) - at} rows; the rows written so far "
            "stand, --resume continues"
        )


def _said_in_one_line(answers: Iterator[Answers]) -> Iterator[Answers]:
    """Give the answers on; say in one line what stopped the cluster."""
    try:
        yield from answers
    except Exception as error:  # Ray and Daft raise errors of many kinds, with whole traces
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = (lines or [type(error).__name__])[-1][:300]
        raise EngineStopped(
            f"the cluster stopped: {reason}; the rows written so far stand, --resume continues"
        ) from error


def _of_one_engine(records: Iterator[Record]) -> Iterator[Record]:
    """Give the records on; refuse to mix what two versions of the engine say."""
    first: object = None
    for record in records:
        engine = record.get("engine", first)
        if first is None:
            first = engine
        elif engine != first:
            raise EngineStopped(
                f"the workers judge with different engines ({first} and {engine}); install the "
                "same version of Amends on all machines of the cluster"
            )
        yield record
