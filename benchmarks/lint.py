"""How well and how fast replies are linted: per language and check, two trivial baselines beside it.

    python -m benchmarks.lint                      # the project's own set, benchmarks/data/lint
    python -m benchmarks.lint FILE…                # records with "expect", one JSON a line

Recall: faults that must be reported and were. Precision: reported faults that must or may be (on
replies with faults) — hints are left out. False blocks and warnings: on good replies. The baselines
are a list of ten bad phrases a language, and the sentiment of the reply by the screen.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amends_engine.classifier import TextInput
from amends_engine.lint.run import lint_record
from amends_engine.triage.cascade import load_screen_alone

OWN = Path(__file__).parent / "data" / "lint"
BAD_PHRASES = {
    "en": ("as soon as possible", "any inconvenience", "you should have", "!!", "unfortunately"),
    "tr": ("en kısa sürede", "olası", "okusaydınız", "!!", "ilgili birim"),
    "ru": ("в ближайшее время", "неудобства", "надо было", "!!", "передано"),
    "nl": ("zo snel mogelijk", "ongemak", "had u", "!!", "helaas"),
    "id": ("segera", "ketidaknyamanan", "kakak sendiri", "!!", "diteruskan"),
}


@dataclass
class Tally:
    """Counts over the records of one language."""

    records: int = 0
    right: int = 0
    must: int = 0
    found: int = 0
    reported: int = 0
    justified: int = 0
    good: int = 0
    false_blocks: int = 0
    false_warnings: int = 0
    by_check: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, record: dict[str, Any], verdict: str, reported: dict[str, str]) -> None:
        """Count one record; `reported` gives the gravest level of each check."""
        expected = record["expect"]
        must, may = set(expected["must"]), set(expected.get("may", ()))
        self.records += 1
        self.right += verdict == expected["verdict"]
        self.must += len(must)
        self.found += len(must & reported.keys())
        for check in must:
            self.by_check[check][0] += 1
            self.by_check[check][1] += check in reported
        grave = {check for check, level in reported.items() if level != "hint"}
        self.reported += len(grave)
        self.justified += len(grave & (must | may))
        if expected["verdict"] == "clean":
            self.good += 1
            self.false_blocks += verdict == "block"
            self.false_warnings += "warn" in reported.values()

    def row(self, name: str) -> str:
        """Return a line of the table."""
        shares = (
            (self.right, self.records),
            (self.found, self.must),
            (self.justified, self.reported),
            (self.false_blocks, self.good),
            (self.false_warnings, self.good),
        )
        shown = " | ".join(f"{part / whole:.2f}" if whole else "–" for part, whole in shares)
        return f"| {name} | {self.records} | {shown} |"


Judge = Callable[[dict[str, Any]], tuple[str, dict[str, str]]]


def judge_by_linter(record: dict[str, Any]) -> tuple[str, dict[str, str]]:
    result = lint_record(record)
    reported: dict[str, str] = {}
    for one in sorted(result.findings, key=lambda one: ("block", "warn", "hint").index(one.level)):
        reported.setdefault(one.check, one.level)
    return result.verdict, reported


def judge_by_phrases(record: dict[str, Any]) -> tuple[str, dict[str, str]]:
    phrases = BAD_PHRASES.get(record.get("lang", "en"), ())
    is_bad = any(phrase in record["reply"].casefold() for phrase in phrases)
    return ("block" if is_bad else "clean"), {}


def judge_by_sentiment(record: dict[str, Any]) -> tuple[str, dict[str, str]]:
    [assessment] = load_screen_alone().assess([TextInput(id=1, text=record["reply"])])
    return ("block" if assessment.sentiment.label == "negative" else "clean"), {}


def measure(records: Sequence[dict[str, Any]], judge: Judge) -> dict[str, Tally]:
    """Return a tally for each language, and for all together."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for record in records:
        verdict, reported = judge(record)
        for name in (record.get("lang", "?"), "all"):
            tallies[name].add(record, verdict, reported)
    return tallies


def measure_speed(records: Sequence[dict[str, Any]]) -> str:
    """Return milliseconds a reply (p50, p95) and replies a second, of CPU on one core, warmed up."""
    for record in records:
        lint_record(record)
    spent = []
    for record in [*records, *records]:
        began = time.process_time()
        lint_record(record)
        spent.append(1000 * (time.process_time() - began))
    p95 = statistics.quantiles(spent, n=20)[-1]
    return (
        f"p50 {statistics.median(spent):.1f} ms, p95 {p95:.1f} ms, "
        f"{1000 * len(spent) / sum(spent):.0f} replies a second"
    )


def main(arguments: Sequence[str]) -> int:
    paths = [Path(name) for name in arguments] or sorted(OWN.glob("*.jsonl"))
    records = [json.loads(line) for path in paths for line in path.open() if line.strip()]
    head = "verdict right | recall | precision | false blocks | false warnings |"
    for name, judge in (
        ("linter", judge_by_linter),
        ("phrase list", judge_by_phrases),
        ("sentiment", judge_by_sentiment),
    ):
        print(f"\n| {name} | n | {head}\n|---|---|---|---|---|---|---|")
        tallies = measure(records, judge)
        for language in sorted(tallies, key=lambda code: (code == "all", code)):
            print(tallies[language].row(language))
        if judge is judge_by_linter:
            misses = {
                check: f"{found}/{must}"
                for check, (must, found) in sorted(tallies["all"].by_check.items())
            }
            print(
                "\nfound of what must be found:", ", ".join(f"{c} {n}" for c, n in misses.items())
            )
    print("\nspeed:", measure_speed(records))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
