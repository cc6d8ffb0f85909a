import pytest

from retrykit import Policy, retry, retry_call


class Flaky:
    """Fails a number of times, then returns."""

    def __init__(self, failures, error=ConnectionError):
        self.failures = failures
        self.error = error
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error(f"failure {self.calls}")
        return "done"


def call(function, attempts=3, **options):
    pauses = []
    options.setdefault("policy", Policy(attempts=attempts, base=1, factor=2))
    return retry_call(function, sleep=pauses.append, **options), pauses


def test_returns_after_failures():
    assert call(Flaky(2)) == ("done", [1, 2])


def test_raises_the_last_error():
    with pytest.raises(ConnectionError, match="failure 3"):
        call(Flaky(5))


def test_only_the_given_errors():
    function = Flaky(1, KeyError)
    with pytest.raises(KeyError):
        call(function, on=(ConnectionError,))
    assert function.calls == 1


def test_give_up():
    function = Flaky(2)
    with pytest.raises(ConnectionError):
        call(function, give_up=lambda error: True)
    assert function.calls == 1


def test_before_sleep_sees_the_state():
    seen = []
    call(Flaky(2), before_sleep=lambda state: seen.append((state.attempt, len(state.errors))))
    assert seen == [(1, 1), (2, 2)]


def test_decorator_keeps_the_name():
    @retry(Policy(attempts=2), sleep=lambda pause: None)
    def fetch():
        """Fetch it."""
        return 1

    assert fetch() == 1
    assert fetch.__name__ == "fetch"
