"""What is wrong with a query: where, what was found, what to do."""

from __future__ import annotations

SENTENCES = {
    "empty": "The query is empty: write a word, or brand:any.",
    "too_long": "The query has {found} characters; at most {limit} are possible: shorten it.",
    "too_many": "The query has more than {limit} parts: take some out.",
    "too_deep": "Parentheses and NOT stand more than {limit} deep here: write it flatter.",
    "unclosed_parenthesis": "This ( is never closed: add a ).",
    "unopened_parenthesis": "This ) closes nothing: take it out, or open a ( before it.",
    "empty_group": "There is nothing between these parentheses: write a word, or take them out.",
    "unclosed_quote": "This quotation mark is never closed: add another one.",
    "empty_phrase": "There are no letters between these quotation marks: write a word.",
    "missing_before": "Something is missing before {found}: write a word there.",
    "missing_after": "Something is missing after {found}: write a word there.",
    "not_a_word": "{found} has no letters or digits: write a word, or AND, OR, NOT.",
    "unknown_field": "{found} is not known here: write one of {known}.",
    "missing_value": "Something is missing after {found}: write the value without a blank.",
    "unknown_term": "There is no {found} among the terms. There are: {known}.",
    "unknown_language": "{found} is no language of ours: write one of {known}.",
    "bad_distance": "{found}: write near/1 to near/{limit}, for example near/5.",
    "near_operands": "near stands between words, phrases and names, not beside {found}.",
    "only_excludes": "{found} only says what must not be there, or matches everything: add a word "
    "that must be there.",
    "bad_prefix": "{found}: write at least 2 letters before the star, and no star elsewhere.",
}


class QueryError(ValueError):
    """A query that cannot be read.

    `column` counts from 1 in code points; `found` is what stands there; `facts` are the numbers and
    names of the sentence, so that it can be said in another language by `code`.
    """

    def __init__(self, code: str, *, column: int, found: str = "", **facts: object) -> None:
        self.code = code
        self.column = column
        self.found = found[:60]
        self.facts = {"found": self.found, **facts}
        sentence = SENTENCES[code].format(**{"known": "", "limit": "", **self.facts})
        super().__init__(f"Column {column}: {sentence}")
