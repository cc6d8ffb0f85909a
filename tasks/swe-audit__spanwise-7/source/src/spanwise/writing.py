"""From seconds to text."""

from spanwise.units import SECONDS


def write(seconds):
    """Return a span as the shortest text that ``parse`` reads back."""
    parts = []
    for unit, worth in SECONDS.items():
        count, seconds = divmod(seconds, worth)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"
