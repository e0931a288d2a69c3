"""What can be wrong with a sealed log, in words for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from amends.core.text import gettext_noop


class LogProblemCode(StrEnum):
    """The kinds of findings; only UNSEALED is no fault."""

    ALTERED_ENTRY = "altered_entry"
    MISSING_ENTRY = "missing_entry"
    REORDERED_ENTRY = "reordered_entry"
    UNFIT_ENTRY = "unfit_entry"
    BROKEN_LINK = "broken_link"
    MISSING_LINK = "missing_link"
    REWRITTEN_BATCH = "rewritten_batch"
    BROKEN_HEAD = "broken_head"
    MISSING_HEAD = "missing_head"
    BAD_SIGNATURE = "bad_signature"
    CUT_TAIL = "cut_tail"
    HEADS_FILE_CUT = "heads_file_cut"
    HEADS_FILE_MISSING_LINE = "heads_file_missing_line"
    HEADS_FILE_REWRITTEN = "heads_file_rewritten"
    HEADS_FILE_UNREADABLE = "heads_file_unreadable"
    UNSEALED = "unsealed"


_TEMPLATES = {
    LogProblemCode.ALTERED_ENTRY: gettext_noop(
        "Entry %(entry)s at position %(position)s was altered after it was sealed."
    ),
    LogProblemCode.MISSING_ENTRY: gettext_noop(
        "Entry %(entry)s at position %(position)s is missing: it was deleted after it was sealed."
    ),
    LogProblemCode.REORDERED_ENTRY: gettext_noop(
        "Entry %(entry)s was moved: it stands at position %(position)s, where it was not sealed."
    ),
    LogProblemCode.UNFIT_ENTRY: gettext_noop(
        "Entry %(entry)s does not fit position %(position)s: it was altered or moved, or the link "
        "was altered."
    ),
    LogProblemCode.BROKEN_LINK: gettext_noop(
        "The link at position %(position)s was altered; entry %(entry)s itself is intact or gone."
    ),
    LogProblemCode.MISSING_LINK: gettext_noop(
        "The link at position %(position)s is missing: it was deleted after it was sealed."
    ),
    LogProblemCode.REWRITTEN_BATCH: gettext_noop(
        "Batch %(batch)s does not lead to its signed head: entries and links were rewritten."
    ),
    LogProblemCode.BROKEN_HEAD: gettext_noop(
        "The head of batch %(batch)s does not continue the batch before it."
    ),
    LogProblemCode.MISSING_HEAD: gettext_noop(
        "The head of batch %(batch)s is missing from the database."
    ),
    LogProblemCode.BAD_SIGNATURE: gettext_noop(
        "The head of batch %(batch)s was altered, or signed by a key that is not ours."
    ),
    LogProblemCode.CUT_TAIL: gettext_noop(
        "The log was cut: the heads file knows entries up to position %(position)s (batch "
        "%(last)s), the database has nothing from batch %(batch)s on."
    ),
    LogProblemCode.HEADS_FILE_CUT: gettext_noop(
        "The heads file was cut: batch %(batch)s and what follows is in the database only."
    ),
    LogProblemCode.HEADS_FILE_MISSING_LINE: gettext_noop(
        "The heads file has no line for batch %(batch)s."
    ),
    LogProblemCode.HEADS_FILE_REWRITTEN: gettext_noop(
        "Line %(line)s of the heads file was altered; it speaks of batch %(batch)s."
    ),
    LogProblemCode.HEADS_FILE_UNREADABLE: gettext_noop(
        "Line %(line)s of the heads file cannot be read: %(reason)s."
    ),
    LogProblemCode.UNSEALED: gettext_noop(
        "%(count)s entries are not sealed yet (entry %(entry)s is the first)."
    ),
}


@dataclass(frozen=True, slots=True)
class LogProblem:
    """One finding; `params` names what it is about, `template` is a message id for it."""

    code: LogProblemCode
    params: dict[str, str] = field(default_factory=dict)

    @property
    def is_fault(self) -> bool:
        return self.code is not LogProblemCode.UNSEALED

    @property
    def template(self) -> str:
        return _TEMPLATES[self.code]

    @property
    def message(self) -> str:
        return self.template % self.params


def problem(code: LogProblemCode, **params: object) -> LogProblem:
    return LogProblem(code, {name: str(value) for name, value in params.items()})
