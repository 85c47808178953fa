"""Words from outside made safe for Slack, and the small pieces that every message is made of.

Whatever a CRM or a person wrote passes through `escape` before it stands in a message: it can then neither ping
anybody nor break the layout.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.blocks.drawing import Block, Drawing, mrkdwn
from bot.lead import People

MOST_CHARACTERS = 3_000
"""Of a section's text."""

_UNSAFE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# A mark of formatting works only at the edge of a word: one inside (as in an e-mail address) stays copyable.
_LOOKS_LIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_MARK = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
_KEPT = {"\u200d", "\ufe0f"}  # they hold emoji together


def clean(value: object, limit: int = 150) -> str:
    """`value` in one line of at most `limit` characters, without control characters and direction overrides."""
    kept = "".join(_safe(character) for character in str(value))
    line = re.sub(r"\s+", " ", kept).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def escape(value: object, limit: int = 150) -> str:
    """`clean`, and Slack shows it as it is: nobody is pinged, and formatting marks lose their effect."""
    return _escaped(clean(value, limit))


def with_code(words: str, limit: int) -> str:
    """The same for words of ours, in which a pair of backticks holds a command: it is shown as code."""
    parts = clean(words, limit).split("`")
    if len(parts) % 2 == 0:  # the last one has no other
        parts[-2:] = ["`".join(parts[-2:])]
    return "`".join(map(_escaped, parts))


def _escaped(line: str) -> str:
    entities = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARK.sub(lambda mark: _LOOKS_LIKE[mark[0]], entities)


def _safe(character: str) -> str:
    if character in _KEPT:
        return character
    return " " if unicodedata.category(character) in _UNSAFE_CATEGORIES else character


def when(moment: datetime, words: str = "") -> str:
    """A moment as a Slack date token: everybody reads it in their own time zone. `moment` is UTC.

    `words` lead up to it ("until") and stand inside the token: a day that opens one has a capital, "Today".
    """
    return _token(moment, words, "{date_short_pretty} at {time}", f"{moment:%Y-%m-%d %H:%M} UTC")


def day(moment: datetime) -> str:
    """The day of a moment, as `when` has it without the time."""
    return _token(moment, "", "{date_short_pretty}", f"{moment:%Y-%m-%d}")


def calendar_day(day: date) -> str:
    """A day by somebody's own calendar, which reads the same everywhere."""
    return f"{day:%a %-d %b %Y}"


def hour(moment: datetime) -> str:
    """The time of day of a moment, as `when` has it."""
    return _token(moment, "", "{time}", f"{moment:%H:%M} UTC")


def ago(moment: datetime, words: str = "") -> str:
    """A moment that is over, as `when` has it, and how long ago that is: Slack counts anew whenever somebody looks."""
    return _token(moment, words, "{date_short_pretty} at {time} ({ago})", f"{moment:%Y-%m-%d %H:%M} UTC")


def _token(moment: datetime, words: str, shown: str, otherwise: str) -> str:
    before = f"{words} " if words else ""
    return f"<!date^{int(moment.timestamp())}^{before}{shown}|{before}{otherwise}>"


def mention(people: People, key: str | None) -> str:
    """A person who is to be pinged; by name where the configuration no longer has them."""
    slack = people.slack_of(key)
    return f"<@{slack}>" if slack else name(people, key)


def name(people: People, key: str | None) -> str:
    """A person by name, whom it does not ping."""
    return escape(people.name_of(key))


def said(words: str, *below: Block) -> Drawing:
    """A message of one paragraph, and what stands below it; its text goes without the marks of formatting."""
    return Drawing(aloud(words), [section(words), *below])


def aloud(words: str) -> str:
    """Without the marks of formatting, which would be read aloud."""
    return words.replace("*", "").replace("`", "")


def duration(span: timedelta) -> str:
    """A length of time in words, its two largest units: "2 d 4 h", "35 min", "under a minute"."""
    minutes = int(span.total_seconds() // 60)
    return _length((minutes // 1440, "d"), (minutes % 1440 // 60, "h"), (minutes % 60, "min"))


def work(span: timedelta) -> str:
    """A length of working time in words, which knows no days: nobody's have 24 hours. "25 h 30 min"."""
    minutes = int(span.total_seconds() // 60)
    return _length((minutes // 60, "h"), (minutes % 60, "min"))


def _length(*units: tuple[int, str]) -> str:
    parts = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(parts[:2]) or "under a minute"


def joined(parts: Iterable[str], between: str = " · ", most: int = 2_900) -> str:
    """As many of `parts`, first ones first, as there is room for: what is cut in the middle may lose its escape."""
    kept = ""
    for part in parts:
        longer = f"{kept}{between}{part}" if kept else part
        kept = longer if len(longer) <= most else kept
    return kept


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text)}


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """Lines that are safe to show, in as few sections as Slack's limit allows."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) < MOST_CHARACTERS:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return [section(text) for text in found]


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def plain_text(text: str) -> Block:
    """A label, title or option text."""
    return {"type": "plain_text", "text": text, "emoji": True}


def button(text: str, action_id: str, value: object, style: str | None = None) -> Block:
    """A button; `value` is the hand-off id."""
    shape = {"type": "button", "text": plain_text(text), "action_id": action_id, "value": str(value)}
    return shape | ({"style": style} if style else {})


def buttons(*elements: Block) -> Block:
    """A row of them."""
    return {"type": "actions", "elements": list(elements)}
