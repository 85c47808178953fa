"""Tables of a report, drawn: what tells nothing is left out, and a line of text says what its figures are."""

from dataclasses import replace

from bot.blocks.funnel.report import Cell, Chart, Column, Report, Table
from bot.blocks.funnel.shapes import DATA_TABLE, TABLE, listed
from bot.blocks.funnel.slack import sure_blocks
from bot.blocks.funnel.terminal import report_csv, report_text

SOURCES = Table(
    "By source",
    (Column("source", "Source", False), Column("n", "Handed off"), Column("r", "Rate")),
    ((Cell("Webinar", "webinar"), Cell("64", 64), Cell("62 % [50–73]", 0.62)),),
)
REPORT = Report(title="Funnel", command="30d", reading="Hand-offs 1 – 31 Mar 2026", table=SOURCES)


def test_columns_that_tell_nothing_are_left_out_where_people_look_and_kept_for_programs() -> None:
    columns = tuple(Column(name, name.title(), figures=name != "tier") for name in ("tier", "met", "unknown", "late"))
    rows = tuple(tuple(Cell(shown, shown) for shown in row) for row in (("P1", "–", "0", "0"), ("P2", "–", "–", "2")))
    table = Table("SLA", columns, rows)
    for kind in (TABLE, DATA_TABLE):
        [drawn] = [
            block for block in sure_blocks(replace(REPORT, table=table), {kind: True}).blocks if block["type"] == kind
        ]
        assert [cell["text"] for cell in drawn["rows"][0]] == ["Tier", "Late"]
    assert "Unknown" not in report_text(replace(REPORT, table=table))
    assert report_csv(replace(REPORT, data=table)).startswith("tier,met,unknown,late")


def test_a_plain_table_has_its_caption_over_it_and_wraps_words() -> None:
    blocks = sure_blocks(REPORT, {TABLE: True}).blocks
    [at] = [at for at, block in enumerate(blocks) if block["type"] == TABLE]
    assert blocks[at - 1]["text"]["text"] == "*By source*"
    assert [one.get("is_wrapped") for one in blocks[at]["column_settings"]] == [True, None, None]


def test_in_a_line_every_cell_has_its_name_unless_it_speaks_for_itself() -> None:
    columns = (
        Column("g", "Group", False),
        Column("m", "MQL"),
        Column("s", "SLA met"),
        Column("w", "Most from", False),
        Column("r", "Reason", False, bare=True),
    )
    row = tuple(Cell(shown, shown) for shown in ("Blog", "1,386", "62 %", "Berlin", "Data is wrong"))
    told = list(listed(Table("", columns, (row, (row[0], *(Cell("–", None) for _ in row[1:]))))))
    assert told == ["*Blog*  1,386 MQL · SLA met 62 % · most from Berlin · Data is wrong", "*Blog*  –"]


def test_a_chart_of_several_series_is_told_by_its_table_alone_in_a_terminal() -> None:
    course = Chart("line", "Share decided", ("6 h", "12 h"), {"Accepted": (43.0, 46.0), "Rejected": (35.0, 37.0)}, "%")
    assert "Share decided" not in report_text(replace(REPORT, charts=(course,)))
    of_one = replace(course, series={"Accepted": (43.0, 46.0)})
    assert "Share decided" in report_text(replace(REPORT, charts=(of_one,)))


def test_a_share_has_six_decimals_in_a_spreadsheet() -> None:
    table = Table("", (Column("share", "Share"), Column("n", "N")), ((Cell("", 1 / 3), Cell("", 7)),))
    assert report_csv(replace(REPORT, data=table)).splitlines() == ["share,n", "0.333333,7"]
