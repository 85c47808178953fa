"""`baton shares`: which numbers went where, for whoever has to answer for it."""

from datetime import timedelta
from pathlib import Path

from bot.store import shares
from bot.store.engine import Store
from bot.store.shares import Share
from tests.flows.test_command_line import baton
from tests.support import NOW, in_force


def test_what_went_out_is_listed_the_newest_first(tmp_path: Path) -> None:
    assert baton("db", "upgrade", cwd=tmp_path).returncode == 0
    assert baton("shares", cwd=tmp_path).stdout == "nothing was shared, sent or exported yet\n"
    store = in_force(Store(f"sqlite:///{tmp_path}/baton.sqlite"))
    with store.transaction() as tx:
        for minutes, one in enumerate([
            Share(NOW, "maya", "share", "C0NORTH", "30d by source", names=False),
            Share(NOW, "ana", "share", "C0SALES", "reps 30d", names=True),
            Share(NOW, "gone", "dm", None, 'campaign "\x1b[31mQ4"', names=True),
            Share(NOW, None, "csv", None, "", names=True),
        ]):  # fmt: skip
            shares.add(tx, Share(NOW + timedelta(minutes=minutes), one.by, one.how, one.where, one.query, one.names))
    store.close()
    assert baton("shares", cwd=tmp_path).stdout.splitlines() == [
        "2026-03-02 09:03:00 command line as CSV: /funnel",
        '2026-03-02 09:02:00 gone to their direct messages: /funnel campaign " [31mQ4"',
        "2026-03-02 09:01:00 Ana Ruiz to channel C0SALES, with names: /funnel reps 30d",
        "2026-03-02 09:00:00 Maya Lindqvist to channel C0NORTH: /funnel 30d by source",
    ]
    assert len(baton("shares", "--most", "1", cwd=tmp_path).stdout.splitlines()) == 1
