"""What a status in Slack hints at: whoever says they are on holiday may want no new leads.

A hint is kept and asked about, and never acted upon alone: people forget to set a status, and to take it back.
"""

import re
from dataclasses import dataclass
from datetime import datetime

WORDS = re.compile(
    r"\b(?<!back from )(?<!after )"
    r"(vacation(ing)?|holidays?|(on|annual|parental|sick|maternity|paternity) leave|pto|ooo|out of (the )?office"
    r"|out sick|sick|unwell|day off|off today|away until|urlaub|krank|elternzeit|vacances|congés?|vacaciones|ferie)\b",
    re.IGNORECASE,
)
EMOJI = frozenset(
    {
        "palm_tree",
        "desert_island",
        "beach_with_umbrella",
        "umbrella_on_ground",
        "face_with_thermometer",
        "face_with_head_bandage",
        "sneezing_face",
        "hospital",
    }
)


@dataclass(frozen=True, slots=True)
class Status:
    """A status that sounds like an absence, in the person's own words, and when it ends (UTC), if it says so."""

    words: str
    until: datetime | None = None


def absence_in(text: str, emoji: str, until: datetime | None) -> Status | None:
    """The hint in a status; None where there is none. `emoji` is in Slack's form, `:palm_tree:`."""
    name = emoji.strip(":").partition("::")[0]
    if not (WORDS.search(text) or name in EMOJI):
        return None
    return Status(text.strip() or name.replace("_", " "), until)
