"""A workbook (.xlsx, .xls, .xlsb, .ods) → a block a row, with its table's header row as context.

Called by `extract`. Tables on one sheet are told apart by the empty rows between them; each has its
own header. Rows are numbered as the program shows them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from cairn.core.errors import ExtractError
from cairn.core.extract.families import for_suffix
from cairn.core.extract.office.disguise import read_disguised
from cairn.core.extract.office.drawing import show_number
from cairn.core.extract.office.grid import Row, write_rows
from cairn.core.extract.office.odf_properties import odf_properties
from cairn.core.extract.office.ole import Container
from cairn.core.extract.office.sheet_details import Details, read_details
from cairn.core.extract.package import Package, is_locked, locked
from cairn.core.extract.pieces import NOTHING, Pieces, Properties
from cairn.core.extract.sniff import OLE, ZIP, content_suffix
from cairn.core.extract.source import Source, join_notes
from cairn.core.extract.text.tables import is_header
from cairn.core.records import SHEET, Document

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Value = int | float | str | bool | time | date | datetime | timedelta
_MOST_CELLS = 24_000_000
_MOST_SHEETS = 500
_BOOKS = frozenset(("xlsx", "xlsb", "xls", "ods", ""))


def read_sheets(source: Source) -> Document:
    data = source.data
    if is_locked(data):
        raise locked()
    if not data.startswith((OLE, *ZIP)) or content_suffix(data) not in _BOOKS:
        return _read_other(source)
    package = Package(source) if data.startswith(ZIP) else None
    with _one_error():
        book = _open(data)
        reader = _Reader(book, Pieces("r", source.max_chars), package)
        reader.read()
    if reader.notes and not reader.pieces.count:
        raise ExtractError("no-text", join_notes(*reader.notes), skipped=True)
    return reader.pieces.document(
        source, "table", _properties(data, package), note=join_notes(*reader.notes)
    )


def _read_other(source: Source) -> Document:
    """Programs give web pages and lists with commas the names of workbooks."""
    family = for_suffix(content_suffix(source.data))
    if family is None and source.data.lstrip()[:1] != b"<":
        from cairn.core.extract.text.tables import read_table

        return read_table(source)
    return read_disguised(source, "xlsx")


def _open(data: bytes) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise locked() from None


@contextmanager
def _one_error() -> Iterator[None]:
    """The library's panics on damaged files are no `Exception`s."""
    try:
        yield
    except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:
        raise ExtractError("broken", "the workbook could not be read: it is damaged") from None


def _properties(data: bytes, package: Package | None) -> Properties:
    try:
        if package is None:
            return Container(data).properties()
        return odf_properties(package) if "meta.xml" in package else package.properties()
    except ExtractError:
        return NOTHING


class _Reader:
    def __init__(self, book: CalamineWorkbook, pieces: Pieces, package: Package | None) -> None:
        self.pieces = pieces
        self.notes: list[str] = []
        self._book = book
        is_xlsx = package is not None and "xl/workbook.xml" in package
        self._details = dict(read_details(package)) if package and is_xlsx else {}

    def read(self) -> None:
        names = self._book.sheet_names
        if len(names) > _MOST_SHEETS:
            self.notes.append(f"only the first {_MOST_SHEETS} of {len(names)} sheets were read")
        for number, name in enumerate(names[:_MOST_SHEETS], 1):
            details = self._details.get(name, Details())
            if details.area > _MOST_CELLS:
                self.notes.append(f"the sheet “{name}” is spread too far to be read")
                continue
            self.pieces.at(number * SHEET + 1)
            self.pieces.leave()
            self._sheet(number, name, details)

    def _sheet(self, number: int, name: str, details: Details) -> None:
        from python_calamine import CalamineError, WorksheetNotFound

        try:
            rows = list(self._rows(name, number, details))
        except (CalamineError, WorksheetNotFound):  # a chart on a sheet of its own has no cells
            self.notes.append(f"the sheet “{name}” could not be read")
            return
        if rows:
            self.pieces.heading(1, name)
        groups = _with_headers(list(_groups(rows)))
        context, width = "", range(0)
        for at, group in enumerate(groups):
            below = groups[at + 1] if at + 1 < len(groups) else []
            if len(group) == 1 and group[0].filled == 1 and any(row.filled > 1 for row in below):
                self.pieces.at(group[0].number)
                text = "".join(group[0].cells)
                self.pieces.heading(2, f"{text} {group[0].remark}".strip())
                context = ""
                continue
            span = _span(group)
            inside = width.start <= span.start and span.stop <= width.stop
            width = width if inside else span
            shown = [replace(row, cells=row.cells[width.start : width.stop]) for row in group]
            context = write_rows(self.pieces, shown, context if inside else "")

    def _rows(self, name: str, number: int, details: Details) -> Iterator[Row]:
        sheet = self._book.get_sheet_by_name(name)
        first = sheet.start[1] if sheet.start else 0
        left = dict(details.comments)
        for at, values in enumerate(sheet.iter_rows() if sheet.start else ()):
            remark = " ".join(left.pop(at, ()))
            if any(value != "" for value in values) or remark:
                cells = tuple(
                    _show(value, details, at, column) for column, value in enumerate(values, first)
                )
                yield Row(cells, number * SHEET + at + 1, remark=remark)
        for at in sorted(left):
            yield Row((), number * SHEET + at + 1, remark=" ".join(left[at]))


def _groups(rows: list[Row]) -> Iterator[list[Row]]:
    """Runs of rows without an empty one between them."""
    group: list[Row] = []
    for row in rows:
        if group and row.number != group[-1].number + 1:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _with_headers(groups: list[list[Row]]) -> list[list[Row]]:
    """Groups, one of names only joined to the table that it stands above as its header."""
    joined: list[list[Row]] = []
    for group in reversed(groups):
        near = joined and group[-1].number + 2 == joined[-1][0].number
        if near and _names_only(group) and not _names_only(joined[-1][:1]):
            head = [replace(row, is_header=True) for row in group]
            joined[-1] = head + joined[-1]
        else:
            joined.append(group)
    return joined[::-1]


def _names_only(rows: list[Row]) -> bool:
    cells = [[cell for cell in row.cells if cell.strip()] for row in rows[:4]]
    wide = any(len(row) > 2 for row in cells)
    return wide and len(rows) < 4 and all(is_header(row, ()) for row in cells)


def _span(rows: list[Row]) -> range:
    """From the first column with something in it up to the last."""
    filled = [at for row in rows for at, cell in enumerate(row.cells) if cell.strip()]
    return range(min(filled), max(filled) + 1) if filled else range(0)


def _show(value: Value, details: Details, row: int, column: int) -> str:
    """A cell as a person sees it, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        shown = details.formats.get((row, column))
        return shown.show(value) if shown else show_number(value)
    if isinstance(value, datetime):
        day = value.date().isoformat()
        return day if value.time() == time() else f"{day} {_clock(value.time())}"
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _clock(value: time) -> str:
    if value.microsecond >= 500_000 and value.second < 59:
        value = value.replace(second=value.second + 1)
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")
