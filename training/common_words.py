"""Make the list of common words by which a misspelt name is told from an ordinary word.

    pip install wordfreq && python -m training.common_words

Takes the most frequent words of each language from wordfreq (Robyn Speer; its lists are CC BY-SA
4.0, and so is what is made of them), folds them as matching does, and writes them as one string for
each language. The words stand in the order of the alphabet, each once.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from amends_engine.text.match.fold import fold_word
from amends_engine.text.match.terms import LANGUAGES

VERSION = "2026.11.1"
HOW_MANY = 30_000  # of each language, before short words and names with signs are left out
OUT = Path(__file__).resolve().parent.parent / "src/amends_engine/artefacts/words"
_WORD = re.compile(r"[^\W\d_]{3,24}")


def main() -> None:
    """Write the file anew."""
    import wordfreq

    words_of = {}
    for language in LANGUAGES:
        frequent = wordfreq.top_n_list(language, HOW_MANY)
        words = sorted({word for one in frequent if _WORD.fullmatch(word := fold_word(one))})
        words_of[language] = " ".join(words)
        print(f"{language}: {len(words)} words")
    plain = {"version": VERSION, "licence": "CC BY-SA 4.0", "words": words_of}
    text = json.dumps(plain, ensure_ascii=False, indent=0) + "\n"
    (OUT / "common.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
