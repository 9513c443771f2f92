"""The double-entry ledger."""

import numpy as np
import pytest

from corridor.errors import RunError
from corridor.simulation.ledger import CONSUMED, FILL, SOURCE, TRANSIT, Ledger, stock_of

NOTHING = np.zeros(1)


def ledger() -> Ledger:
    return Ledger(2, 1, np.array([[0.0], [100.0], [50.0]]))


def test_a_movement_is_posted_once_to_two_accounts() -> None:
    books = ledger()
    books.post(stock_of(0), TRANSIT, 0, 30.0)
    balance = books.balance()[:, 0]
    assert balance[stock_of(0)] == 70
    assert balance[TRANSIT] == 30
    assert balance.sum() == 150


def test_books_that_agree_with_the_world_pass() -> None:
    books = ledger()
    books.post(stock_of(0), TRANSIT, 0, 30.0)
    books.post(stock_of(1), FILL, 0, 5.0)
    books.check(stock=np.array([[0.0], [70.0], [45.0]]), transit=np.array([30.0]), fill=np.array([5.0]))


@pytest.mark.parametrize(
    ("stock", "transit", "fill", "named"),
    [
        ([0.0, 70.0, 50.1], 30.0, 0.0, "stock of holder 1"),
        ([0.0, 70.0, 50.0], 30.1, 0.0, "in transit"),
        ([0.0, 70.0, 50.0], 30.0, 0.1, "pipe fill"),
        ([0.0, np.nan, 50.0], 30.0, 0.0, "stock of holder 0"),
    ],
)
def test_books_that_do_not_agree_with_the_world_are_refused(
    stock: list[float], transit: float, fill: float, named: str
) -> None:
    books = ledger()
    books.post(stock_of(0), TRANSIT, 0, 30.0)
    with pytest.raises(RunError, match=named):
        books.check(stock=np.array(stock)[:, None], transit=np.array([transit]), fill=np.array([fill]))


def test_a_gram_in_a_kilotonne_is_let_pass_and_ten_are_not() -> None:
    books = Ledger(1, 1, np.array([[0.0], [1000.0]]))
    books.check(stock=np.array([[0.0], [1000.0 + 9e-7]]), transit=NOTHING, fill=NOTHING)
    with pytest.raises(RunError, match="does not balance"):
        books.check(stock=np.array([[0.0], [1000.0 + 1e-5]]), transit=NOTHING, fill=NOTHING)


def test_the_report_begins_where_it_is_opened() -> None:
    books = ledger()
    books.post(SOURCE, stock_of(0), 0, 10.0)
    books.post(stock_of(0), CONSUMED, 0, 4.0)
    books.open()
    books.post(stock_of(0), CONSUMED, 0, 6.0)
    rows = {(row.account, row.holder): row for row in books.rows()}
    consumed, stock = rows["consumed", -1], rows["stock", 0]
    assert (consumed.opening, consumed.inflow, consumed.closing) == (0, 6, 6)
    assert (stock.opening, stock.outflow, stock.closing) == (106, 6, 100)
    assert rows["source", -1].inflow == rows["source", -1].outflow == 0
    assert sum(row.closing - row.opening for row in rows.values()) == 0


def test_holders_without_stock_have_no_row() -> None:
    assert {row.holder for row in ledger().rows() if row.account == "stock"} == {0, 1}
