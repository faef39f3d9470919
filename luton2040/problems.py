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
