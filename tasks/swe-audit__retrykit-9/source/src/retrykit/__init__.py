"""Try again, but not too eagerly."""

from .policy import Policy
from .retrying import RetryState, retry, retry_call

__all__ = ["Policy", "RetryState", "retry", "retry_call"]
