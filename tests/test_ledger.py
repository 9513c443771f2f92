"""The double-entry ledger."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.errors import RunError
from corridor.simulation.ledger import CAPTURED, CONSUMED, CONVERTED, FILL, SOURCE, TRANSIT, Ledger, stock_of
from tests.builders import network
from tests.supply_cases import run, supply_case

NOTHING = np.zeros(1)
ACCOUNTS = stock_of(2)
postings = st.lists(
    st.tuples(
        st.integers(0, ACCOUNTS - 1), st.integers(0, ACCOUNTS - 1), st.integers(0, 1), st.floats(1e-6, 1e5)
    ).filter(lambda posting: posting[0] != posting[1]),
    max_size=60,
)


def ledger() -> Ledger:
    return Ledger(["red", "blue"], ["diesel"], np.array([[0.0], [100.0], [50.0]]))


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
    ("stock", "transit", "fill", "said"),
    [
        (
            [0.0, 67.0, 50.0], 33.0, 0.0,
            "balance: stock of red holds 3 t of diesel less than was posted, in transit 3 t more; this is",
        ),
        (
            [3.0, 70.0, 47.0], 30.0, 0.0,
            "balance: stock of nobody holds 3 t of diesel more than was posted, stock of blue 3 t less; this",
        ),
        (
            [0.0, 73.0, 50.0], 30.0, 0.0,
            "balance: stock of red holds 3 t of diesel more than was posted (it exchanged most with in transit: 30 t)",
        ),
        ([0.0, 70.0, 50.1], 30.0, 0.0, "stock of blue holds 0.1 t of diesel more than was posted; this"),
        ([0.0, 70.0, 50.0], 30.1, 0.0, "in transit holds 0.1 t of diesel more than was posted (it exchanged most with"),
        ([0.0, 70.0, 50.0], 30.0, 0.1, "pipe fill holds 0.1 t of diesel more than was posted; this is a fault"),
        ([0.0, np.nan, 50.0], 30.0, 0.0, "balance: stock of red holds nan t of diesel more than was posted (it exch"),
    ],
)  # fmt: skip
def test_books_that_do_not_agree_with_the_world_are_refused_and_the_accounts_named(
    stock: list[float], transit: float, fill: float, said: str
) -> None:
    books = ledger()
    books.post(stock_of(0), TRANSIT, 0, 30.0)
    with pytest.raises(RunError) as refused:
        books.check(stock=np.array(stock)[:, None], transit=np.array([transit]), fill=np.array([fill]))
    assert said in str(refused.value)


def test_two_pairs_that_cancel_are_told_apart() -> None:
    books = Ledger(["red", "blue"], ["diesel"], np.array([[0.0], [100.0], [50.0]]))
    with pytest.raises(RunError) as refused:
        books.check(stock=np.array([[0.0], [90.0], [54.0]]), transit=np.array([10.0]), fill=np.array([-4.0]))
    told = str(refused.value)
    assert "stock of red holds 10 t of diesel less than was posted, in transit 10 t more; " in told
    assert "stock of blue holds 4 t of diesel more than was posted, pipe fill 4 t less; " in told


def test_what_is_no_number_is_told_of_its_own_account_alone() -> None:
    books = ledger()
    books.post(stock_of(0), CONSUMED, 0, float("nan"))
    with pytest.raises(RunError) as refused:
        books.check(stock=np.array([[0.0], [100.0], [50.0]]), transit=NOTHING, fill=NOTHING)
    assert "stock of red holds nan t" in str(refused.value)
    assert "blue" not in str(refused.value)


def used_and_made() -> Ledger:
    """Return books in which red used 10 tonnes after 7 that are not reported, and made 4 of which 1 by conversion."""
    books = ledger()
    books.post(stock_of(0), CONSUMED, 0, 7.0)
    books.open(used=np.array([7.0]), made=NOTHING)
    books.post(stock_of(0), CONSUMED, 0, 8.0)
    books.post(stock_of(0), CONVERTED, 0, 2.0)
    books.post(SOURCE, stock_of(0), 0, 3.0)
    books.post(CONVERTED, stock_of(0), 0, 1.0)
    books.post(SOURCE, TRANSIT, 0, 20.0)
    return books


def test_books_are_held_against_what_stocks_used_and_made() -> None:
    there = {"stock": np.array([[0.0], [87.0], [50.0]]), "transit": np.array([20.0]), "fill": NOTHING}
    used_and_made().check(**there, used=np.array([17.0]), made=np.array([4.0]))
    with pytest.raises(RunError, match=r"consumed and converted holds 2 t of diesel more than was posted \(it exch"):
        used_and_made().check(**there, used=np.array([19.0]), made=np.array([4.0]))
    with pytest.raises(RunError, match=r"source and converted holds 2 t of diesel less .* with in transit: 20 t\)"):
        used_and_made().check(**there, used=np.array([17.0]), made=np.array([6.0]))


def test_use_that_nobody_posted_is_told_with_the_stock_that_lacks_it() -> None:
    there = {"stock": np.array([[0.0], [85.0], [50.0]]), "transit": np.array([20.0]), "fill": NOTHING}
    said = "(stock of red holds|, stock of red) 2 t (of diesel )?less"
    with pytest.raises(RunError, match=said) as refused:
        used_and_made().check(**there, used=np.array([19.0]), made=np.array([4.0]))
    assert "consumed and converted" in str(refused.value)


def test_a_gram_in_a_kilotonne_is_let_pass_and_ten_are_not() -> None:
    books = Ledger(["red"], ["diesel"], np.array([[0.0], [1000.0]]))
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
    (transfer,) = books.transfers()
    assert (transfer.out_of, transfer.out_of_holder, transfer.into, transfer.tonnes) == ("stock", 0, "consumed", 6)


def test_stock_that_changes_hands_is_a_transfer_between_two_holders() -> None:
    books = ledger()
    books.post(stock_of(0), stock_of(1), 0, 40.0)
    books.post(stock_of(0), stock_of(-1), 0, 10.0)
    books.post(stock_of(0), stock_of(1), 0, 2.0)
    books.post(TRANSIT, CAPTURED, 0, 1.0)
    assert [(each.out_of, each.out_of_holder, each.into, each.into_holder, each.tonnes)
            for each in books.transfers()] == [
        ("in transit", -1, "captured", -1, 1.0), ("stock", 0, "stock", -1, 10.0), ("stock", 0, "stock", 1, 42.0),
    ]  # fmt: skip


def test_holders_without_stock_have_no_row() -> None:
    assert {row.holder for row in ledger().rows() if row.account == "stock"} == {0, 1}


@given(postings)
def test_transfers_add_up_to_what_went_in_and_out_of_every_account(moves: list[tuple[int, int, int, float]]) -> None:
    books = Ledger(["red", "blue"], ["diesel", "flour"], np.array([[0.0, 5.0], [100.0, 0.0], [50.0, 7.0]]))
    for out_of, into, commodity, tonnes in moves:
        books.post(out_of, into, commodity, tonnes)
    transfers, rows = books.transfers(), books.rows()
    assert sum(each.tonnes for each in transfers) == pytest.approx(sum(tonnes for *_, tonnes in moves))
    for row in rows:
        mine = [each for each in transfers if each.commodity == row.commodity]
        account = row.account, row.holder
        came = [each.tonnes for each in mine if (each.into, each.into_holder) == account]
        went = [each.tonnes for each in mine if (each.out_of, each.out_of_holder) == account]
        assert row.inflow == pytest.approx(sum(came))
        assert row.outflow == pytest.approx(sum(went))
        assert row.closing == pytest.approx(row.opening + sum(came) - sum(went), abs=1e-6)
    assert sum(row.closing - row.opening for row in rows) == pytest.approx(0, abs=1e-6)


def test_a_replication_that_posts_wrongly_ends_with_the_two_accounts_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    land = network(dict.fromkeys("st", (36.0, 34.0)), [("s", "t", 10.0, 1.0)])
    case = supply_case(
        land, commodities=["diesel"], stock={"s": 100.0}, demand={"t": 1.0}, target={"t": 48.0},
        tier={"s": 0, "t": 2}, fleet={"s": 10}, end=6.5,
    )  # fmt: skip
    assert {transfer.into for transfer in run(case).transfers} >= {"in transit", "consumed"}
    post = Ledger.post

    def lose(books: Ledger, out_of: int, into: int, commodity: int, tonnes: float) -> None:
        post(books, out_of, into, commodity, tonnes - 3.0 * (into == TRANSIT))

    monkeypatch.setattr(Ledger, "post", lose)
    with pytest.raises(
        RunError, match=r"stock of red holds \d+ t of diesel less than was posted, in transit \d+ t more"
    ):
        run(case)
