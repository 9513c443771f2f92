"""Networks from folders of tables, packaged or the user's own, with file, line and column of every fault in them."""

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeAlias

from corridor.errors import Fault, NetworkError
from corridor.network import (
    Link,
    Network,
    Node,
    SupplyTables,
    assemble,
    did_you_mean,
    faults,
    row_faults,
)
from corridor.sources import rows
from corridor.sources.table import Table, Unreadable, decode, read_table

__all__ = ["network_names", "network_sha256", "read_network"]

SETTINGS = "network.toml"
Tables: TypeAlias = dict[str, Table]
Sourced: TypeAlias = tuple[str, int, tuple[Link, ...]]
"""A table, a row of it, and the link or the two links that the row describes."""


def network_names() -> list[str]:
    """Return the names of the networks that come with the package."""
    return sorted(folder.name for folder in _packaged().iterdir() if (folder / SETTINGS).is_file())


def read_network(name_or_path: str | os.PathLike[str]) -> Network:
    """Return the packaged network of a name, or the one in a folder of tables.

    A name without a separator is a packaged network's where there is one; ``./name`` is always a folder.

    Raises
    ------
    NetworkError
        If anything in the tables is wrong: every fault at once, with file, line and column. What tables say
        about each other is looked at when each can be read by itself.
    """
    folder, shown = _folder(name_or_path)
    settings, found = _settings(folder, shown)
    tables, unreadable = _tables(folder, shown)
    found += unreadable
    nodes = rows.nodes(tables["nodes"]) if "nodes" in tables else None
    links, supply = _links(tables, nodes), _supply(tables)
    _tell_twice(tables)
    network = None
    if nodes is not None and not unreadable:
        network = _network(tables, nodes, links, supply=supply, settings=settings)
    found += [fault for table in tables.values() for fault in table.faults]
    if found or network is None:
        raise NetworkError(sorted(found, key=lambda fault: (_order(fault.file), fault.line, fault.column)))
    return network


def network_sha256(name_or_path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a network's tables, as hexadecimal digits; the kind of line ends makes no difference.

    Raises
    ------
    NetworkError
        If there is no such network.
    """
    folder, _ = _folder(name_or_path)
    digest = hashlib.sha256()
    for file in (SETTINGS, *(f"{table}.csv" for table in rows.COLUMNS)):
        if (folder / file).is_file():
            data = (folder / file).read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{file} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def _packaged() -> Traversable:
    return resources.files("corridor") / "data"


def _folder(name_or_path: str | os.PathLike[str]) -> tuple[Traversable, str]:
    """Return the folder of a network, and how to call it before the user."""
    shown = os.fspath(name_or_path)
    if isinstance(name_or_path, str) and name_or_path in network_names():
        return _packaged() / name_or_path, shown
    if Path(shown).is_dir():
        return Path(shown), shown.rstrip("/")
    names = network_names()
    message = f"there is no folder {shown!r} and no packaged network of that name"
    raise NetworkError(f"{message}; packaged: {', '.join(names)}{did_you_mean(shown, names)}")


def _order(file: str) -> int:
    name = file.rpartition("/")[2].removesuffix(".csv")
    return [SETTINGS, *rows.COLUMNS].index(name) if name in {SETTINGS, *rows.COLUMNS} else len(rows.COLUMNS) + 1


def _settings(folder: Traversable, shown: str) -> tuple[dict[str, str], list[Fault]]:
    file = f"{shown}/{SETTINGS}"
    nothing = {"name": "", "title": "", "source": ""}
    try:
        text = decode((folder / SETTINGS).read_bytes(), file).replace("\r\n", "\n")
        data = tomllib.loads(text)
    except FileNotFoundError:
        return nothing, [
            Fault(message="the file is missing, expected name, title and source of the network", file=file)
        ]
    except Unreadable as error:
        return nothing, list(error.faults)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (text.count("\n") + 1, 1)  # else the end of the document
        message = f"not TOML: {str(error).partition(' (at ')[0]}"
        return nothing, [Fault(message=message, file=file, line=line, column=column)]
    found = []
    for key in nothing:
        if not isinstance(data.get(key), str) or not data[key]:
            message = f"found {data[key]!r} for {key}" if key in data else f"{key} is missing"
            hint = "" if key in data else did_you_mean(key, data)
            found.append(Fault(message=f"{message}, expected a line of text{hint}", file=file, line=1, column=1))
    return {key: str(data.get(key, "")) for key in nothing}, found


def _tables(folder: Traversable, shown: str) -> tuple[Tables, list[Fault]]:
    tables: Tables = {}
    found: list[Fault] = []
    present = {entry.name for entry in folder.iterdir() if entry.is_file()}
    strange = [file for file in present if file.endswith(".csv") and file.removesuffix(".csv") not in rows.COLUMNS]
    for name, (needed, optional) in rows.COLUMNS.items():
        file = f"{name}.csv"
        hint = did_you_mean(file, strange, cutoff=0.8)
        if file in present:
            try:
                tables[name] = read_table(
                    (folder / file).read_bytes(), f"{shown}/{file}", needed=needed, optional=optional
                )
            except Unreadable as error:
                found += error.faults
        elif name in rows.NEEDED_TABLES or hint:
            found.append(Fault(message=f"the file is missing{hint}", file=f"{shown}/{file}"))
    return tables, found


def _links(tables: Tables, nodes: Sequence[Node] | None) -> list[Sourced]:
    """Return every row of links with its table and place."""
    read: dict[str, list[tuple[Link, ...]]] = {}
    if "roads" in tables:
        read["roads"] = rows.roads(tables["roads"], known=None if nodes is None else {node.id for node in nodes})
    if "pipelines" in tables:
        read["pipelines"] = rows.pipelines(tables["pipelines"])
    return [(name, row, links) for name, found in read.items() for row, links in enumerate(found)]


def _supply(tables: Tables) -> SupplyTables:
    readers: dict[str, Callable[[Table], Any]] = {
        "commodities": rows.commodities,
        "demand": rows.demand,
        "facilities": rows.facilities,
        "fleets": rows.fleets,
    }
    return SupplyTables(**{name: read(tables[name]) for name, read in readers.items() if name in tables})


def _tell_twice(tables: Tables) -> None:
    for table in tables.values():
        first: dict[str, int] = {}
        for row in range(len(table.rows) if "id" in table.columns else 0):
            name = table.text(row, "id")
            line = first.setdefault(name, table.starts[row])
            if line != table.starts[row]:
                table.complain(row, "id", f"{name!r} is there already in line {line}, expected every id once")


def _network(
    tables: Tables, nodes: list[Node], links: list[Sourced], *, supply: SupplyTables, settings: dict[str, str]
) -> Network:
    """Return the network of the rows, and leave with the tables what is wrong between them."""
    unbound = row_faults(nodes, [there for _, _, (there, *_) in links])
    _tell(tables, links, unbound)
    bad = {fault.where[1] for fault in unbound if fault.where[0] == "links"}
    kept = [(name, row, (link,)) for place, (name, row, ways) in enumerate(links) if place not in bad for link in ways]
    network = assemble(nodes, [link for _, _, (link,) in kept], supply=supply, **settings)
    if not links:
        tables["roads"].complain(0, "id", "there are no roads")
    # A row that is missing or there twice would show as a gap in the roads, which it is not.
    whole = bool(kept) and not bad and len({node.id for node in nodes}) == len(nodes)
    whole = whole and not any(table.broken for table in tables.values())
    _tell(tables, kept, faults(network, whole=whole))
    return network


def _tell(tables: Tables, links: Sequence[Sourced], found: Iterable[Fault]) -> None:
    """Let every fault of a row stand at its cell."""
    for fault in found:
        name, row, column = fault.where
        if name == "links":
            name, row, _ = links[int(row)]
        tables[str(name)].complain(int(row), str(column), _with_column(fault.message, str(column)))


def _with_column(message: str, column: str) -> str:
    """Let a message that begins with what was found name the column that it was found in."""
    named = message.startswith(f"found the {column} ")
    return f"{column}: {message}" if message.startswith("found ") and not named else message
