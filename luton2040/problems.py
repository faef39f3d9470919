"""What is wrong with something that was handed in, said so that whoever handed it in can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    file: str
    place: str  # "row 12" or "entry IE1"; empty for the file as a whole
    column: str
    what: str
    mend: str

    def __str__(self):
        where = ", ".join(part for part in (self.file, self.place, self.column and f"column {self.column}") if part)
        return f"{where}: {self.what} {self.mend}"

    @property
    def row(self) -> int | None:
        """The row of a table; None for a problem of the file as a whole."""
        kind, _, number = self.place.partition(" ")
        return int(number) if kind == "row" else None


class Refused(ValueError):
    """Raised by what reads a cell or a file, which cannot say where that stands; its caller makes a Problem of it."""

    def __init__(self, what: str, mend: str):
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend
