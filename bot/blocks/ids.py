"""Every id that a button, field or form of Baton has. Never reused for another meaning: old cards still answer.

Builders and handlers both read them here.
"""

ACCEPT = "handoff_accept"
REJECT = "handoff_reject"
UNDO = "handoff_undo"
TAKE = "handoff_take"
WHY = "handoff_why"
OPEN_CARD = "card_open"  # a link; Slack tells us all the same

REJECT_FORM = "reject_form"
REASON = "reject_reason"
FOLLOW_UP = "reject_follow_up"
COMMENT = "reject_comment"
