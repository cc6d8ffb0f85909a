"""Calling something until it works, or until the policy says stop."""

import functools
import time
from dataclasses import dataclass, field
from typing import Any, Callable, List, Optional, Tuple, Type

from .policy import Policy


@dataclass
class RetryState:
    """What has happened so far in one call."""

    attempt: int = 0
    errors: List[BaseException] = field(default_factory=list)
    slept: float = 0.0

    @property
    def last_error(self) -> Optional[BaseException]:
        return self.errors[-1] if self.errors else None


def retry_call(
    function: Callable[..., Any],
    args: Tuple[Any, ...] = (),
    kwargs: Optional[dict] = None,
    policy: Policy = Policy(),
    on: Tuple[Type[BaseException], ...] = (),
    give_up: Optional[Callable[[BaseException], bool]] = None,
    before_sleep: Optional[Callable[[RetryState], None]] = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Any:
    """Call ``function`` until it returns; raise its last error when it never does.

    ``on`` limits which exceptions lead to another attempt, by default all do. ``give_up``
    is asked about each and may stop at once.
    """
    state = RetryState()
    while True:
        try:
            return function(*args, **(kwargs or {}))
        except on or BaseException as error:
            state.errors.append(error)
            last = state.attempt + 1 >= policy.attempts
            if last or (give_up is not None and give_up(error)):
                raise
            pause = policy.delay(state.attempt)
            state.attempt += 1
            if before_sleep is not None:
                before_sleep(state)
            sleep(pause)
            state.slept += pause


def retry(policy: Policy = Policy(), **options: Any) -> Callable[..., Any]:
    """Make a decorator of ``retry_call``."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return retry_call(function, args, kwargs, policy=policy, **options)

        return wrapper

    return decorate
