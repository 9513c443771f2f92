"""Hold the claims that come with the program against the model and write their page: ``python -m docs.make_claims``."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from corridor.claims import Verdict
from corridor.cli.claims import SHIPPED, held
from corridor.scenario.measured import SIGNATURES

ROOT = Path(__file__).parent.parent
PAGE = Path(__file__).parent / "claims.md"
SECTIONS = {
    "contradicted": "What the model contradicts",
    "reproduced": "What the model reproduces",
    "out_of_scope": "What a network model cannot speak to",
}
THINGS = 101
"""How many claims the texts hold; some are checked twice."""
PRESS = {
    "press_000": "a background piece on why Homs matters",
    "press_001": "a report of the advance on Homs, 6 December 2024",
    "press_002": "an analysis dated 6 December 2024",
    "press_003": "a report of the fall of Homs, 8 December 2024",
    "press_004": "a report of the exodus from Homs, 7 December 2024",
    "press_several": "what several of them say together",
}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(held(SHIPPED, ROOT / "scenarios")), encoding="utf-8")


def page(found: Sequence[Verdict]) -> str:
    """Return the page as text."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Sequence[Verdict]) -> Iterator[str]:
    counts = Counter[str](each.verdict for each in found)
    checked = [each.claim.check for each in found if each.claim.check]
    computed = [each for each in found if each.claim.check and not SIGNATURES[each.claim.check.measure].entered]
    agreed = sum(each.verdict == "reproduced" for each in computed)
    yield "# The press held against the model"
    yield ""
    yield f"Five press texts of 6 to 8 December 2024 said {THINGS} things about Homs that can be told apart, and"
    yield f"{len(found) - THINGS} of them are checked twice: for that night, in which the ring of Homs and Qusayr went"
    yield "as well, and for the loss of Homs city alone; or by the people of 2010 and of 2024. Of these"
    yield f"the model reproduces {counts['reproduced']} and contradicts {counts['contradicted']};"
    yield f"to {counts['out_of_scope']} a network model cannot speak. `corridor claims` prints the same,"
    yield "`python -m docs.make_claims` writes this page. Claims stand in our words. What the public record says is the"
    yield "judgement of the compilation that they come from; `corridor/data/claims/homs_2024.csv` has its sources."
    yield ""
    yield f"{len(computed)} of the {len(checked)} checks ask for what is computed: pockets, ways, flows, supplies; of"
    yield f"these {agreed} are reproduced and {len(computed) - agreed} contradicted. The"
    yield "others ask for what the scenario itself says, such as when a place changed hands: that these agree with the"
    yield "press shows that two accounts agree, and nothing about the model. They are marked *as entered*. None was"
    yield "made to agree."
    yield ""
    yield from (f"- `{source}`: {what}" for source, what in PRESS.items())
    for verdict, title in SECTIONS.items():
        mine = [each for each in found if each.verdict == verdict]
        yield ""
        yield f"## {title}"
        yield ""
        if verdict == "out_of_scope":
            yield from _table(("claim", "said", "why it is not checked", "record"), map(_unchecked, mine))
        else:
            yield from _table(("claim", "said", "check", "model", "record"), map(_checked, mine))
    yield from _contradictions(found)


def _contradictions(found: Sequence[Verdict]) -> Iterator[str]:
    yield ""
    yield "## Where the sources contradict each other"
    yield ""
    yield "A claim is what it is about and when it was published; both are kept. These cannot be true together:"
    yield ""
    said = {each.claim.id: each.claim for each in found}
    pairs = {tuple(sorted((claim.id, other))) for claim in said.values() for other in claim.contradicts}
    yield from (
        f"- {one} ({said[one].source}): {said[one].claim}; {other} ({said[other].source}): {said[other].claim}"
        for one, other in sorted(pairs)
    )


def _checked(each: Verdict) -> tuple[str, ...]:
    claim = each.claim
    entered = claim.check is not None and SIGNATURES[claim.check.measure].entered
    where = f"`{claim.written}` in `{claim.scenario}`"
    return _who(each), claim.claim, where, each.told + (", *as entered*" if entered else ""), claim.record


def _unchecked(each: Verdict) -> tuple[str, ...]:
    return _who(each), each.claim.claim, each.claim.why_not, each.claim.record


def _who(each: Verdict) -> str:
    return f"{each.claim.id}, {each.claim.source}"


def _table(header: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield _row(header)
    yield _row(["---"] * len(header))
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    main()
