"""The five fields of a cron line."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class CronError(ValueError):
    """A cron line that cannot be understood."""


class Field:
    """One field: the values that it allows, and whether it was written as a star."""

    def __init__(self, text, name, low, high, names=()):
        self.text = text
        self.name = name
        self.low = low
        self.high = high
        self.names = names
        self.values = frozenset(
            value for part in text.split(",") for value in self._expand(part.strip())
        )

    @property
    def is_star(self):
        return self.text.strip() in ("*", "?")

    def __contains__(self, value):
        return value in self.values

    def __iter__(self):
        return iter(sorted(self.values))

    def __repr__(self):
        return f"Field({self.text!r}, {self.name!r})"

    def _expand(self, part):
        """Yield the values of one part of the list."""
        body, slash, step = part.partition("/")
        if body in ("*", "?"):
            first, last = self.low, self.high
        elif "-" in body:
            left, _, right = body.partition("-")
            first, last = self._value(left), self._value(right)
            if first > last:
                raise CronError(f"{self.name}: range {body!r} is reversed")
        else:
            first = self._value(body)
            last = self.high if slash else first
        return range(first, last + 1, self._step(step) if slash else 1)

    def _value(self, text):
        """Read a number or a name."""
        word = text.strip().lower()
        if word in self.names:
            return self.names.index(word) + self.low
        if not word.isdigit():
            raise CronError(f"{self.name}: {text!r} is neither a number nor a name")
        number = int(word)
        if not self.low <= number <= self.high:
            raise CronError(f"{self.name}: {number} is not in {self.low}-{self.high}")
        return number

    def _step(self, text):
        if not text.isdigit() or int(text) == 0:
            raise CronError(f"{self.name}: {text!r} is no step")
        return int(text)


def parse_fields(line):
    """Split a line into (minute, hour, day, month, weekday)."""
    parts = line.split()
    if len(parts) != 5:
        raise CronError(f"expected 5 fields, got {len(parts)}: {line!r}")
    minute, hour, day, month, weekday = parts
    return (
        Field(minute, "minute", 0, 59),
        Field(hour, "hour", 0, 23),
        Field(day, "day of month", 1, 31),
        Field(month, "month", 1, 12, MONTHS),
        Field(weekday, "day of week", 0, 7, WEEKDAYS),
    )
