"""What every CSV door does with a row: the lead in it as the payload takes it, and its faults by column."""

from typing import Any

from pydantic import ValidationError

from bot.intake import payload
from bot.intake.mapping import LeadShape
from bot.intake.sheet import Row, Sheet
from bot.yamlfile import Fault, Faults


def lead_item(sheet: Sheet, shape: LeadShape, row: Row) -> dict[str, Any]:
    """The lead of a row as `payload.read` takes it; blank cells say nothing. Faults where a cell cannot be read."""
    if row.faults:
        raise Faults(*row.faults)
    fields = {name: cell.of(row.cells) for name, cell in shape.fields.items()}
    wrong, attributes = [], {}
    for name, cell in shape.attributes.items():
        try:
            attributes[name] = cell.typed(row.cells)
        except ValueError as error:
            wrong.append(sheet.got(row, f"lead.attributes.{name}", str(error)))
    if wrong:
        raise Faults(*wrong)
    return {**fields, "attributes": {name: value for name, value in attributes.items() if value is not None}}


def faults(sheet: Sheet, row: Row, error: ValidationError) -> list[Fault]:
    """What the payload found wrong, with the columns it was read from."""
    return [sheet.fault(row.line, _key(fault.field), fault.problem) for fault in payload.faults(error)]


def _key(field: str) -> str:
    """Where the mapping file says what the payload calls `field`."""
    signal = "signals.0."
    if field.startswith(signal):
        return f"signal.{field.removeprefix(signal)}"
    return f"lead.{field}" if field else ""
