"""Every slip has its one clear answer with file, line and column, and nothing that can be written is a traceback."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.errors import ScenarioError
from corridor.scenario import Document, load_scenario, read_scenario, render

FAULTY = Path(__file__).parent / "faulty"
EXPECTED = {
    name: lines.split("\n")
    for name, lines in re.findall(r"\[(.+)\]\n((?:.+\n)*.+)", (FAULTY / "expected.txt").read_text(encoding="utf-8"))
}
JARGON = re.compile(
    r"Input should|valid \w+|tuple|dict|NoneType|Traceback|object at|\w+Error\b|discriminat|str\b|bool\b"
)


def texts(document: Document) -> list[str]:
    return [str(fault) for fault in document.faults]


def document_of(folder: Path, text: str | bytes) -> Document:
    path = folder / "it.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_scenario(path)


def only_fault(folder: Path, text: str | bytes) -> str:
    (fault,) = texts(document_of(folder, text))
    return fault.removeprefix(f"{folder / 'it.yaml'}:").lstrip()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_faulty_file_is_answered_word_by_word(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FAULTY)
    assert texts(read_scenario(name)) == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_no_answer_speaks_the_programs_own_language(name: str) -> None:
    found = read_scenario(FAULTY / name).faults
    assert found
    assert not [fault.message for fault in found if JARGON.search(fault.message)]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_faulty_file_cannot_be_loaded(name: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(FAULTY / name)
    assert caught.value.faults == read_scenario(FAULTY / name).faults


def test_every_faulty_file_has_its_answer() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in FAULTY.glob("*.yaml") if path.name != "whole.yaml")
    assert len(EXPECTED) >= 40


def test_a_file_with_three_mistakes_reports_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FAULTY)
    assert render(read_scenario("three_mistakes.yaml").faults).split("\n") == [
        "tables/three_mistakes.csv:2:23: capacity_share: 1.3 is not between 0 and 1",
        "three_mistakes.yaml:4:14: warmup_days: 'three' is not a number",
        "three_mistakes.yaml:7:57: at: '2024-12-06 02:00' has no UTC offset; write 2024-12-06T02:00+03:00",
        "3 faults in 2 files; nothing was run",
    ]


def test_one_fault_is_counted_as_one() -> None:
    assert render(read_scenario(FAULTY / "tab.yaml").faults).endswith("\n1 fault; nothing was run")


def test_a_thousand_faults_do_not_fill_the_screen(tmp_path: Path) -> None:
    document = document_of(tmp_path, "name: it\n" + "".join(f"q{number}: 1\n" for number in range(1000)))
    lines = render(document.faults).split("\n")
    assert len(lines) == 102
    assert lines[-2] == f"… and {len(document.faults) - 100} more"


def test_ten_megabytes_of_noise_are_refused_by_their_size(tmp_path: Path) -> None:
    noise = bytes(range(32, 127)) * 110_000
    assert only_fault(tmp_path, noise) == "is larger than 1 MB; no scenario is that long"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("[" * 50_000, "1:31: lists and mappings stand more than 30 deep in each other here"),
        ("- " * 50_000, "1:61: lists and mappings stand more than 30 deep in each other here"),
        ("a: " + "{a: " * 50_000, "1:120: lists and mappings stand more than 30 deep in each other here"),
        ("".join(" " * depth + "a:\n" for depth in range(60)), "31:31: lists and mappings stand more than 30 deep"),
    ],
    ids=["brackets", "dashes", "braces", "indentation"],
)
def test_deep_nesting_ends_in_a_fault(tmp_path: Path, text: str, answer: str) -> None:
    assert only_fault(tmp_path, text).startswith(answer)


def test_an_alias_bomb_is_not_unpacked(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    assert only_fault(tmp_path, "\n".join(rows)) == (
        "1:5: anchors (&) and aliases (*) are not used here; write the value out"
    )


@pytest.mark.parametrize(
    "piece", ["a", "a: b\n", "\n", "#", "'", '"', "? ", ": ", "|\n", "- x\n", "a,", "é", "%", "!", "\\"]
)
def test_a_large_monotonous_file_is_answered(tmp_path: Path, piece: str) -> None:
    document = document_of(tmp_path, piece * (100_000 // len(piece)))
    assert document.faults


def test_an_event_without_a_good_time_stands_for_what_is_looked_up_in_it(tmp_path: Path) -> None:
    whole = (FAULTY / "whole.yaml").read_text(encoding="utf-8").replace("  - tables/whole.csv\n", "")
    document = document_of(tmp_path, whole.replace("at: 2024-12-05T14:00+03:00, status: confirmed", "at: 5 December"))
    assert len(document.faults) == 2
    assert document.scenario is not None
    assert [event.id for event in document.scenario.events] == ["E1"]


def test_a_huge_whole_number_is_not_computed_with(tmp_path: Path) -> None:
    whole = (FAULTY / "whole.yaml").read_text(encoding="utf-8").replace("  - tables/whole.csv\n", "")
    found = texts(document_of(tmp_path, whole + f"warmup_days: {'9' * 5000}\n"))
    assert [fault.rsplit(":", 1)[1] for fault in found] == [f" '{'9' * 40}…' is not a number"]


def test_a_large_table_of_faults_is_answered(tmp_path: Path) -> None:
    header = "id,kind,node,actor,at,status,source\n"
    rows = "".join(f"R{n},control,homs,nobody,2024-12-06 14:00,reported,record\n" for n in range(5000))
    (tmp_path / "t.csv").write_text(header + rows, encoding="utf-8")
    whole = (FAULTY / "whole.yaml").read_text(encoding="utf-8").replace("tables/whole.csv", "t.csv")
    assert len(document_of(tmp_path, whole).faults) == 10_000


def test_one_cell_is_counted_as_one(tmp_path: Path) -> None:
    table = (FAULTY / "tables/whole.csv").read_text(encoding="utf-8")
    (tmp_path / "t.csv").write_text(table + "T9\n", encoding="utf-8")
    whole = (FAULTY / "whole.yaml").read_text(encoding="utf-8").replace("tables/whole.csv", "t.csv")
    (fault,) = texts(document_of(tmp_path, whole))
    assert fault.endswith("t.csv:4:1: this row has 1 cell, but the header names 9 columns")


@pytest.mark.parametrize(
    ("before", "separator", "answer"),
    [
        ("", ";", "table is separated by ';', expected ','"),
        ("", "\t", "table is separated by a tab, expected ','"),
        ('"sep=;"\r\n', ";", "table is separated by ';', expected ','"),
        ("SEP=,\n", ",", "the first line says 'SEP=,', expected the names of the columns; take it out"),
    ],
)
def test_a_table_separated_by_anything_but_commas_has_this_one_fault(
    tmp_path: Path, before: str, separator: str, answer: str
) -> None:
    table = (FAULTY / "tables/whole.csv").read_text(encoding="utf-8")
    (tmp_path / "t.csv").write_text(before + table.replace(",", separator), encoding="utf-8", newline="")
    whole = (FAULTY / "whole.yaml").read_text(encoding="utf-8").replace("tables/whole.csv", "t.csv")
    assert texts(document_of(tmp_path, whole)) == [f"{tmp_path / 't.csv'}:1:1: {answer}"]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("hole.yaml", "hole.yaml: there is no such file; did you mean 'whole.yaml'?"),
        ("tables", "tables: is not a file"),
    ],
)
def test_a_file_that_is_none_has_a_fault_of_its_own(name: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FAULTY)
    assert texts(read_scenario(name)) == [answer]


def test_a_path_that_cannot_be_one_is_a_fault() -> None:
    assert len(read_scenario("a\0b").faults) == 1


def sound(document: Document) -> None:
    """Check what must hold of anything that was read."""
    assert document.faults or document.scenario is not None
    for fault in document.faults:
        assert fault.file
        assert fault.line > 0
        assert "\n" not in fault.message
        assert not JARGON.search(re.sub(r"'[^']*'", "", fault.message))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("random")
    (made / "tables").mkdir()
    for name in ("whole.yaml", "tables/whole.csv"):
        (made / name).write_bytes((FAULTY / name).read_bytes())
    return made


YAML_ISH = st.text(st.sampled_from(list("abex:-[]{}'\"#&*!|>%@`,?~ \n\t0123.+\\é\x00")), max_size=80) | st.text(
    max_size=40
)


@given(text=YAML_ISH)
@settings(max_examples=150, deadline=None)
def test_random_text_is_answered_with_faults(folder: Path, text: str) -> None:
    sound(document_of(folder, text.encode(errors="surrogatepass")))


@given(begin=st.integers(0, 900), length=st.integers(0, 60), text=YAML_ISH)
@settings(max_examples=150, deadline=None)
def test_a_good_scenario_with_random_text_in_it_is_read_or_answered(
    folder: Path, begin: int, length: int, text: str
) -> None:
    whole = (FAULTY / "whole.yaml").read_text(encoding="utf-8")
    sound(document_of(folder, (whole[:begin] + text + whole[begin + length :]).encode(errors="surrogatepass")))


@given(
    begin=st.integers(0, 200),
    length=st.integers(0, 60),
    text=st.text(st.sampled_from(list('ab;,"\n\r 1.\t')), max_size=20),
)
@settings(max_examples=150, deadline=None)
def test_a_good_table_with_random_text_in_it_is_read_or_answered(
    folder: Path, begin: int, length: int, text: str
) -> None:
    whole = (FAULTY / "tables/whole.csv").read_text(encoding="utf-8")
    (folder / "t.csv").write_text(whole[:begin] + text + whole[begin + length :], encoding="utf-8", newline="")
    sound(document_of(folder, (FAULTY / "whole.yaml").read_text(encoding="utf-8").replace("tables/whole.csv", "t.csv")))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("abc: -", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "kind", "at", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = [
    "name",
    "start",
    "actors",
    "control",
    "links",
    "passage",
    "events",
    "supply",
    "draw",
    "show",
    "expect",
    "without",
]


@given(key=st.sampled_from(KEYS), value=VALUES)
@settings(max_examples=150, deadline=None)
def test_any_value_at_any_key_is_read_or_answered(folder: Path, key: str, value: object) -> None:
    import json

    written = json.dumps(value, allow_nan=False) if _finite(value) else "~"
    sound(document_of(folder, f"base: whole.yaml\nname: it\ntitle: Any value\n{key}: {written}\n"))


def _finite(value: object) -> bool:
    if isinstance(value, float):
        return abs(value) < float("inf")
    if isinstance(value, list):
        return all(map(_finite, value))
    return all(map(_finite, value.values())) if isinstance(value, dict) else True
