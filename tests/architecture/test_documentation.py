"""What a newcomer reads is complete: a step, a command, an app or a code without its words fails here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from django.apps import apps

from amends.cli.main import app
from amends.core import vocabulary
from amends.pipeline.schedule import JOBS
from amends.pipeline.steps import BACKGROUND, ERRANDS, STEPS
from amends_engine import classifier

ROOT = Path(__file__).resolve().parents[2]


APPS = {"accounts", "record", "inbox", "cases", "replies", "learning", "measures", "hooks"}
FILES = {  # of steps that are named otherwise than the verb's file
    "decide_again": "decide",
    "classify_history": "classify",
    "decide_history": "decide",
    "fetch_context": "context",
    "act_measure": "act",
    "undo_measure": "undo",
    "watch_measure": "watch",
    "watch_appeal": "appeal",
    "deliver_webhook": "deliver",
}


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def commands() -> list[str]:
    group = typer.main.get_command(app)
    names = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        names += [f"{name} {one}" for one in inner] if inner else [name]
    return names


@pytest.mark.parametrize("name", commands())
def test_every_command_stands_in_the_documentation(name: str) -> None:
    assert f"`amends {name}" in read("docs/command-line.md")


@pytest.mark.parametrize("step", [*STEPS, *BACKGROUND, *ERRANDS], ids=lambda step: step.name)
def test_every_step_stands_in_the_story_of_a_comment(step: object) -> None:
    module = FILES.get(step.name, step.name)  # type: ignore[attr-defined]
    assert re.search(rf"`\w+/{module}\.py`", read("docs/how-a-comment-travels.md"))


@pytest.mark.parametrize(
    "package",
    sorted(one.name for one in (ROOT / "src/amends").iterdir() if (one / "__init__.py").exists()),
)
def test_every_package_has_its_line_in_the_architecture(package: str) -> None:
    assert f"    {package}/" in read("ARCHITECTURE.md")


@pytest.mark.parametrize(
    "link",
    re.findall(
        r"\]\((?!http)([^)#]+)",
        read("README.md") + read("ARCHITECTURE.md") + read("CONTRIBUTING.md"),
    ),
)
def test_every_link_of_the_first_pages_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize(
    "model",
    [model.__name__ for model in apps.get_models() if model._meta.app_label in APPS],
)
def test_every_noun_of_the_tables_is_in_the_glossary_or_made_of_words_that_are(model: str) -> None:
    glossary = read("docs/glossary.md").lower()
    words = re.findall(r"[A-Z][a-z]+", model)
    technical = {"user", "setup", "link", "log", "batch", "raw", "item"}
    missing = [
        word for word in words if word.lower() not in glossary and word.lower() not in technical
    ]
    assert not missing, f"{model}: {missing}"


def test_the_engine_and_the_desk_speak_the_same_codes() -> None:
    assert set(classifier.CATEGORIES) == set(vocabulary.Category)
    assert set(classifier.SENTIMENTS) == set(vocabulary.Sentiment)
    assert set(classifier.SEVERITIES) == set(vocabulary.Severity)
    assert set(classifier.AROUSALS) == set(vocabulary.Arousal)
    assert set(classifier.POLICY_GROUNDS) == set(vocabulary.PolicyGround)
    assert set(classifier.FLAGS) == set(vocabulary.Flag)
    assert classifier.UNDETERMINED == vocabulary.UNDETERMINED


def test_every_job_of_the_clock_has_a_name_of_its_own() -> None:
    names = [job.name for job in JOBS]
    assert len(names) == len(set(names))


def test_no_step_leads_past_the_people_between_decide_and_send() -> None:
    """The step that sends works on deliveries, and only an approval makes one."""
    makers = [
        path.name
        for path in (ROOT / "src/amends").rglob("*.py")
        if re.search(r"\bDelivery\.objects\.(get_or_)?create", path.read_text())
    ]
    assert makers == ["approve.py"]
