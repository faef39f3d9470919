"""Days in addresses: /boards/a-board/2027-03-02/."""

from datetime import date


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a day that is none, such as 30 February, is no address

    def to_url(self, value: date) -> str:
        return value.isoformat()
