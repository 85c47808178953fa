"""What `/funnel` can be asked, with an example of everything: for `help`, in Slack and in a terminal."""

from shlex import quote

from bot.blocks.drawing import Drawing
from bot.blocks.ids import COMMAND
from bot.blocks.text import aloud, context, paragraphs

QUESTIONS = (
    ("", "what became of the last 30 days' hand-offs, and what to do now"),
    ("by source", "the same by channel, campaign, team, rep, tier, grade, region, week …"),
    ("rejections", "why leads are turned down, and what changed"),
    ("sla", "answered in time or not, by tier, and who waits now"),
    ("velocity", "how long decisions take, and what is stuck"),
    ("open", "what waits for an answer now"),
    ("reps", "whose rates differ by more than chance; `rep @ana` for one"),
    ('campaign "Q4 webinar"', "one campaign against all others"),
    ("criteria", "what makes an MQL"),
    ('note "Webinar moved" 2026-03-04', "marks a day in every answer; `note` lists them"),
    ("explain accept_rate", "what a figure means, from which counts, and how to get it yourself"),
)
WORDS = (
    (
        "Windows",
        "7d 30d 12w 3m 1y · wtd mtd qtd ytd · last-week last-month · nov q3 2026-03 · 2026-03-01..2026-03-31",
    ),
    ("Filters", 'source:webinar · -source:partner · campaign:"Q4 webinar" · grade:A1..B2 · score:60..80 · @ana'),
    (
        "Options",
        "at=24h · at=2bd · vs=year · vs=none · touch=first · basis=period · matured · ci=90 · dm · share · csv",
    ),
)
ORDER = "Words come in any order. Without a window it is the last 30 days; days are UTC days."


def guide_blocks() -> Drawing:
    """In Slack."""
    asked = [f"`{f'{COMMAND} {text}'.strip()}`  {meaning}" for text, meaning in QUESTIONS]
    words = [f"*{kind}*  `{some.replace(' · ', '` `')}`" for kind, some in WORDS]
    lines = [*asked, *words]
    return Drawing(aloud("\n".join([*lines, ORDER])), [*paragraphs(lines), context(ORDER)])


def guide_text() -> str:
    """In a terminal."""
    asked = [f"{f'baton funnel {quote(text)}':49} {aloud(meaning)}" for text, meaning in QUESTIONS]
    words = [f"{kind:9}{some}" for kind, some in WORDS]
    return "\n".join([*asked, "", *words, ORDER])
