"""The demo without a person: every flow over real HTTP, checked and told line by line."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.company import Company, call, journeys, now
from demo.history import bring_in

PATIENCE = 10.0
Message = dict[str, Any]


class Wrong(Exception):
    """A step did not come out as it should."""


def smoke(company: Company) -> int:
    """Play all steps; 0 if every one was right."""
    run = Run(company)
    for number, step in enumerate(STEPS, 1):
        try:
            print(f"{number}. {step(run)}", flush=True)
        except Wrong as wrong:
            print(f"{number}. WRONG: {wrong}", flush=True)
            return 1
    print("every step was right")
    return 0


@dataclass(frozen=True)
class Run:
    """What the steps do: look at the page's state as some person, and act in it."""

    company: Company

    def messages(self, person: str, channel: str) -> list[Message]:
        """What a person sees in a channel."""
        state = call(f"{self.company.page}/page/state?as={person}")
        return [
            one for place in state["channels"] if channel in {place["id"], place["with"]} for one in place["messages"]
        ]

    def modal(self, person: str) -> Message:
        """The form on top of a person's screen."""
        return self.until(
            lambda: (call(f"{self.company.page}/page/state?as={person}")["modals"] or [None])[-1], "a form"
        )

    def act(self, person: str, **what: Any) -> dict[str, Any]:
        """Do something as a person; Wrong if Slack would show them an error."""
        answer = call(f"{self.company.page}/page/act", json.dumps({"as": person, **what}).encode())
        if not answer["ok"]:
            raise Wrong(f"{what['type']} of {person}: {answer['error']}")
        return answer

    def press(self, person: str, message: Message, action: str, channel: str = "C0SALES") -> None:
        """Press a button of a message."""
        for block in message["blocks"]:
            for element in block.get("elements", ()):
                if element.get("action_id") == action:
                    where = {"channel": channel, "ts": message["ts"], "block_id": block["block_id"]}
                    self.act(person, type="block_actions", **where, action_id=action, value=None)
                    return
        raise Wrong(f"no button {action} on: {message['text']}")

    def card(self, name: str, *, holding: str = "", channel: str = "C0SALES") -> Message:
        """The newest message that names a lead and holds some words, once it is there."""

        def found() -> Message | None:
            texts = [one for one in self.messages("U0MAYA", channel) if name in shown(one) and holding in shown(one)]
            return texts[-1] if texts else None

        return self.until(found, f"a message about {name} with “{holding}”")

    def until(self, look: Callable[[], Message | None], what: str) -> Message:
        """Wait until something is there; Wrong after ten seconds."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.1)
        raise Wrong(f"{what} did not come within {PATIENCE:.0f} s")


def shown(message: Message) -> str:
    """All words of a message."""
    return f"{message['text']} {json.dumps(message['blocks'], ensure_ascii=False)}"


def owner_of(message: Message) -> str:
    """Who is mentioned as the owner."""
    return str(message["text"]).split("<@", 1)[1].split(">", 1)[0]


def send_leads(run: Run) -> str:
    answer = run.company.send(journeys(now()))
    became = [one.get("queue") or one["crossing"] for one in answer["results"]]
    if (answer["accepted"], became) != (6, ["handoff"] * 4 + ["data-fix", "none"]):
        raise Wrong(f"expected 6 leads taken, 4 of them offered and one in queue data-fix, got {answer}")
    return "6 leads sent in, signed: 4 crossed and got a card, 1 waits for its data, 1 stays below"


def explain_score(run: Run) -> str:
    run.press("U0MAYA", run.card("Elena Marchetti"), "handoff_why")
    said = json.dumps(run.modal("U0MAYA")["blocks"])
    if not all(part in said for part in ("Decides on a budget", "Asked for a demo", "technology")):
        raise Wrong(f"the explanation leaves something out: {said}")
    return "the manager asked why: every rule, with what it came to and what nobody knows"


def raise_tier(run: Run) -> str:
    _hear(run, "jonas.keller@fjordworks.example", "trial_request")
    run.card("Jonas Keller", holding="Raised from P3")
    run.card("Jonas Keller", holding="is hotter now")
    return "the fourth started a trial: its card rose from P3 to P1, and its owner was told"


def withdraw(run: Run) -> str:
    _hear(run, "jonas.keller@fjordworks.example", "opt_out")
    run.card("Jonas Keller", holding="This card was withdrawn")
    return "then it asked not to be contacted: the card is void"


def _hear(run: Run, email: str, type_: str) -> None:
    run.company.send([{"email": email, "signals": [{"id": type_, "type": type_, "at": now().isoformat()}]}])


def accept_one(run: Run) -> str:
    card = run.card("Elena Marchetti")
    owner = owner_of(card)
    run.press(owner, card, "handoff_accept")
    run.card("Elena Marchetti", holding="Accepted")
    return f"{owner} pressed Accept: the card says who and when"


def refuse_second(run: Run) -> str:
    card = run.card("Samuel Adeyemi")
    stranger = next(who for who in ("U0ANA", "U0BEN", "U0CHLOE") if who != owner_of(card))
    run.press(stranger, card, "handoff_accept")
    whisper = run.until(lambda: _whisper(run, stranger), "a private answer")
    return f"{stranger} pressed Accept on somebody else's card and was told in private: {whisper['args']['text'][:60]}…"


def _whisper(run: Run, person: str) -> Message | None:
    calls = call(f"{run.company.page}/page/calls")["calls"]
    return next((one for one in calls if one["method"] == "chat.postEphemeral" and one["args"]["user"] == person), None)


def reject_one(run: Run) -> str:
    card = run.card("Pixel Bakery")
    owner = owner_of(card)
    run.press(owner, card, "handoff_reject")
    form = run.modal(owner)
    chosen = {"reject_reason": {"reject_reason": "FIT_COMPANY"}}
    run.act(
        owner, type="block_actions", view_id=form["id"], block_id="reject_reason", action_id="reject_reason",
        value="FIT_COMPANY", state=chosen,
    )  # fmt: skip
    block = "reject_follow_up:FIT_COMPANY"
    missing = run.act(owner, type="view_submission", view_id=form["id"], state=chosen)
    if block not in missing.get("errors", {}):
        raise Wrong(f"a form without its follow-up was taken: {missing}")
    full = chosen | {block: {"reject_follow_up": ["size"]}, "reject_comment": {"reject_comment": "Two people"}}
    run.act(owner, type="view_submission", view_id=form["id"], state=full)
    run.card("Pixel Bakery", holding="Rejected")
    return f"{owner} rejected one, which needed its follow-up: the card says so"


def read_feedback(run: Run) -> str:
    reply = run.card("Pixel Bakery", holding="Two people", channel="C0FEEDBACK")
    if not reply["thread_ts"]:
        raise Wrong("the rejection is not a reply in a thread")
    return "marketing reads the reason in the campaign's thread"


def run_out_of_time(run: Run) -> str:
    owner = owner_of(run.card("Samuel Adeyemi"))
    run.company.let_pass(2.1)
    run.until(lambda: next(iter(run.messages(owner, "U0BATON")), None), "a reminder")
    run.company.let_pass(2)
    run.card("Samuel Adeyemi", holding="has had no answer")
    run.company.let_pass(44)
    run.card("Samuel Adeyemi", holding="Expired")
    return f"the third was left alone: {owner} was reminded, the manager was called, and it expired"


def take_it(run: Run) -> str:
    run.press("U0MAYA", run.card("Samuel Adeyemi", holding="Take it"), "handoff_take")
    run.card("Samuel Adeyemi", holding="Accepted")
    return "the manager took it from the queue: a second hand-off, accepted"


def ask_funnel(run: Run) -> str:
    text = _funnel(run, "/funnel")
    if "3 → 1 accepted · 1 rejected · 1 expired" not in text or "1 repeat hand-off (1 accepted)" not in text:
        raise Wrong(f"/funnel counted otherwise: {text}")
    return "/funnel: 3 handed off, 1 accepted, 1 rejected, 1 expired; the void one and the second of one are apart"


def remember(run: Run) -> str:
    leads = bring_in(run.company, now())
    text = _funnel(run, "/funnel 12w")
    counted = re.search(r"(\d+) → \d+ accepted", text)
    if not counted or not 0.9 * leads < int(counted[1]) <= leads + 3:
        raise Wrong(f"{leads} leads of earlier weeks were brought in, and /funnel counted otherwise: {text}")
    return f"the past came in as a file: {leads} leads, and /funnel counts {counted[1]} hand-offs in all"


def _funnel(run: Run, command: str) -> str:
    run.act("U0MAYA", type="command", channel="C0SALES", text=command)
    answers = call(f"{run.company.page}/page/deliveries")["deliveries"]
    reply = json.loads(next(one["reply"] for one in reversed(answers) if one["kind"] == "command"))
    return f"{reply['text']} {json.dumps(reply.get('blocks', []), ensure_ascii=False)}"


STEPS: tuple[Callable[[Run], str], ...] = (
    send_leads,
    explain_score,
    accept_one,
    refuse_second,
    raise_tier,
    withdraw,
    reject_one,
    read_feedback,
    run_out_of_time,
    take_it,
    ask_funnel,
    remember,
)
