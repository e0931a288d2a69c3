"""Runs axe-core on a page and says in words what it found."""

from __future__ import annotations

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, *, source: str) -> list[str]:
    """The violations of WCAG 2.2 AA on the page as it stands; evaluated past the page's own CSP."""
    page.evaluate(source)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [
        f"{one['id']}: {one['help']} at {node['target']}: {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
