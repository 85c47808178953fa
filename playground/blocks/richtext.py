"""Rich text: sections, lists, quotes and their parts."""

from playground.blocks.objects import BLOCK_ID
from playground.blocks.rules import Rule, anything, array, boolean, choice, number, record, string, tagged

KIND = {"type": anything}
STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight",
                                  "unlink"), boolean))  # fmt: skip
STYLED: dict[str, Rule] = {"style": STYLE}


def _part(**required: Rule) -> Rule:
    return record({**KIND, **required}, STYLED)


PART = tagged(
    {
        "text": _part(text=string(least=1)),
        "link": record({**KIND, "url": string(3000, 1)}, {**STYLED, "text": string(), "unsafe": boolean}),
        "emoji": record({**KIND, "name": string(least=1)}, {**STYLED, "unicode": string(),
                                                              "skin_tone": number(1, 6, whole=True)}),
        "user": _part(user_id=string(least=1)),
        "channel": _part(channel_id=string(least=1)),
        "usergroup": _part(usergroup_id=string(least=1)),
        "team": _part(team_id=string(least=1)),
        "broadcast": _part(range=choice("here", "channel", "everyone")),
        "color": _part(value=string(least=1)),
        "date": record({**KIND, "timestamp": number(whole=True), "format": string(least=1)},
                       {**STYLED, "url": string(), "fallback": string()}),
    }
)  # fmt: skip
PARTS = array(PART, least=0)
BORDER: dict[str, Rule] = {"border": number(0, 1, whole=True)}
SECTION = record({**KIND, "elements": PARTS})
LIST = record(
    {**KIND, "style": choice("bullet", "ordered"), "elements": array(tagged({"rich_text_section": SECTION}))},
    {**BORDER, "indent": number(0, 8, whole=True), "offset": number(0, whole=True)},
)
BODY = tagged(
    {
        "rich_text_section": SECTION,
        "rich_text_list": LIST,
        "rich_text_quote": record({**KIND, "elements": PARTS}, BORDER),
        "rich_text_preformatted": record({**KIND, "elements": PARTS}, {**BORDER, "language": string()}),
    }
)
RICH_TEXT = record({**KIND, "elements": array(BODY, least=0)}, {"block_id": BLOCK_ID})
