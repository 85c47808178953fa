"""`baton criteria score` in a process of its own, so that its memory can be told: FILE and MAP in, JSON out."""

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.config import load
from bot.intake import mapping, scoring


def main() -> None:
    """Score a file into nothing, and say how many rows a second of one core it took and the most memory held."""
    file, shape = map(Path, sys.argv[1:])
    page = mapping.load(shape, mapping.LeadsMap)
    criteria = load.load(None).criteria
    with open(os.devnull, "w") as nowhere:
        started = time.process_time()
        found = scoring.score(file, page, criteria, datetime.now(UTC), nowhere)
        took = time.process_time() - started
    print(json.dumps({"rows": found.rows, "refused": found.refused, "rate": found.rows / took, "peak": _peak()}))


def _peak() -> int:
    """In kilobytes. Linux counts what a process was before it became this one into `ru_maxrss`: hence /proc."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


if __name__ == "__main__":
    main()
