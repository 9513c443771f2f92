"""The ledger as a figure: every band as wide as its tonnes, every account balanced, small ones left out."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from corridor.figures import Sheet, Style, draw, plot_ledger
from corridor.figures.accounts import Account, Books, booked
from corridor.figures.bands import lay_out
from corridor.figures.reading import Reading
from tests.figures_run import MOVES, OPENINGS, homs_run, ledger_rows

REGIME, HTS, SFA = Account("stock", 0), Account("stock", 1), Account("stock", 4)
ROAD = Account("in transit")
Move = tuple[int, tuple[str, str], tuple[str, str], float]


def with_ledger(openings: dict[tuple[int, str, str], float], moves: list[Move]) -> xr.Dataset:
    bare = homs_run().drop_vars(
        [name for name in homs_run().data_vars if str(name).startswith(("account_", "transfer_"))]
    )
    return bare.assign(ledger_rows(openings, moves))


@pytest.fixture(scope="module")
def diesel() -> Books:
    return Books.of(Reading(homs_run(), Style()), 1)


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return plot_ledger(homs_run(), commodity="diesel")


def bands(sheet: Sheet) -> dict[str, PathPatch]:
    found = sheet.figure.findobj(PathPatch)
    return {str(one.get_gid())[5:]: one for one in found if isinstance(one, PathPatch) and one.get_gid()}


def bars(sheet: Sheet) -> Iterator[tuple[str, Rectangle]]:
    for one in sheet.figure.findobj(Rectangle):
        if isinstance(one, Rectangle) and one.get_gid():
            yield str(one.get_gid()), one


def width_at(band: PathPatch, right: int) -> float:
    """Return how wide a band is at its left (0) or right (1) end, mm."""
    corners = np.asarray(band.get_path().vertices)[:-1]
    ends = corners[[5, 6]] if right else corners[[0, 11]]
    return float(abs(ends[0, 1] - ends[1, 1]))


def test_what_is_sent_and_arrives_is_netted_and_told_in_full(diesel: Books) -> None:
    net = {(band.out_of, band.into): band for band in diesel.bands}
    assert (net[REGIME, ROAD].there, net[REGIME, ROAD].back, net[REGIME, ROAD].drawn) == (30000, 29000, 1000)
    assert (ROAD, REGIME) not in net
    assert diesel.loaded == {ROAD: 30000}


def test_what_came_from_outside_was_used_or_lost_is_drawn_however_little(diesel: Books) -> None:
    ends = {(band.out_of, band.into): band.drawn for band in diesel.bands}
    assert ends[ROAD, Account("captured")] == 40


def test_small_holders_and_small_flows_between_holders_are_left_out_of_the_drawing_but_not_of_the_totals(
    diesel: Books,
) -> None:
    assert SFA not in diesel.between
    assert (HTS, REGIME) not in {(band.out_of, band.into) for band in diesel.bands}
    assert diesel.changed_hands() == 8000 + 2000 + 1500 + 20 + 10
    assert (diesel.came(), diesel.used()) == (27000, 27010)
    assert diesel.through(Account("consumed")) == 27000


def test_stocks_stand_the_greatest_first_and_the_road_last(diesel: Books) -> None:
    names = [account.name for account in diesel.between]
    stocks = [diesel.through(account) for account in diesel.between if account.name == "stock"]
    assert names[-1] == "in transit"
    assert set(names[:-1]) == {"stock"}
    assert stocks == sorted(stocks, reverse=True)


def test_every_account_of_the_middle_is_drawn_as_wide_in_as_out(diesel: Books) -> None:
    left_out = 0.02 * sum(diesel.through(account) for account in diesel.between)
    for account in diesel.between:
        into = sum(band.drawn for band in diesel.bands if band.into == account)
        out_of = sum(band.drawn for band in diesel.bands if band.out_of == account)
        assert into == pytest.approx(out_of, abs=left_out)


def test_bands_are_as_wide_as_tonnes_at_both_ends_on_one_scale(sheet: Sheet) -> None:
    table = sheet.tables[""]
    drawn = dict(
        zip(
            zip(table["out_of"], table["out_of_holder"], table["into"], table["into_holder"], strict=True),
            table["drawn_tonnes"],
            strict=True,
        )
    )
    wide = bands(sheet)
    kept = drawn["stock", "regime", "consumed", ""]
    scale = width_at(wide["stock 0 > consumed"], 0) / kept
    assert width_at(wide["stock 0 > consumed"], 1) / kept == pytest.approx(scale)
    for ends, gid in ((("source", "", "stock", "sdf"), "source > stock 3"),
                      (("stock", "regime", "stock", "hts"), "stock 0 > stock 1"),
                      (("in transit", "", "captured", ""), "in transit > captured")):  # fmt: skip
        assert width_at(wide[gid], 0) == pytest.approx(drawn[ends] * scale)
        assert width_at(wide[gid], 1) == pytest.approx(drawn[ends] * scale)
    assert len(wide) == len(table["out_of"])


def test_who_takes_goods_over_stands_to_the_right_of_who_held_them(sheet: Sheet) -> None:
    left = {name: bar.get_x() for name, bar in bars(sheet)}
    assert left["opening"] == left["source"] == left["made"] < left["stock 0"] < left["stock -1"] < left["stock 1"]
    assert left["stock 1"] < left["consumed"] == left["captured"] == left["closing"]


def test_bars_of_a_column_do_not_touch_and_stay_in_the_frame(sheet: Sheet) -> None:
    (axes,) = sheet.figure.axes
    spans = sorted((bar.get_y(), bar.get_y() + bar.get_height()) for name, bar in bars(sheet) if "stock" in name)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    low, high = axes.get_ylim()
    assert all(low <= bar.get_y() and bar.get_y() + bar.get_height() <= high for _, bar in bars(sheet))


@pytest.mark.parametrize("size", ["column", "page", "slide"])
def test_names_stay_within_the_figure_and_off_each_other(size: str) -> None:
    sheet = plot_ledger(homs_run(), commodity="diesel", style=Style(size=size))  # type: ignore[arg-type] # a name of a size
    sheet.figure.set_dpi(300)
    (axes,) = sheet.figure.axes
    boxes = [text.get_window_extent() for text in axes.texts]
    page = sheet.figure.bbox
    assert all(box.x0 >= page.x0 + 20 and box.x1 <= page.x1 - 20 for box in boxes)
    above = [box for box, text in zip(boxes, axes.texts, strict=True) if text.get_verticalalignment() == "bottom"]
    assert not [1 for i, one in enumerate(above) for other in above[:i] if one.overlaps(other)]


def test_the_title_tells_what_came_what_was_used_and_what_changed_hands(sheet: Sheet) -> None:
    assert sheet.title.replace("\u00a0", " ") == (
        "Diesel: 27,000 t came in, 27,000 t were used, 11,500 t changed hands in stock"
    )
    assert sheet.name == "ledger_diesel"
    assert "5 holders" not in sheet.alt
    assert "stocks of 4 holders" in sheet.alt
    told = " ".join(text.get_text() for text in sheet.figure.findobj(Text) if isinstance(text, Text))
    assert "captured on the way" in told
    assert "loaded in all: 30,000" in told.replace("\u00a0", " ")


def test_where_no_stock_changes_hands_the_title_says_so() -> None:
    medicine = plot_ledger(homs_run(), commodity="medicine")
    assert medicine.title.endswith("no stock changed hands")


def test_the_commodity_of_which_most_moved_is_drawn_if_none_is_named() -> None:
    reading = Reading(homs_run(), Style())
    assert booked(reading) == [1, 3]
    assert plot_ledger(homs_run()).name == "ledger_diesel"


def test_in_arabic_the_figure_runs_from_right_to_left_and_in_grey_holders_are_hatched() -> None:
    arabic = plot_ledger(homs_run(), style=Style(language="ar", grey=True))
    (axes,) = arabic.figure.axes
    assert axes.get_xlim()[0] > axes.get_xlim()[1]
    hatches = [bar.get_hatch() for name, bar in bars(arabic) if name.startswith("stock")]
    assert len(set(hatches)) == len(hatches)


def test_a_run_of_an_earlier_version_has_no_such_figure(tmp_path: Path) -> None:
    old = homs_run().drop_vars([name for name in homs_run().data_vars if str(name).startswith("transfer_")])
    assert draw(old, tmp_path, names=["ledger"]) == []


def test_goods_that_only_lie_there_are_drawn_too() -> None:
    still = with_ledger({(0, "stock", "regime"): 10.0, (0, "pipe fill", ""): 2.0}, [])
    books = Books.of(Reading(still, Style()), 0)
    assert [account.name for account in books.between] == ["stock", "pipe fill"]
    assert plot_ledger(still, commodity="gasoline").tables[""]["drawn_tonnes"] == [10, 2, 10, 2]


def test_hands_that_change_to_and_fro_make_no_endless_row() -> None:
    circle = [
        (0, ("stock", one), ("stock", other), 50.0)
        for one, other in (("regime", "hts"), ("hts", "sna"), ("sna", "regime"))
    ]
    books = Books.of(Reading(with_ledger({(0, "stock", "regime"): 100.0}, circle), Style()), 0)
    layout = lay_out(books, size=(100.0, 80.0), sides=(10.0, 10.0), line=3.0, heads=dict.fromkeys(books.between, 1))
    left = [layout.spots[Account("stock", holder)].left for holder in (0, 1, 2)]
    assert left == sorted(left)
    assert all(layout.left < x < layout.right for x in left)


def test_the_same_run_gives_the_same_figure(sheet: Sheet) -> None:
    again = plot_ledger(homs_run(), commodity=1)
    assert again.svg() == sheet.svg()
    assert {(commodity, end) for commodity, out_of, into, _ in MOVES for end in (out_of, into)} >= {
        (commodity, (name, holder)) for commodity, name, holder in OPENINGS
    }


def test_a_commodity_of_which_nothing_was_there_is_drawn_empty() -> None:
    sheet = plot_ledger(homs_run(), commodity="flour")
    assert sheet.tables[""]["drawn_tonnes"] == []
    assert sheet.title.replace("\u00a0", " ").startswith("Flour: 0 t came in and 0 t were used")


def test_where_goods_go_from_holder_to_holder_by_road_alone_the_road_stands_between_them() -> None:
    sold = [(0, ("stock", "regime"), ("in transit", ""), 50.0), (0, ("in transit", ""), ("stock", "hts"), 50.0)]
    sheet = plot_ledger(with_ledger({(0, "stock", "regime"): 100.0}, sold), commodity="gasoline")
    left = {name: bar.get_x() for name, bar in bars(sheet)}
    assert left["stock 0"] < left["in transit"] < left["stock 1"]
