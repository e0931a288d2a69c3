"""The entry: a reply, the comment that it answers and the context in; findings and a verdict out."""

from __future__ import annotations

from dataclasses import dataclass

from amends_engine.lint.checks.steps import CHECKS
from amends_engine.lint.context import Context
from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import LEVELS, Finding, Remark
from amends_engine.lint.guess import guess_language
from amends_engine.lint.language import FALLBACK, Language, languages, load_language
from amends_engine.lint.reading import read_text
from amends_engine.lint.verdict import Verdict, reach_verdict


@dataclass(frozen=True, slots=True)
class LintResult:
    """The verdict on one reply; `language` is that in which it was read."""

    verdict: Verdict
    score: int
    findings: tuple[Finding, ...]
    language: str

    def to_json(self) -> dict[str, object]:
        """Return the keys that `amends lint` writes beside the id."""
        return {
            "verdict": self.verdict,
            "score": self.score,
            "findings": [finding.to_json() for finding in self.findings],
        }


def lint_reply(
    reply: str, *, comment: str = "", context: Context | None = None, lang: str = ""
) -> LintResult:
    """Return what is wrong with a reply. Pure: the same input gives the same findings.

    `lang` is the language of the comment, where it is known. Spans count code points of `reply`.
    """
    draft = read_draft(reply, comment=comment, context=context or Context(), lang=lang)
    remarks = [(check, remark) for check in CHECKS for remark in check.look(draft)]
    remarks.sort(key=lambda pair: _order(pair[1]))
    findings = tuple(
        _word(remark, language=draft.language, sources=(check.id, *check.sources))
        for check, remark in remarks
    )
    verdict, score = reach_verdict(finding.level for finding in findings)
    return LintResult(verdict, score, findings, draft.language.code)


def read_draft(reply: str, *, comment: str, context: Context, lang: str) -> Draft:
    """Return reply and comment as read, each in its language."""
    known = languages()
    theirs = lang.lower().partition("-")[0] or guess_language(comment)
    ours = guess_language(reply)
    spoken = next((code for code in (ours, theirs) if code in known), FALLBACK)
    heard = theirs if theirs in known else spoken
    return Draft(
        reply=read_text(reply, language=load_language(spoken)),
        comment=read_text(comment, language=load_language(heard)) if comment.strip() else None,
        context=context,
        comment_language=theirs,
        reply_language=ours,
    )


def _order(remark: Remark) -> tuple[int, int, str]:
    # What cannot be pointed at comes last.
    start = 1 << 40 if remark.start is None else remark.start
    return start, LEVELS.index(remark.level), remark.reason


def _word(remark: Remark, *, language: Language, sources: tuple[str, ...]) -> Finding:
    message, suggestion = language.messages[remark.reason]
    return Finding(
        check=remark.check,
        level=remark.level,
        start=remark.start,
        end=remark.end,
        message=message,
        suggestion=suggestion,
        reason=remark.reason,
        source=sources,
    )
