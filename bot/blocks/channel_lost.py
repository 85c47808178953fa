"""Operations is told that Slack does not take cards for a channel: what it said, what Baton did, what helps."""

from bot.blocks.drawing import Drawing
from bot.blocks.text import escape, said

REMEDIES = {
    "not_in_channel": "Invite Baton to the channel: `/invite @Baton`.",
    "channel_not_found": "Invite Baton to the channel, or put the right channel into `people.yaml`.",
    "is_archived": "Unarchive the channel and invite Baton again, or put another one into `people.yaml`.",
}
CARDS = "Its cards go to their owners directly; the next ones are tried in the channel first."
OTHERS = "What belongs there waits, and is tried again every ten minutes."
OTHERWISE = "Let Baton post in the channel, or put another one into `people.yaml`."


def channel_lost(channel: str, said_by_slack: str | None, teams: list[str]) -> Drawing:
    """`channel` is its Slack id; `teams` are the names of the teams whose channel it is, as configured now."""
    of = f", the channel of {escape(', '.join(teams), 200)}" if teams else ""
    code = f" Slack says `{escape(said_by_slack, 60)}`." if said_by_slack else ""
    remedy = REMEDIES.get(said_by_slack or "", OTHERWISE)
    meanwhile = CARDS if teams else OTHERS
    return said(
        f":warning: Baton cannot write in <#{escape(channel, 30)}> (`{escape(channel, 30)}`){of}.{code} "
        f"{meanwhile} {remedy}"
    )
