"""Measure deciding: decisions a second, and past cases replayed under an edited playbook.

    python -m benchmarks.decide [--cases 100000]

The cases are made up and as varied as the inputs allow: every field is unknown in a third of them,
else any of its values, so that no two are alike, which is the worst for memory. Real cases repeat
themselves; "cases repeat" draws on two thousand kinds. "Stored" includes reading each input from
JSON, as a replay of a database does. Times of work count what this process used of one core, so that
others on the machine do not count; the what-if tells the time by the clock, too.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import time
from collections.abc import Callable, Iterator

from amends.core.playbook.compiled import CompiledPlaybook
from amends.core.playbook.decide import decide
from amends.core.playbook.inputs import FIELDS, DecisionInput
from amends.core.playbook.rules import Playbook
from amends.core.playbook.schema import load_shipped_playbook, parse_playbook, read_shipped_playbook
from amends.core.playbook.what_if import WhatIf, compare_playbooks

GOAL_SECONDS = 20.0
EXPLAINED = 3_000  # decisions with reasons that are timed
KINDS = 2_000  # of cases, where they repeat


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=100_000)
    count = options.parse_args().cases
    random.seed(5)
    stored = [json.dumps(draw_input().to_json()) for _ in range(count)]
    facts = [DecisionInput.from_json(json.loads(one)) for one in stored]
    gc.freeze()  # what is kept for measuring is no work of what is measured
    print(
        f"{count} made-up cases, {len(set(stored))} of them different; {os.cpu_count()} cores, one used"
    )
    for name in ("general", "ecommerce"):
        playbook = load_shipped_playbook(name)
        print(f"\n{name}: {len(playbook.gates)} gates, {len(playbook.matrix)} rows")
        explained = rate(lambda one: decide(one, playbook=playbook), facts[:EXPLAINED])  # noqa: B023
        tell("with every reason (decide)", explained, explained)
        plain = CompiledPlaybook(playbook, is_remembering=False)
        tell("compiled, without memory", rate(plain.decide, facts), explained)
        tell("compiled, with memory", rate(CompiledPlaybook(playbook).decide, facts), explained)
        alike = facts[:KINDS] * (count // KINDS)
        tell("the same, cases repeat", rate(CompiledPlaybook(playbook).decide, alike), explained)
        replay(stored, playbook=playbook, edited=edit(name))


def replay(stored: list[str], *, playbook: Playbook, edited: Playbook) -> None:
    """Time the what-if over all stored cases."""
    started, worked = time.perf_counter(), time.process_time()
    found: WhatIf = compare_playbooks(read(stored), before=playbook, after=edited)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    print(
        f"  what-if over {found.total} stored cases: {seconds:.1f} s, {work:.1f} s of them work of "
        f"this process; {work / GOAL_SECONDS:.0%} of the goal of 20 s"
    )
    print(f"  {found.changed} would change; {found.later} later, {found.sooner} sooner")


def read(stored: list[str]) -> Iterator[tuple[str, DecisionInput]]:
    for number, one in enumerate(stored):
        yield f"C-{number}", DecisionInput.from_json(json.loads(one))


def edit(name: str) -> Playbook:
    """A lead's afternoon: a stricter approval, a shorter clock, a narrower row, one rule gone."""
    source = read_shipped_playbook(name).decode()
    source = source.replace(
        "approval: A0\n    tasks: [department, promise",
        "approval: A1\n    tasks: [department, promise",
    )
    source = source.replace("P3: {first_reply: 60m", "P3: {first_reply: 45m")
    source = source.replace("fault_share: {gte: 50}", "fault_share: {gte: 40}", 1)
    start = source.index("  - id: D23")
    following = source.find("\n  - id:", start)
    end = following + 1 if following > 0 else source.index("\n# Where nothing else holds.")
    return parse_playbook(source[:start] + source[end:])


def rate(judge: Callable[[DecisionInput], object], facts: list[DecisionInput]) -> float:
    started = time.process_time()
    for one in facts:
        judge(one)
    return len(facts) / (time.process_time() - started)


def tell(what: str, per_second: float, beside: float) -> None:
    print(f"  {what:<28} {per_second:>10,.0f} decisions a second  {per_second / beside:>6.1f} x")


def draw_input() -> DecisionInput:
    values: dict[str, object] = {}
    for name, spec in FIELDS.items():
        if spec.is_derived or random.random() < 1 / 3:
            continue
        if spec.codes is not None:
            values[name] = random.choice(list(spec.codes))
        elif spec.is_flag:
            values[name] = random.random() < 0.2
        elif spec.highest is not None:
            values[name] = random.choice([0, random.randint(0, spec.highest)])
        else:
            values[name] = int(random.expovariate(0.5)) * random.choice([1, 1, 1, 5_000])
    return DecisionInput(**values)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
