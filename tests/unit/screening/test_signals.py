"""Each kind of signal, where it should be seen and where it must not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from swe_audit.screening.assertions import changed_assertion_signals
from swe_audit.screening.ground import Ground
from swe_audit.screening.leaks import leak_signals
from swe_audit.screening.names import (
    keyword_signals,
    mock_signals,
    name_signals,
    private_signals,
    signature_signals,
)
from swe_audit.screening.nouns import Signal, SignalKind
from swe_audit.screening.prescriptions import statement_code_signals
from swe_audit.screening.reach import reach_signals
from swe_audit.screening.required_ids import is_cut_short, required_id_signals
from swe_audit.screening.subjects import subject_signals
from swe_audit.screening.texts import exact_text_signals, message_signals

Make = Callable[..., Ground]
TEST = "tests/test_shop.py"
BASE = "class Cart:\n    def add(self, price):\n        self.prices.append(price)\n"
WITH_TOTAL = BASE + "\n    def sum_up(self):\n        return sum(self.prices)\n"


def details(signals: Iterator[Signal]) -> dict[str, float]:
    return {each.detail: each.strength for each in signals}


def new_test(body: str) -> dict[str, tuple[str, str]]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return {TEST: ("", f"def test_new():\n{lines}")}


class Tree:
    """A base tree that is known to hold some words."""

    def __init__(self, *words: str, families: dict[str, tuple[str, ...]] | None = None) -> None:
        self.words = words
        self.families = families or {}

    def holds(self, words: Iterable[str]) -> dict[str, str]:
        return {word: "shop/old.py" for word in words if word in self.words}

    def siblings(self, name: str) -> dict[str, tuple[str, ...]]:
        return self.families

    def says(self, text: str) -> str | None:
        return "shop/old.py" if text in self.words else None


def total(make: Make, statement: str, base: Tree | None = None) -> dict[str, float]:
    return details(
        name_signals(
            make(
                base,
                statement=statement,
                gold={"shop.py": (BASE, WITH_TOTAL)},
                tests=new_test("assert Cart().sum_up() == 0"),
            )
        )
    )


def test_a_name_of_golds_that_only_the_tests_know_is_seen(make_ground: Make) -> None:
    assert total(make_ground, "The cart needs a total.") == {"sum_up": 1.0}


def test_a_name_that_the_statement_gives_is_not(make_ground: Make) -> None:
    assert total(make_ground, "Add a method `sum_up`.") == {}


def test_a_name_that_base_holds_or_predicts_weighs_less(make_ground: Make) -> None:
    statement = "The cart needs a total, summed up."
    held = total(make_ground, statement, Tree("sum_up"))["sum_up"]
    family = Tree(families={"up": ("sum_left", "sum_right")})
    predicted = total(make_ground, statement, family)["sum_up"]
    assert held < predicted < total(make_ground, statement, Tree())["sum_up"] == 1.0


def test_a_name_that_base_tests_use_already_is_not_seen(make_ground: Make) -> None:
    old = "def test_old():\n    assert Cart().sum_up() == 0\n"
    ground = make_ground(
        gold={"shop.py": (BASE, WITH_TOTAL)},
        tests={TEST: (old, old + "\n\ndef test_new():\n    assert Cart().sum_up() == 1\n")},
    )
    assert details(name_signals(ground)) == {}


def test_a_local_name_of_golds_means_nothing(make_ground: Make) -> None:
    gold = {"shop.py": (BASE, BASE.replace("        self", "        paid = price\n        self"))}
    ground = make_ground(gold=gold, tests=new_test("paid = 3\nassert paid"))
    assert details(name_signals(ground)) == {}


def test_a_new_keyword_is_seen_where_the_statement_uses_its_word_elsewhere(
    make_ground: Make,
) -> None:
    after = BASE.replace("price):", "price,\n            blank=False):")
    ground = make_ground(
        statement="With blank=True on the model nothing is shown.",
        gold={"shop.py": (BASE, after)},
        tests=new_test("Cart().add(3, blank=True)"),
    )
    assert list(details(keyword_signals(ground))) == ["blank"]


def test_a_keyword_that_was_there_is_not_seen(make_ground: Make) -> None:
    before = BASE.replace("price):", "price, blank=False):")
    ground = make_ground(
        gold={"shop.py": (before, before.replace("blank=False", "blank=True"))},
        tests=new_test("Cart().add(3, blank=True)"),
    )
    assert details(keyword_signals(ground)) == {}


def test_private_and_replaced_names_are_seen_unless_stated(make_ground: Make) -> None:
    tests = new_test('mock.patch("shop.bank.charge")\nassert Cart()._ledger == []')
    ground = make_ground(tests=tests)
    assert list(details(private_signals(ground))) == ["_ledger"]
    assert list(details(mock_signals(ground))) == ["shop.bank.charge"]
    stated = make_ground(statement="Look at `_ledger` and `shop.bank.charge`.", tests=tests)
    assert not details(private_signals(stated))
    assert not details(mock_signals(stated))


def test_a_call_with_another_number_of_arguments_is_seen(make_ground: Make) -> None:
    before, after = "def pay(cart):\n    return cart\n", "def pay(cart, dry):\n    return cart\n"
    old = "def test_new():\n    assert pay(cart)\n"
    ground = make_ground(
        gold={"shop.py": (before, after)}, tests={TEST: (old, old.replace("cart)", "cart, False)"))}
    )
    assert list(details(signature_signals(ground))) == ["pay"]


MESSAGE = 'raise ValueError("no price for %s in this cart" % name)'


def message(make: Make, statement: str, before: str = "", base: Tree | None = None) -> list[str]:
    ground = make(
        base,
        statement=statement,
        gold={"shop.py": (before, before + f"def f(name):\n    {MESSAGE}\n")},
        tests=new_test('with raises(ValueError, match="no price for tea in this cart"): f("tea")'),
    )
    return list(details(message_signals(ground)))


def test_a_message_of_golds_that_tests_want_is_seen_unless_known(make_ground: Make) -> None:
    assert message(make_ground, "It should complain.") == ["no price for %s in this cart"]
    assert message(make_ground, "Say 'no price for tea in this cart'.") == []
    assert message(make_ground, "Complain.", base=Tree("no price for")) == []


def test_a_long_exact_text_is_seen_unless_it_is_stated_or_the_tests_own_input(
    make_ground: Make,
) -> None:
    wanted = "<b>12,50 EUR</b> in <i>3</i> parts"
    asserted = f'assert show(cart) == "{wanted}"'
    assert list(details(exact_text_signals(make_ground(tests=new_test(asserted))))) == [wanted]
    stated = make_ground(statement=f"It should show {wanted}.", tests=new_test(asserted))
    assert details(exact_text_signals(stated)) == {}
    own = make_ground(tests=new_test(f'given = "{wanted}"\n{asserted}'))
    assert details(exact_text_signals(own)) == {}


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("assert f(2) == 4", "assert f(2) == 5", True),
        ("assert f(2) is None", "assert f(2) is False", True),
        ("assert cart.total(2) == 4", "assert basket.total(2) == 4", False),
        ("import f4", "import f5", False),
    ],
)
def test_a_changed_expectation_is_seen_and_a_rename_is_not(
    make_ground: Make, before: str, after: str, seen: bool
) -> None:
    old = f"def test_new():\n    {before}\n"
    ground = make_ground(tests={TEST: (old, old.replace(before, after))})
    assert bool(details(changed_assertion_signals(ground))) is seen


def test_a_changed_expectation_that_was_asked_for_weighs_less(make_ground: Make) -> None:
    old = "def test_new():\n    assert f(2) == 44\n"
    tests = {TEST: (old, old.replace("44", "55"))}
    [asked] = changed_assertion_signals(make_ground(statement="f(2) should be 55", tests=tests))
    [unasked] = changed_assertion_signals(make_ground(tests=tests))
    assert asked.strength < unasked.strength


PRICE = 'price = re.compile(r"[0-9]+ EUR")\n'


def test_statement_code_that_gold_does_not_follow_is_seen(make_ground: Make) -> None:
    statement = 'Cents are lost. The following works:\n\n    price = re.compile(r"[0-9,]+ EUR")\n'
    other = make_ground(
        statement=statement, gold={"shop.py": (PRICE, PRICE.replace("[0-9]+", "-?[0-9]+"))}
    )
    assert list(details(statement_code_signals(other))) == ['price = re.compile(r"[0-9,]+ EUR")']
    same = make_ground(
        statement=statement, gold={"shop.py": (PRICE, PRICE.replace("[0-9]+", "[0-9,]+"))}
    )
    assert details(statement_code_signals(same)) == {}


def test_another_body_for_a_function_that_gold_changes_is_seen(make_ground: Make) -> None:
    before = "def total(prices):\n    return sum(prices) if prices else None\n"
    wanted = "def total(prices):\n    return math.fsum(prices)\n"
    ground = make_ground(
        statement=f"It should be:\n\n```python\n{wanted}```\n",
        gold={"shop.py": (before, before.replace("None", "Decimal(0)").replace("total", "add_up"))},
    )
    assert list(details(statement_code_signals(ground))) == ["return math.fsum(prices)"]


def test_a_test_that_calls_nothing_of_the_statement_is_seen(make_ground: Make) -> None:
    tests = new_test("assert settle(ledger()) == 3")
    strange = make_ground(statement="total() is wrong", tests=tests)
    assert details(subject_signals(strange)) == {"test_new": 1.0}
    known = make_ground(statement="settle(ledger()) is wrong", tests=tests)
    assert details(subject_signals(known)) == {}


def test_solution_lines_are_seen_in_statement_and_hints_apart(make_ground: Make) -> None:
    line = "total = sum(price.amount for price in prices)"
    gold = {"shop.py": ("pass\n", f"pass\n{line}\n")}
    kinds = [
        [signal.kind for signal in leak_signals(make_ground(gold=gold, **where))]
        for where in ({"statement": f"Use\n\n    {line}\n"}, {"hints": f"Use\n\n    {line}\n"}, {})
    ]
    assert kinds == [[SignalKind.SOLUTION_IN_STATEMENT], [SignalKind.SOLUTION_IN_HINTS], []]


@pytest.mark.parametrize(
    ("test", "cut"),
    [
        ("tests/test_a.py::test_b[one", True),
        ("tests/test_a.py::test_b[one-[x]]", False),
        ("tests/test_a.py::test_b", False),
        ("test_b (tests.A)", False),
        ("renders [x", False),
    ],
)
def test_an_id_whose_parameters_do_not_close_is_cut_short(test: str, cut: bool) -> None:
    assert is_cut_short(test) is cut


def test_ids_that_cannot_be_real_are_listed(make_ground: Make) -> None:
    ids = ("tests/a.py::t[one", "[100%]", "again", "again", "test_a ... test_b (x)")
    found = list(required_id_signals(make_ground(fail_to_pass=ids)))
    assert [(each.evidence[0].kind, each.detail) for each in found] == [
        ("cut_short", "tests/a.py::t[one"),
        ("no_test", "[100%]"),
        ("twice", "again"),
        ("holds_a_result", "test_a ... test_b (x)"),
    ]
    assert list(required_id_signals(make_ground())) == []


def test_a_large_task_reaches_far_but_never_further_than_one(make_ground: Make) -> None:
    body = "".join(f"a{n} = {n}\n" for n in range(500))
    ids = tuple(f"tests/test_shop.py::test_{n}" for n in range(50))
    ground = make_ground(gold={"shop.py": ("", body)}, fail_to_pass=ids)
    assert {each.kind: each.strength for each in reach_signals(ground)} == {
        SignalKind.LARGE_CHANGE: 1.0,
        SignalKind.MANY_FAILING: 1.0,
    }
    assert list(reach_signals(make_ground())) == []
