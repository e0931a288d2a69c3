"""Measure the finding of mentions: recall, precision and reasons on our own lines, and speed.

    python -m benchmarks.match [--data FOLDER]

Beside it stands what a person would pick instead: looking for the names in small letters. The lines
(benchmarks/mentions.yaml) were written by those who wrote the matcher: expect less on real posts.
With a folder of Parquet files with a column `text` it also counts how often 200 invented names are
seen in texts that cannot name them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from amends_engine.text.match.matcher import Matcher
from amends_engine.text.match.ordinary import is_ordinary
from amends_engine.text.match.query.evaluate import Post, Query
from amends_engine.text.match.terms import LANGUAGES, Term, TermKind

LINES = Path(__file__).with_name("mentions.yaml")
TEXTS = 20_000
SYLLABLES = [
    "lu",
    "ka",
    "ri",
    "mo",
    "ben",
    "tra",
    "sel",
    "vo",
    "dex",
    "min",
    "zar",
    "ono",
    "pil",
    "gra",
    "fe",
    "tik",
    "sha",
    "nor",
]


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path)
    data = options.parse_args().data
    table = yaml.safe_load(LINES.read_text(encoding="utf-8"))
    terms = [read_term(one) for one in table["terms"]]
    print_quality(table["languages"], terms)
    print_speed(table["languages"], terms)
    if data:
        print_false_alarms(data)


def read_term(plain: dict[str, Any]) -> Term:
    return Term(
        key=plain["key"],
        kind=TermKind(plain["kind"]),
        name=plain["name"],
        variants=tuple(plain.get("variants", ())),
        exclusions=tuple(plain.get("exclusions", ())),
    )


def print_quality(languages: dict[str, Any], terms: list[Term]) -> None:
    matcher = Matcher(terms)
    print(
        "| language | mentions | found | reason as expected | names in small letters found |",
        end="",
    )
    print(" ordinary lines | wrongly found |\n|---|---|---|---|---|---|---|")
    missed, wrong = [], []
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for code, lines in languages.items():
        counts = [0, 0, 0]
        for line in lines["mentions"]:
            key, kind, text = (part.strip() for part in line.split("|"))
            found = [one for one in matcher.find(text) if one.term.key == key]
            plain = next(one for one in terms if one.key == key)
            counts[0] += bool(found)
            counts[1] += any(one.kind.value == kind for one in found)
            counts[2] += any(one.lower() in text.lower() for one in plain.spellings)
            by_kind[kind].append(bool(found))
            if not found:
                missed.append(f"{code}: {text} ({kind})")
        false = [text for text in lines["ordinary"] if matcher.find(text)]
        wrong += [f"{code}: {text}" for text in false]
        total = len(lines["mentions"])
        print(f"| {code} | {total} | {counts[0]} | {counts[1]} | {counts[2]} |", end="")
        print(f" {len(lines['ordinary'])} | {len(false)} |")
    for kind, hits in sorted(by_kind.items()):
        print(f"{kind}: {sum(hits)} of {len(hits)}")
    print("missed:", *missed, sep="\n  ")
    print("wrongly found:", *wrong, sep="\n  ")


def print_speed(languages: dict[str, Any], terms: list[Term]) -> None:
    """Texts a CPU second on one core, with 200 terms, at about 100 characters a text."""
    chance = random.Random(7)
    made = invented_terms(192)
    lines = [
        line.rpartition("|")[2].strip()
        for one in languages.values()
        for line in (*one["mentions"], *one["ordinary"])
    ]
    plain = [line for one in languages.values() for line in one["ordinary"]]
    named = [" ".join(chance.choices(lines, k=3)) for _ in range(TEXTS)]
    silent = [" ".join(chance.choices(plain, k=3)) for _ in range(TEXTS)]
    started = time.process_time()
    matcher = Matcher([*terms, *made])
    print(f"compile 200 terms: {(time.process_time() - started) * 1000:.0f} ms")
    for name, texts in (("most with a mention", named), ("none with a mention", silent)):
        started = time.process_time()
        hits = sum(bool(matcher.find(text)) for text in texts)
        spent = time.process_time() - started
        print(f"{name}: {TEXTS / spent:,.0f} texts/s, {hits} of {TEXTS} found", end="; ")
        print(f"mean {sum(map(len, texts)) / TEXTS:.0f} characters")
    query = Query('brand:any near/8 (kargo OR paket* OR заказал) NOT "bir daha"', matcher=matcher)
    started = time.process_time()
    for text in named[:4000]:
        query.explain(Post(text))
    print(f"query, every part explained: {4000 / (time.process_time() - started):,.0f} texts/s")
    started = time.process_time()
    matcher.find("Lumbarra’nın " * 100_000)
    print(f"one text of 1.3 million characters: {(time.process_time() - started) * 1000:.0f} ms")


def invented_terms(count: int) -> list[Term]:
    chance = random.Random(7)
    names = {"".join(chance.choice(SYLLABLES) for _ in range(3)).title() for _ in range(2 * count)}
    return [Term(f"b{at}", TermKind.BRAND, one) for at, one in enumerate(sorted(names)[:count])]


def short_terms(count: int) -> list[Term]:
    """Names of five letters that are no words of ours, the hardest there are."""
    chance = random.Random(3)
    names: set[str] = set()
    while len(names) < count:
        shape = ("bcdfgklmnprstvz", "aeiou", "bcdfgklmnprstvz", "bcdfgklmnprstvzaeiou", "aeiou")
        name = "".join(chance.choice(letters) for letters in shape)
        names |= set() if is_ordinary(name) else {name.title()}
    return [Term(f"s{at}", TermKind.BRAND, one) for at, one in enumerate(sorted(names))]


def print_false_alarms(folder: Path) -> None:
    """How often invented names are seen in public texts that cannot name them."""
    texts = list(read_texts(folder))
    for words, terms in (("6 to 9", invented_terms(200)), ("5", short_terms(200))):
        matcher = Matcher(terms)
        seen = sum(len(matcher.find(text)) for text in texts)
        print(
            f"{len(texts)} public texts, 200 invented names of {words} letters: seen {seen} times"
        )


def read_texts(folder: Path) -> Iterator[str]:
    import pyarrow.parquet as parquet

    for path in sorted(folder.rglob("sentiment/*.parquet")):
        if path.name[:2] not in LANGUAGES:
            continue
        yield from parquet.read_table(path).column("text").to_pylist()[:2000]


if __name__ == "__main__":
    main()
