"""A schedule in words."""

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)


def describe(schedule):
    """Return one line such as ``at 02:30, on Monday to Friday``."""
    parts = [_time(schedule)]
    if not schedule.day.is_star:
        parts.append("on day " + _spans(schedule.day, str))
    if not schedule.weekday.is_star:
        parts.append("on " + _spans(schedule.weekday, lambda number: DAYS[number]))
    if not schedule.month.is_star:
        parts.append("in " + _spans(schedule.month, lambda number: MONTHS[number - 1]))
    return ", ".join(parts)


def _time(schedule):
    minutes, hours = list(schedule.minute), list(schedule.hour)
    if schedule.hour.is_star and schedule.minute.is_star:
        return "every minute"
    if schedule.hour.is_star:
        return "every hour at minute " + _spans(schedule.minute, str)
    if len(minutes) == 1:
        return "at " + ", ".join(f"{hour:02}:{minutes[0]:02}" for hour in hours)
    return f"at minute {_spans(schedule.minute, str)} of hour {_spans(schedule.hour, str)}"


def _spans(values, name):
    """Join runs of consecutive values: ``1, 3 to 5``."""
    runs = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ", ".join(
        name(run[0]) if len(run) == 1 else f"{name(run[0])} to {name(run[-1])}" for run in runs
    )
