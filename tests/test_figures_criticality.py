"""The map of criticality: its roads, nodes, labels, words and numbers."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from corridor.case import Case, whole
from corridor.criticality import criticality, pair_criticality
from corridor.ensemble import survey
from corridor.figures import Sheet, Style, plot_criticality, plot_pairs
from tests.builders import network, node, road
from tests.cases import bound

STYLES = {
    "page": Style(),
    "column": Style(size="column"),
    "slide": Style(size="slide"),
    "grey": Style(grey=True),
    "arabic": Style(language="ar"),
}


def land(persons: tuple[float, ...] = (4e5, 3e5, 2e5, 1e5, 5e4, 0.0), *, holders: str = "rrrrrb") -> Case:
    """Return a ring a - b - c - d - a, whose last side is long, with e behind d and f, of others, behind b."""
    names = {"r": "red", "b": "blue", "-": "none"}
    at = [(36.0, 34.0), (36.6, 34.0), (36.6, 34.5), (36.0, 34.5), (35.5, 34.8), (37.2, 33.8)]
    nodes: dict[str, Any] = {
        name: node(*where, people, holder=names[holder], name=name.upper())
        for name, where, people, holder in zip("abcdef", at, persons, holders, strict=True)
    }
    sides = [road("a", "b", 50), road("b", "c", 50), road("c", "d", 50), road("d", "a", 250)]
    return bound(network(nodes, [*sides, road("d", "e", 50), road("b", "f", 50), road("a", "c", 400)]))


def drawn(case: Case, *, nodes: bool = False, style: Style | None = None, **more: Any) -> Sheet:
    found = criticality(case, case.epochs[0], 0, nodes=nodes)
    return plot_criticality(survey(case), found, style=style, **more)


def lines(sheet: Sheet) -> dict[str, Any]:
    return {
        str(one.get_label()): one
        for one in sheet.figure.axes[0].collections
        if isinstance(one, LineCollection) and len(one.get_segments())
    }


def circles(sheet: Sheet) -> dict[str, Any]:
    named = ("class", "cuts")
    return {
        str(one.get_label()): one
        for one in sheet.figure.axes[0].lines
        if str(one.get_label()).startswith(named) and np.size(one.get_xdata())
    }


def texts(sheet: Sheet) -> list[str]:
    return [text.get_text() for text in sheet.figure.findobj(Text) if isinstance(text, Text) and text.get_text()]


def light(colour: Any) -> float:
    return float(np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)))


def test_roads_are_darker_and_wider_the_more_minutes_their_loss_adds() -> None:
    drawn_lines = lines(drawn(land()))
    classes = [name for name in drawn_lines if name.startswith("class")]
    assert len(classes) >= 2
    tones = [light(drawn_lines[name].get_color()[0]) for name in classes]
    widths = [float(drawn_lines[name].get_linewidths()[0]) for name in classes]
    assert tones == sorted(tones, reverse=True)
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)


def test_what_cuts_off_idle_and_closed_roads_are_told_apart() -> None:
    drawn_lines = lines(drawn(land()))
    assert len(drawn_lines["cuts"].get_segments()) == len(drawn_lines["casing"].get_segments()) == 1
    assert to_hex(drawn_lines["cuts"].get_color()[0]) == "#c1121f"
    assert drawn_lines["casing"].get_linewidths()[0] > drawn_lines["cuts"].get_linewidths()[0]
    # a - c and d - a take longer than the way by b, so that nobody needs them; b - f leads to others.
    assert len(drawn_lines["idle"].get_segments()) == 2
    assert len(drawn_lines["shut"].get_segments()) == 1


def test_in_grey_what_cuts_off_is_white_between_black_lines_and_so_in_the_key() -> None:
    sheet = drawn(land(), style=STYLES["grey"])
    assert to_hex(lines(sheet)["cuts"].get_color()[0]) == "#ffffff"
    assert light(lines(sheet)["casing"].get_color()[0]) < 0.2
    assert [patch for patch in sheet.figure.axes[1].patches if to_hex(patch.get_facecolor()) == "#ffffff"]


def test_the_more_a_road_cuts_off_the_wider_it_is() -> None:
    nodes = {name: node(36 + at / 2, 34, 1e5, holder="red", name=name) for at, name in enumerate("abcd")}
    case = bound(network(nodes, [road("a", "b"), road("b", "c"), road("c", "d")]))
    widths = lines(drawn(case))["cuts"].get_linewidths()
    assert sorted(widths)[:2] == pytest.approx([min(widths)] * 2)
    assert max(widths) > min(widths)


def test_the_title_says_what_the_first_costs() -> None:
    assert drawn(land()).title == "Loss of one road, D–E, would cut 50,000 people off from the others"
    assert drawn(land(), nodes=True).title == "Without D, 50,000 people would be cut off from the others"
    arabic = drawn(land(), style=STYLES["arabic"])
    assert "50\u00a0ألف نسمة" in arabic.title


def test_few_people_cut_off_are_no_message_beside_longer_trips() -> None:
    few = drawn(land((4e5, 3e5, 2e5, 1e5, 500.0, 0.0)))
    assert few.title.startswith("Loss of one road, A–B, would make the average trip ")
    assert few.title.endswith("\u00a0minutes longer")
    assert drawn(land((4e5, 3e5, 2e5, 1e5, 500.0, 0.0)), nodes=True).title.startswith("Without B, the average trip")


def test_without_anything_to_lose_the_title_says_so() -> None:
    assert drawn(land((5e5, 0, 0, 0, 0, 0))).title == "No trip depends on one road alone"
    assert drawn(land((5e5, 0, 0, 0, 0, 0)), nodes=True).title == "No trip depends on one node alone"
    without_roads = land(holders="bbbbbr")
    assert drawn(without_roads).title == "The Red holds nobody: there are no trips"


def test_a_one_way_road_leaves_trips_without_a_way_but_nobody_isolated() -> None:
    nodes = {name: node(36 + at / 2, 34, 1e5, holder="red", name=name.upper()) for at, name in enumerate("ab")}
    ways = [road("a", "b", one_way=True), road("b", "a", id="back", one_way=True)]
    sheet = drawn(bound(network(nodes, ways)))
    assert sheet.title == "Loss of one road, A–B, would leave 50 % of all trips without a way"
    assert "1: 50 % of trips" in texts(sheet)


def test_the_first_and_the_longest_are_labelled_with_their_rank() -> None:
    sheet = drawn(land())
    found = criticality(land(), land().epochs[0], 0)
    assert "1: 50,000 people" in texts(sheet)
    longest = f"2: +{60 * found.cost_hours[1]:.0f}\u00a0min"
    assert longest in texts(sheet)
    assert found.ids[0] == "d-e"


def test_nodes_are_circles_and_those_that_cut_off_have_a_ring() -> None:
    sheet = drawn(land(), nodes=True)
    marks = circles(sheet)
    ring = next(mark for name, mark in marks.items() if name.startswith("cuts"))
    assert to_hex(ring.get_markeredgecolor()) == "#c1121f"
    sizes = [mark.get_markersize() for name, mark in marks.items() if name.startswith("class")]
    assert sizes == sorted(sizes)
    assert len(sizes) >= 2
    grey = next(
        mark for name, mark in circles(drawn(land(), nodes=True, style=STYLES["grey"])).items() if "cuts" in name
    )
    assert light(grey.get_markeredgecolor()) < 0.2


def test_the_key_names_only_what_is_drawn() -> None:
    told = texts(drawn(land((5e5, 0, 0, 0, 0, 0))))
    assert "no trip needs it" in told
    assert "not open to it" in told
    assert not [text for text in told if "min" in text.split() or "cuts people" in text]


def test_a_network_by_itself_is_everybodys_and_has_no_date() -> None:
    made = land().network
    sheet = drawn(whole(made))
    assert any("every road open to everybody" in text for text in texts(sheet))
    assert not any("UTC" in text for text in texts(sheet))


def test_demand_that_never_had_a_way_is_named_below() -> None:
    nodes = {name: node(36 + at / 2, 34, 1e5, holder="red", name=name.upper()) for at, name in enumerate("abcd")}
    parted = bound(network(nodes, [road("a", "b"), road("c", "d")]))
    assert "67 % of the trips have no way to begin with" in " ".join(texts(drawn(parted)))


@pytest.mark.parametrize("nodes", [False, True], ids=["roads", "nodes"])
def test_beside_the_map_stands_every_number(nodes: bool, tmp_path: Path) -> None:  # noqa: FBT001 (a parameter of pytest)
    case = land()
    found = criticality(case, case.epochs[0], 0, nodes=nodes)
    paths = drawn(case, nodes=nodes).write_as(tmp_path / "map.png")
    table = list(csv.DictReader(io.StringIO(paths[1].read_text(encoding="utf-8-sig"))))
    assert [row["node_id" if nodes else "link_id"] for row in table] == found.ids.tolist()
    assert [int(row["rank"]) for row in table] == list(range(1, found.ids.size + 1))
    for row, hours, cut in zip(table, found.cost_hours, found.cut_share, strict=True):
        assert float(row["added_minutes_per_trip"]) == pytest.approx(60 * hours)
        assert float(row["cut_share"]) == pytest.approx(cut)
    assert ("way_round_hours" in table[0]) is not nodes


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("nodes", [False, True], ids=["roads", "nodes"])
def test_it_is_drawn_for_every_reader_the_same_each_time(style: Style, nodes: bool) -> None:  # noqa: FBT001 (as above)
    first, second = (drawn(land(), nodes=nodes, style=style) for _ in range(2))
    assert first.svg() == second.svg()
    assert first.alt in first.svg().replace("&gt;", ">")
    points = [
        float(text.get_fontsize()) for text in first.figure.findobj(Text) if isinstance(text, Text) and text.get_text()
    ]
    assert min(points) >= 6


def test_it_shows_the_extent_asked_for() -> None:
    near = drawn(land(), extent=(35.9, 33.9, 36.7, 34.6))
    assert "1: 50,000 people" not in texts(near)
    assert "Outside the map: D–E (rank\u00a01, 50,000 people)" in " ".join(texts(near))
    assert "Outside the map" not in " ".join(texts(drawn(land())))


def test_of_many_outside_the_map_the_first_two_are_named() -> None:
    names = {f"n{at}": node(36 + at / 10, 34, 1e5, holder="red", name=f"N{at}") for at in range(6)}
    case = bound(network(names, [road(f"n{at}", f"n{at + 1}") for at in range(5)]))
    told = " ".join(texts(drawn(case, extent=(38.0, 33.9, 38.5, 34.1))))
    assert "N2–N3 (rank\u00a01, 300,000 people)" in told
    assert "and 3 more." in told


def test_both_ends_of_the_first_road_are_named() -> None:
    for style in STYLES.values():
        assert {"D", "E"} <= set(texts(drawn(land(), style=style)))


def test_links_that_stand_for_the_streets_of_a_city_are_said_to() -> None:
    said = "that link stands for every street between them"
    nodes = {name: node(36 + at / 2, 34, 1e5, holder="red", name=name.upper()) for at, name in enumerate("ab")}
    told, without = (
        " ".join(texts(drawn(bound(network(nodes, [road("a", "b", road_class=kind)]))))) for kind in ("urban", "trunk")
    )
    assert said in told
    assert said not in without


def test_where_nobody_lives_there_are_no_trips() -> None:
    nodes = {name: node(36 + at / 2, 34, 0.0, holder="red", name=name.upper()) for at, name in enumerate("ab")}
    empty = bound(network(nodes, [road("a", "b")]))
    assert drawn(whole(empty.network)).title == "Nobody lives here: there are no trips"
    assert paired(empty).title == "The Red holds nobody: there are no trips"


# pairs


def ladder(persons: float = 1e5, *, far: str = "c") -> Case:
    """Return two towns and a third joined by two ways each: c hangs on both b - c and the longer a - c."""
    at = {"a": (36.0, 34.0), "b": (36.6, 34.0), far: (36.3, 34.6)}
    nodes = {name: node(*where, persons, holder="red", name=name.upper()) for name, where in at.items()}
    return bound(network(nodes, [road("a", "b", 50), road("b", far, 50), road("a", far, 90)]))


def paired(case: Case, *, style: Style | None = None, **more: Any) -> Sheet:
    found = pair_criticality(case, case.epochs[0], 0, top=None)
    return plot_pairs(survey(case), found, style=style, **more)


def test_pairs_that_cost_more_together_are_drawn_with_their_rank_at_both_roads() -> None:
    sheet = paired(ladder())
    assert sheet.title == "A–B and A–C: losing both would cut 100,000 people off whom neither alone would"
    assert len(lines(sheet)["cuts"].get_segments()) == 3
    assert {"1, 3", "1, 2", "2, 3"} & set(texts(sheet))
    assert any(text.startswith("1: A–B and A–C: 100,000 people") for text in texts(sheet))
    assert sheet.alt.startswith(sheet.title)


def test_beside_the_map_of_pairs_stands_every_pair(tmp_path: Path) -> None:
    case = ladder()
    found = pair_criticality(case, case.epochs[0], 0, top=None)
    paths = paired(case).write_as(tmp_path / "pairs.png")
    table = list(csv.DictReader(io.StringIO(paths[1].read_text(encoding="utf-8-sig"))))
    assert [(row["link_id"], row["link_id_2"]) for row in table] == [tuple(pair) for pair in found.ids.tolist()]
    assert [float(row["more_cut_share"]) for row in table] == pytest.approx(found.more_cut_share)
    assert [row["shown"] for row in table] == ["1"] * found.joint


def test_where_both_roads_only_delay_the_minutes_are_told() -> None:
    nodes = {name: node(36 + at / 2, 34, 1e5, holder="red", name=name.upper()) for at, name in enumerate("ab")}
    ways = [road("a", "b", 50, id="one"), road("a", "b", 50, id="two"), road("a", "b", 100, id="slow")]
    sheet = paired(bound(network(nodes, ways)))
    assert sheet.title == (
        "A–B and A–B: losing both would add 60\u00a0minutes to the average trip beyond what each adds alone"
    )
    one_way = [road("a", "b", id=name, one_way=True) for name in ("one", "two")] + [road("b", "a", one_way=True)]
    assert "would leave 50 % more of all trips without a way" in paired(bound(network(nodes, one_way))).title


def test_without_such_pairs_the_title_says_so() -> None:
    nodes = {name: node(36 + at / 2, 34, 1e5, holder="red", name=name.upper()) for at, name in enumerate("abc")}
    line = bound(network(nodes, [road("a", "b"), road("b", "c")]))
    assert paired(line).title == "No two roads cost more together than both alone"
    assert "cuts" not in lines(paired(line))


def test_what_is_too_wide_for_the_key_is_told_in_two_parts() -> None:
    long = ladder(far="a_place_with_a_name_that_goes_on_and_on_and_on_without_end")
    told = texts(paired(long, style=STYLES["column"]))
    assert any(text.startswith("1: ") and "people" not in text for text in told)
    assert any(text.startswith("and ") and text.endswith("100,000 people") for text in told)


def test_pairs_are_drawn_in_arabic_grey_and_for_a_slide_and_within_an_extent() -> None:
    for style in STYLES.values():
        assert paired(ladder(), style=style).svg() == paired(ladder(), style=style).svg()
    near = paired(ladder(), extent=(36.0, 33.9, 36.1, 34.1))
    assert near.title.startswith("No two roads")
    assert "Outside the map: A–B and A–C (rank\u00a01, 100,000 people)" in " ".join(texts(near))
