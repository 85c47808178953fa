"""YAML 1.2 with line numbers: a fault names file, line, key and what was expected.

Every file written by hand is read through here: `reading` turns text into plain values with the line of each,
`parsing` turns those into a `Shape`. Knows no file's meaning, only shapes.
"""

from bot.yamlfile.parsing import Page, Shape, parse
from bot.yamlfile.reading import Document, Fault, Faults, KeyPath, Plain, dotted, from_text, read, shown, text_of

__all__ = [
    "Document",
    "Fault",
    "Faults",
    "KeyPath",
    "Page",
    "Plain",
    "Shape",
    "dotted",
    "from_text",
    "parse",
    "read",
    "shown",
    "text_of",
]
