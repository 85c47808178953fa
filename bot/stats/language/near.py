"""Did you mean: what is wrong with a line, how it can be mended, and which commands that makes.

Pure. The other files of this room find the faults; what is suggested has been read again and means something.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.stats.language.words import LONGEST_QUOTE, Token, fold, read

MOST = 5
"""Suggestions at once."""
_ROUNDS = 6
_LONGEST = 60
_AMONG = 2_000

Mend = Mapping[int, str]
"""By the place of a token, what should stand there instead; nothing, where it should go."""


class Wrong(Exception):
    """A fault: the words for it, and what would mend it, the likeliest first.

    `otherwise` is to do without what is not understood: only where nothing like it was found.
    """

    def __init__(self, words: str, *mends: Mend, otherwise: Mend | None = None) -> None:
        """Without mends there is only help."""
        super().__init__(words)
        self.words = words
        self.mends = mends
        self.otherwise = otherwise


def drop(*places: int) -> Mend:
    """To do without the tokens in these places."""
    return dict.fromkeys(places, "")


def nearest(text: str, among: Iterable[str], most: int = 3) -> list[str]:
    """Those `among` them that look most like a text, the most alike first. Time does not grow with either."""
    by_fold: dict[str, str] = {}
    for _, one in zip(range(_AMONG), among, strict=False):
        by_fold.setdefault(fold(one[:LONGEST_QUOTE]), one)
    found = difflib.get_close_matches(fold(text[:LONGEST_QUOTE]), by_fold, n=most)
    return [by_fold[one] for one in found]


def suggestions(tokens: Sequence[Token], wrong: Wrong, meaning: Callable[[Sequence[Token]], str]) -> tuple[str, ...]:
    """Commands that work, the nearest first: each mend by itself, and whatever is still wrong after it.

    `meaning` tells the command that means the same as some tokens, or raises Wrong. Nobody types commands of more than
    60 words: what is as long as that was not meant for this door, and gets help.
    """
    if len(tokens) > _LONGEST:
        return ("help",)
    found: dict[str, None] = {}
    for mend in (*wrong.mends, wrong.otherwise):
        command = _repaired(_mended(tokens, mend), meaning) if mend is not None else None
        if command is not None and len(found) < MOST and (mend is not wrong.otherwise or not found):
            found[command] = None
    return tuple(found) or ("help",)


def _repaired(text: str, meaning: Callable[[Sequence[Token]], str]) -> str | None:
    for _ in range(_ROUNDS):
        tokens = read(text)
        try:
            return meaning(tokens)
        except Wrong as wrong:
            first = next((mend for mend in (*wrong.mends, wrong.otherwise) if mend is not None), None)
            if first is None:
                return None
            text = _mended(tokens, first)
    return None


def _mended(tokens: Sequence[Token], mend: Mend) -> str:
    return " ".join(part for place, token in enumerate(tokens) if (part := mend.get(place, token.raw)))
