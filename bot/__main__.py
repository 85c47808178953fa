"""The `baton` command line. A user's mistake is one line per fault and exit code 2, never a traceback."""

import sys

import typer

from bot.cli import (
    away,
    configuration,
    criteria,
    criteria_change,
    funnel,
    imports,
    lead,
    letters,
    pausing,
    queue,
    serving,
    shares,
)
from bot.cli.shared import Complaint
from bot.settings import SettingsFaults
from bot.store import policies, schema
from bot.yamlfile import Faults

# Every command there is, in the order of `baton --help`: its name here, its function in a file of bot/cli.
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
app.command("run")(serving.run)
app.command("web")(serving.web)
app.command("worker")(serving.worker)
app.command("funnel", context_settings={"ignore_unknown_options": True})(funnel.funnel)
app.command("lead")(lead.lead)
app.command("away")(away.away)
app.command("back")(away.back)
app.command("who")(away.who)
app.command("pause")(pausing.pause)
app.command("resume")(pausing.resume)
app.command("shares")(shares.shares)
app.command("dead-letters")(letters.letters)

queues = typer.Typer(no_args_is_help=True, help="Leads and hand-offs that no rep has: data-fix, expired, overflow …")
app.add_typer(queues, name="queue")
queues.command("list")(queue.show)
queues.command("mend")(queue.mend)
queues.command("take-up")(queue.take_up)

database = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(database, name="db")
database.command("upgrade")(serving.upgrade)

config = typer.Typer(no_args_is_help=True, help="The configuration folder: criteria, people, SLA, reasons.")
app.add_typer(config, name="config")
config.command("init")(configuration.init)
config.command("check")(configuration.check)
config.command("apply")(configuration.apply)
config.command("schema")(configuration.schema)

rules = typer.Typer(no_args_is_help=True, help="What makes an MQL, why a lead is one, and what a change would do.")
app.add_typer(rules, name="criteria")
rules.command("explain")(criteria.explain)
rules.command("show")(criteria.show)
rules.command("unknown")(criteria.unknown)
rules.command("score")(criteria_change.score)
rules.command("diff")(criteria_change.diff)

files = typer.Typer(no_args_is_help=True, help="CSV files: leads to assess now, or what happened elsewhere before.")
app.add_typer(files, name="import")
files.command("leads")(imports.import_leads)
files.command("history")(imports.import_history)


def main() -> None:
    """The entry point."""
    try:
        app()
    except (SettingsFaults, Faults, policies.Outdated, schema.Unreachable, Complaint) as fault:
        typer.echo(str(fault), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
