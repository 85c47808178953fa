"""What is asked by a word that stands alone, and notes: all of `/funnel` that is not about a cohort.

Pure. grammar.py asks here first.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.stats.language import windows
from bot.stats.language.near import Wrong, drop
from bot.stats.language.words import Token, in_quotes, quote
from bot.stats.query import Definition, Help, NewNote, Notes, Open

_HELP = ("help", "?", "h")
_ALONE: Mapping[str, Definition | Open] = {"criteria": Definition(), "definition": Definition(), "open": Open()}
_NOTE = ("note", "notes")
_ELSEWHERE: Mapping[str, str] = {
    "lead": "one lead has its story on the command line: baton lead",
    "whatif": "what would have been by other criteria cannot be asked here",
    "forecast": "what will be cannot be asked here",
}
_TAKES_A_NAME = ("campaign", "rep", "explain")
_NUMBER = re.compile(r"#?0*([1-9][0-9]{0,8})")

Aside = Help | Definition | Open | Notes | NewNote


def aside(tokens: Sequence[Token], now: datetime) -> Aside | None:
    """What the tokens ask for, if it is not about a cohort. `now` (UTC) dates a note without a date. Raises Wrong."""
    if any(_said(tokens, place) in _HELP for place in range(len(tokens))):
        return Help()
    for place, token in enumerate(tokens):
        word = _said(tokens, place).replace("-", "")
        if token.minus or (place and tokens[place - 1].word in _TAKES_A_NAME):
            continue
        if word in _NOTE:
            return _note(tokens, place, now)
        if word in _ALONE:
            return _alone(tokens, place, word)
        if word in _ELSEWHERE:
            raise Wrong(f"{quote(token.raw)}: {_ELSEWHERE[word]}.")
    return None


def _said(tokens: Sequence[Token], place: int) -> str:
    """The word in a place, unless it stands in quotes beside others: then it is a name."""
    token = tokens[place]
    return token.word if len(tokens) == 1 or not token.quoted else ""


def _alone(tokens: Sequence[Token], place: int, word: str) -> Definition | Open:
    if len(tokens) > 1:
        others = (other for other in range(len(tokens)) if other != place)
        raise Wrong(f"{quote(tokens[place].raw)} stands alone.", drop(*others), drop(place))
    return _ALONE[word]


def _note(tokens: Sequence[Token], place: int, now: datetime) -> Notes | NewNote:
    rest = [token for other, token in enumerate(tokens) if other != place]
    texts = [token.text for token in rest if token.quoted and token.text.strip()]
    days = [day for token in rest if not token.quoted and (day := _day(token, now))]
    words = [token for token in rest if not token.quoted and not _day(token, now)]
    if words and words[0].word in ("remove", "delete"):
        return _remove(tokens, rest)
    if [token.word for token in rest] in ([], ["list"]):
        return Notes()
    if len(texts) == 1 and not words and len(days) <= 1:
        return NewNote(texts[0], days[0] if days else now.date())
    meant = texts[0] if texts else " ".join(token.raw for token in words)
    if not meant:
        raise Wrong("A note needs words, in quotes.", {**drop(*range(len(tokens))), place: "note"})
    command = f"note {in_quotes(meant)} {days[0].isoformat() if days else ''}"
    raise Wrong("A note is one text in quotes and at most one day.", {**drop(*range(len(tokens))), place: command})


def _remove(tokens: Sequence[Token], rest: Sequence[Token]) -> Notes:
    number = _NUMBER.fullmatch(rest[1].word) if len(rest) == 2 else None
    if not number or rest[0].word not in ("remove", "delete"):
        raise Wrong(
            "A note is removed by its number, as the list of notes has it.", {**drop(*range(len(tokens))), 0: "note"}
        )
    return Notes(int(number[1]))


def _day(token: Token, now: datetime) -> date | None:
    """The UTC day that a word names."""
    try:
        window = windows.read(token.word, now)
    except ValueError:
        return None
    dated = window and (token.word in ("today", "yesterday") or re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2}", window.text))
    return window.start.date() if window and dated else None
