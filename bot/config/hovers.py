"""What an editor says of each key of the configuration while one writes it: by shape, then by key.

`schemas` puts these words into the JSON Schemas, and a test asks that no key is without them. docs/criteria.md says
the same at greater length.
"""

from collections.abc import Mapping

CRITERIA: Mapping[str, Mapping[str, str]] = {
    "CriteriaFile": {
        "tiers": "The cells (A1 to D4) that are an MQL, by tier, the most urgent first. Each has its SLA in sla.yaml.",
        "derived": "Attributes read out of the words of another field, such as seniority out of title.",
        "fit": "Who the lead is: grade A to D.",
        "behaviour": "What the lead did: grade 1 to 4.",
        "fast_tracks": "Signals that make an MQL by themselves, whatever the points say.",
        "disqualifiers": "What beats all points and fast tracks.",
        "data": "Fields whose data is checked before a card is made.",
        "crossing": "How often a lead may become an MQL.",
    },
    "DerivedShape": {
        "field": "The field whose text is searched.",
        "values": "Each value with its words. The first one with a whole word of the text is it.",
    },
    "FitShape": {
        "grades": "From how many points A, B and C begin; below C is D.",
        "rules": "What a fact is worth. Rules add up; of those under first_of only the first that holds counts.",
    },
    "FitGrades": {
        "A": "A begins at so many points.",
        "B": "B begins at so many points; fewer than for A.",
        "C": "C begins at so many points; below is D.",
    },
    "FirstOfShape": {"first_of": "Of these rules only the first that holds counts."},
    "RuleShape": {
        "label": "The words for it on the card, at most 75 characters.",
        "points": "What it is worth; below 0 it speaks against the lead.",
        "when": "The condition: one field with its comparisons, or all, any or not of conditions.",
    },
    "ConditionShape": {
        "field": "A field, an attribute or a derived attribute of the lead.",
        "equals": "Is this text, number, true or false; capitals make no difference.",
        "in": "Is one of these.",
        "at_least": "Is a number, this or more.",
        "at_most": "Is a number, this or less.",
        "above": "Is a number greater than this.",
        "below": "Is a number less than this.",
        "contains": "Is a text with this, or one of these, in it, also inside a word.",
        "matches": "Is a text in which this regular expression (RE2) is found; capitals make no difference.",
        "is_blank": "true: nothing is known; false: something is.",
        "all": "Every one of these conditions holds.",
        "any": "One of these conditions holds.",
        "not": "This condition is missed. What is unknown stays unknown.",
    },
    "BehaviourShape": {
        "grades": "From how many points 1, 2 and 3 begin; below 3 is 4.",
        "signals": "What the signals of each type are worth. A type that is not listed is worth nothing.",
    },
    "BehaviourGrades": {
        "1": "1 begins at so many points.",
        "2": "2 begins at so many points; fewer than for 1.",
        "3": "3 begins at so many points; below is 4.",
    },
    "SignalShape": {
        "label": "The words for it on the card, at most 75 characters.",
        "points": "What one is worth; below 0 it speaks against the lead.",
        "per_value": "Points for each unit of the value that a signal carries, beside points.",
        "cap_per_day": "The most that one day of them is worth.",
        "cap": "The most that all of them are worth, before decay; the newest days count first.",
        "half_life": "After so many days half the points are left. Left out: they never fade.",
        "intent": "true: it shows that somebody wants to buy, and so can bring a lead back that was turned down.",
    },
    "FastTrackShape": {
        "label": "The words for it on the card, at most 75 characters.",
        "signals": "Types of signal, listed under behaviour.signals.",
        "within": "How many days back they count.",
        "tier": "The tier it gives.",
        "at_least": "How many of them it takes; 1 if left out.",
        "fits": "The fit grades it is open to; all if left out.",
    },
    "DisqualifierShape": {
        "label": "The words for it, at most 75 characters.",
        "when": "A condition, as in a fit rule.",
        "signal": "In place of when: a type of signal.",
        "lifted_by": "With signal: a type of signal that takes it back, if it is of a later day.",
        "voids_card": "true: a card that is open is withdrawn too.",
    },
    "CheckShape": {
        "needed": "true: without it there is no card; the lead waits in queue data-fix.",
        "accept": "email only: the kinds of mailbox that will do; all if left out.",
    },
    "CrossingShape": {
        "cooldown": "A lead that fell below and rises again crosses no sooner than so many days after it last crossed, "
        "unless by new intent.",
        "recycle_after": "A lead that was turned down crosses again no sooner, and only by a new signal of intent.",
    },
}

PEOPLE: Mapping[str, Mapping[str, str]] = {
    "PeopleFile": {
        "persons": "Everybody who works with Baton, by a key that the history will use.",
        "teams": "Reps who share a channel and a manager.",
        "routing": "Who gets which leads.",
        "feedback_channel": "The Slack channel (C…) where marketing reads what was rejected, and why.",
        "ops_channel": "The Slack channel (C…) where sales operations hear of what needs them.",
        "names_in": "Slack channels (C…) in which a shared answer of /funnel may name persons.",
        "overview": "When and where the weekly overview appears; without it, and with off, there is none.",
    },
    "OverviewShape": {
        "channel": "The Slack channel (C…) in which it appears.",
        "day": "mon to sun; mon if left out.",
        "at": "The time of day; 09:00 if left out.",
        "zone": "The time zone of that time; that of the default calendar if left out.",
    },
    "PersonShape": {
        "name": "The name as it is shown.",
        "slack": "The Slack member id: U… or W….",
        "role": "rep, manager, marketing or ops.",
        "calendar": "Their working time, a name of calendar.yaml; that of their team if left out.",
        "zone": "The time zone of their clocks, where it is not that of the calendar.",
        "on_call": "A name of calendar.yaml: the hours in which urgent leads reach them beside their working time.",
        "away": "Their days off.",
        "delegate": "Who may decide for them, and gets their accounts' leads, while they are away: a key of persons.",
        "weight": "Their share of the leads that several could have, 0 to 100; 1 if left out, none with 0.",
        "skills": "What they can do that others cannot, in the words of routing.rules.",
        "accounts": "E-mail domains of companies that are theirs; each belongs to one person.",
        "known_as": "What other systems call them: an id, a name, an address.",
        "capacity": "How many leads they take; what is left out here, the team says.",
    },
    "LeaveShape": {
        "on": "The day, or the first of several, with its year.",
        "to": "The last of several days.",
        "label": "What for, as others read it, at most 75 characters.",
    },
    "CapacityShape": {
        "open": "So many cards at once that wait for an answer.",
        "per_day": "So many new leads in a day.",
    },
    "TeamShape": {
        "name": "The name as it is shown.",
        "channel": "The Slack channel id for the team's cards: C… or G…; each team its own.",
        "manager": "The key of a person with role manager.",
        "members": "Keys of reps or managers; each in one team only.",
        "calendar": "The working time of members who name none, and of a manager who is in no team.",
        "capacity": "How many leads each member takes who says nothing else.",
    },
    "RoutingShape": {
        "owner_field": "The field that says whose account it is: key, name or known_as. account_owner if left out.",
        "rules": "Where leads go. The first that holds and names teams decides them; skills of all that hold add up.",
        "otherwise": "The teams of leads that no rule sends anywhere; all of them if left out.",
    },
    "RouteShape": {
        "label": "The words for it in the answer to Why me?, at most 75 characters.",
        "when": "A condition, as in a fit rule.",
        "teams": "The lead goes to one of these teams.",
        "skills": "It goes to somebody with all of these.",
    },
}

SLA: Mapping[str, Mapping[str, str]] = {
    "TargetsShape": {
        "accept": "So many percent of hand-offs accepted, 1 to 100.",
        "sla": "So many percent answered by their due time, 1 to 100.",
    },
    "SlaFile": {
        "undo_minutes": "How long a click can be taken back, 0 to 60; 10 if left out.",
        "cards_per_hour": "At most so many cards in one channel; 20 if left out.",
        "targets": "What sales and marketing agreed on, shown beside the figures of /funnel.",
        "tiers": "How long a lead of each tier may wait.",
    },
    "TierShape": {
        "due": "By when the rep should have decided, in working time.",
        "ladder": "What happens when nobody does, counted from the offer; the last step is expire.",
        "urgent": "true: it goes to whoever is at work soonest, and its reminders wait for no other.",
    },
    "RungShape": {
        "after": "How long after the offer; each step later than the one before.",
        "step": "remind or last_call to the owner; escalate to the manager, the first at 100%; reassign; expire.",
    },
}

REASONS: Mapping[str, Mapping[str, str]] = {
    "ReasonsFile": {"reasons": "The codes in the order of the dialog, each in UPPER_CASE."},
    "ReasonShape": {
        "label": "What the rep reads, at most 75 characters.",
        "family": "Whose turn it is: DATA, FIT, READINESS, ROUTE or OTHER.",
        "follow_up": "The one question that goes with the code.",
        "consequence": "reject, void for what never was a lead, or reroute (all of family ROUTE) for somebody else's.",
        "recycle_after": "Days after which new intent may bring the lead back, or never; left out, criteria.yaml says.",
    },
    "FollowUpShape": {
        "kind": "text, date (after today), choice or choices (of options); to reroute also person, team or none.",
        "label": "The question, at most 75 characters; kind none has none.",
        "options": "For choice and choices: stored value and label; no comma in a value.",
        "min_length": "For text: the fewest characters; 1 if left out.",
    },
}

CALENDAR: Mapping[str, Mapping[str, str]] = {
    "CalendarFile": {
        "default": "The calendar of teams and persons that name none.",
        "calendars": "Working time by name; people.yaml gives it to teams and persons.",
    },
    "CalendarShape": {
        "zone": "The time zone whose clocks say when work begins and ends, as they change twice a year.",
        "hours": "Days of the week (mon, mon-fri, sun-thu) with their hours; a day that is not there is not worked.",
        "country": "Its public holidays are not worked. ISO code of two capitals.",
        "region": "The holidays of this region of the country are not worked either.",
        "half_holidays_until": "When work ends on half holidays; without it they are worked to the end.",
        "days": "Your own closed, shorter and extra days. They go before public holidays; the first that fits counts.",
    },
    "OwnDaysShape": {
        "on": "The day, or the first of several.",
        "to": "The last of several days.",
        "label": "What for, as the reason of a deadline tells it, at most 75 characters.",
        "hours": "Worked in these hours, whatever the week says.",
        "until": "Worked until then, as far as the week says it is worked.",
    },
}

WORDS = {**CRITERIA, **PEOPLE, **SLA, **REASONS, **CALENDAR}
