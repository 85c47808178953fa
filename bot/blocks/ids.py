"""Every id that a button, field or form of Baton has. Never reused for another meaning: old cards still answer.

Builders and handlers both read them here.
"""

COMMAND = "/funnel"

ACCEPT = "handoff_accept"
REJECT = "handoff_reject"
UNDO = "handoff_undo"
TAKE = "handoff_take"
WHY = "handoff_why"
NOT_MINE = "handoff_not_mine"
CLAIM = "handoff_claim"
REASSIGN = "handoff_reassign"
SNOOZE = "handoff_snooze"  # only in the menu, with the minutes
GROUNDS = "handoff_grounds"
MORE = "handoff_more"  # the menu of a card: an entry's value is made by `entry`
OPEN_CARD = "card_open"  # a link; Slack tells us all the same

BACK = "handoff_back"  # value: the id of an absence
AWAY = "home_away"  # value: the key of a person
STATUS_AWAY = "status_away"  # the answers to a question about somebody's Slack status: away, as it says
STATUS_HERE = "status_here"  # or here all the same

# Below an answer of /funnel; the value is a command. Several stand side by side: their ids end in a number.
FUNNEL_ASK = "funnel_ask"
FUNNEL_DM = "funnel_dm"
FUNNEL_SHARE = "funnel_share"
FUNNEL_CSV = "funnel_csv"

SHARE_FORM = "funnel_share_form"
SHARE_TO = "funnel_share_to"

REJECT_FORM = "reject_form"
NOT_MINE_FORM = "not_mine_form"
# The fields of both.
REASON = "reject_reason"
FOLLOW_UP = "reject_follow_up"
COMMENT = "reject_comment"

REASSIGN_FORM = "reassign_form"
NEW_OWNER = "reassign_owner"

AWAY_FORM = "away_form"
FIRST_DAY = "away_first"
LAST_DAY = "away_last"
LABEL = "away_label"

SNOOZES = (30, 60, 120)
"""The minutes by which a reminder can be put off."""


def entry(action: str, handoff: int, minutes: int | None = None) -> str:
    """The value of an entry in a card's menu: `<what it does>:<hand-off>`, with the minutes of a snooze."""
    return f"{action}:{handoff}" if minutes is None else f"{action}_{minutes}:{handoff}"
