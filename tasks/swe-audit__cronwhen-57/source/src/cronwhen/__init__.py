"""When does this cron line run next?"""

from .fields import CronError, Field
from .schedule import Schedule

__all__ = ["CronError", "Field", "Schedule"]
__version__ = "1.3.0"
