"""`make demo`: the whole product on this machine, with no account anywhere. `--smoke` plays it without a person."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from demo.company import NotStarted, journeys, now, running
from demo.history import bring_in
from demo.smoke import smoke

FOLDER = Path(".demo")


def main() -> int:
    """Exit code 0 if the smoke run found every step right, or when the person has had enough."""
    arguments = argparse.ArgumentParser(prog="demo", description=__doc__)
    arguments.add_argument("--smoke", action="store_true", help="play all flows and exit")
    arguments.add_argument("--port", type=int, default=3001, help="the page's port; the bot takes the one before it")
    chosen = arguments.parse_args()
    try:
        return _smoke() if chosen.smoke else _demo(chosen.port)
    except NotStarted as problem:
        print(problem, file=sys.stderr)
        return 1


def _smoke() -> int:
    with running(FOLDER.absolute() / "smoke") as company:
        return smoke(company)


def _demo(port: int) -> int:
    enough = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: enough.set())
    with running(FOLDER.absolute() / "company", port - 1, port) as company:
        bring_in(company, now())
        company.send(journeys(now()))
        print(f"""
  Baton's demo is running: {company.page}

  You are Ana, one of three reps. Open #sales-leads and decide on a lead; try `/funnel` in the message line: ten weeks
  of what became of earlier leads are there already.
  «Act as» changes who you are. The panel «Requests» sends leads and signals, and lets time pass.
  Ctrl-C ends it. Logs: {FOLDER}/company/
""")
        enough.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
