"""A schedule: does it match a moment, and when is the next one that it does?"""

from datetime import datetime, timedelta

from .describing import describe
from .fields import CronError, parse_fields

ALIASES = {
    "@yearly": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@hourly": "0 * * * *",
}

# The longest a valid line can be silent: 29 February around a skipped leap year.
HORIZON = timedelta(days=8 * 366 + 1)


class Schedule:
    """The moments that a cron line stands for, to the minute.

    Times are taken as they come: naive ones stay naive, aware ones keep their zone.
    """

    def __init__(self, line):
        self.line = ALIASES.get(line.strip().lower(), line)
        self.minute, self.hour, self.day, self.month, self.weekday = parse_fields(self.line)

    def __repr__(self):
        return f"Schedule({self.line!r})"

    def matches(self, moment):
        """Tell whether the schedule runs in the minute of ``moment``."""
        return (
            moment.minute in self.minute
            and moment.hour in self.hour
            and self._matches_date(moment)
        )

    def _matches_date(self, moment):
        if moment.month not in self.month:
            return False
        weekday = moment.isoweekday()
        on_weekday = weekday in self.weekday or (weekday == 7 and 0 in self.weekday)
        on_day = moment.day in self.day
        if self.day.is_star or self.weekday.is_star:
            return on_day and on_weekday
        return on_day or on_weekday

    def next_after(self, moment=None):
        """Return the first matching minute strictly after ``moment``, by default now."""
        if moment is None:
            moment = datetime.now()
        when = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = moment + HORIZON
        while when <= end:
            if not self._matches_date(when):
                when = when.replace(hour=0, minute=0) + timedelta(days=1)
            elif when.hour not in self.hour:
                when = when.replace(minute=0) + timedelta(hours=1)
            elif when.minute not in self.minute:
                when += timedelta(minutes=1)
            else:
                return when
        raise CronError(f"{self.line!r} never runs")

    def take(self, count, after=None):
        """Return the next ``count`` moments after ``after`` (now), earliest first."""
        moments = []
        for _ in range(count):
            after = self.next_after(after)
            moments.append(after)
        return moments

    def describe(self):
        """Say in English when the schedule runs."""
        return describe(self)


def is_due(line, moment=None):
    """Tell whether ``line`` runs in the minute of ``moment``, by default now."""
    return Schedule(line).matches(moment or datetime.now())
