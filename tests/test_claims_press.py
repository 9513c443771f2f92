import csv
from collections import Counter
from functools import cache
from pathlib import Path

from corridor.claims import Verdict, read_claims
from corridor.claims.territory import in_turn
from corridor.claims.view import View
from corridor.cli.claims import SHIPPED, held
from corridor.cli.loading import load
from docs.make_claims import PAGE, page

ROOT = Path(__file__).parent.parent
SOURCES = (SHIPPED.with_name("sources.csv"), ROOT / "corridor" / "data" / "central_syria" / "sources.csv")
PRESS = {"press_000", "press_001", "press_002", "press_003", "press_004", "press_several"}


@cache
def verdicts() -> tuple[Verdict, ...]:
    return held(SHIPPED, ROOT / "scenarios")


def verdict(id: str) -> Verdict:
    return next(each for each in verdicts() if each.claim.id == id)


def test_most_claims_are_checked_and_each_other_says_why_not() -> None:
    counts = Counter(each.verdict for each in verdicts())
    assert counts.total() == 108
    checked = {each.claim.id.removesuffix(".2") for each in verdicts() if each.claim.check}
    assert len({each.claim.id.removesuffix(".2") for each in verdicts()}) == 101
    assert len(checked) >= 60
    assert all(each.claim.why_not for each in verdicts() if each.verdict == "out_of_scope")


def test_homs_alone_does_not_split_the_territory_and_homs_with_qusayr_does() -> None:
    assert (verdict("C066").verdict, verdict("C066").value) == ("reproduced", 2)
    assert (verdict("C066.2").verdict, verdict("C066.2").value) == ("contradicted", 1)


def test_what_the_press_got_wrong_is_contradicted_with_the_number() -> None:
    assert (verdict("C034").verdict, verdict("C034").value) == ("contradicted", "2024-12-08T01:30+03:00")
    assert (verdict("C005").verdict, verdict("C005").value) == ("contradicted", "port_tartus")
    assert (verdict("C024").verdict, verdict("C024").value) == ("contradicted", 1)


def test_who_said_it_and_who_says_otherwise_is_known() -> None:
    claims = read_claims(SHIPPED)
    assert {claim.source for claim in claims} <= PRESS
    keys = set[str]()
    for path in SOURCES:
        with path.open(encoding="utf-8", newline="") as file:
            keys |= {row["key"] for row in csv.DictReader(file)}
    named = {key for claim in claims for key in claim.record_source.split(";")}
    assert named <= keys | {"background"}


def test_the_page_says_what_the_model_says_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(verdicts()), "python -m docs.make_claims, if this is right"


def test_places_that_came_into_its_hands_in_another_order_did_not_come_in_turn() -> None:
    view = View(load(ROOT / "scenarios" / "homs_2024.yaml").case)
    positions = view.case.network.node_positions()
    hama, homs = ((positions[name],) for name in ("hama", "homs"))
    actor = view.case.actors.index("hts")
    assert in_turn(view, (hama, homs), actor)
    assert not in_turn(view, (homs, hama), actor)
