"""Write data/communes.tsv.gz again: `make cog`, when INSEE publishes a new year (needs npm).

The packages are those that data/README.md names. One of them holds every event from 1943 to 2019
with its day; the others are the communes of one first of January each. Between two of those, a code
that vanished is in force until the later day, and one that appeared is in force since the first of
January that follows the earlier: never shorter than the truth, at most a year (two in 2019-2021)
longer.
"""

import gzip
import json
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PACKAGE = "@etalab/decoupage-administratif"
HISTORY = "0.8.0"
SNAPSHOTS = {
    2019: "0.8.0",
    2021: "1.1.1",
    2022: "2.3.1",
    2023: "3.1.1",
    2024: "4.1.0",
    2025: "5.3.0",
    2026: "6.0.0",
}
OUTPUT = Path(__file__).parent / "data" / "communes.tsv.gz"
_CURRENT = ("commune-actuelle", "arrondissement-municipal")


@dataclass(frozen=True)
class Line:
    """One code under one name, from `start` (included) to `end` (excluded); "" when unbounded."""

    code: str
    name: str
    start: str = ""
    end: str = ""
    successors: tuple[str, ...] = ()

    def written(self) -> str:
        """Return the line of the file; nothing is written for what is empty at its end."""
        fields = (self.code, self.name, self.start, self.end, " ".join(self.successors))
        return "\t".join(fields).rstrip("\t")


def main() -> None:
    """Fetch the packages, join them, write the file."""
    with tempfile.TemporaryDirectory() as folder:
        years = {year: _fetch(version, Path(folder)) for year, version in SNAPSHOTS.items()}
        history = _member(_fetch(HISTORY, Path(folder)), "historique-communes.json")
        snapshots = {year: _member(archive, "communes.json") for year, archive in years.items()}
    lines = joined(list(events(history)), snapshots)
    text = "\n".join(
        line.written() for line in sorted(lines, key=lambda one: (one.code, one.end or "9"))
    )
    # Neither a name nor a time in the header: the same packages give the same bytes.
    with OUTPUT.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode())


def events(history: list[dict[str, Any]]) -> Iterator[Line]:
    """Yield what the history says of communes in their own right, not of parts of a commune."""
    by_id = {record["id"]: record for record in history}
    for record in history:
        if record["type"] == "COM":
            yield Line(
                record["code"],
                record["nom"],
                record.get("dateDebut", ""),
                record.get("dateFin", ""),
                _successors(record, by_id),
            )


def joined(lines: list[Line], snapshots: Mapping[int, list[dict[str, Any]]]) -> list[Line]:
    """Return the history, continued year after year by what each snapshot no longer says.

    The first snapshot is of the day on which the history ends: it adds what has no history.
    """
    years = sorted(snapshots)
    open_lines = {line.code: line for line in lines if not line.end}
    closed = [line for line in lines if line.end]
    for year, previous in zip(years, [None, *years], strict=False):
        names = {c["code"]: c["nom"] for c in snapshots[year] if c["type"] in _CURRENT}
        heirs = _heirs(snapshots[year])
        day, since = f"{year}-01-01", f"{previous + 1}-01-01" if previous else ""
        for code, line in list(open_lines.items()):
            name = names.get(code)
            if name is None:
                closed.append(replace(line, end=day, successors=tuple(heirs[code])))
                del open_lines[code]
            elif name != line.name and previous:
                closed.append(replace(line, end=day, successors=(code,)))
                open_lines[code] = Line(code, name, day)
        for code in names.keys() - open_lines.keys():
            open_lines[code] = Line(code, names[code], since)
    return merged([*closed, *open_lines.values()])


def merged(lines: list[Line]) -> list[Line]:
    """Join the lines of one code and one name that follow each other without a gap."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda one: (one.code, one.start)):
        last = kept[-1] if kept else None
        if last and (last.code, last.name, last.end) == (line.code, line.name, line.start):
            kept[-1] = replace(last, end=line.end, successors=line.successors)
        else:
            kept.append(line)
    return kept


def _successors(record: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> tuple[str, ...]:
    """Return the code of the commune that a commune became, or became a part of."""
    heir = by_id.get(record.get("successeur", ""))
    if heir is None:
        return ()
    whole = heir if heir["type"] == "COM" else by_id.get(heir.get("pole", ""))
    return (whole["code"],) if whole else ()


def _heirs(snapshot: list[dict[str, Any]]) -> Mapping[str, list[str]]:
    heirs: dict[str, list[str]] = defaultdict(list)
    for commune in snapshot:
        for code in commune.get("anciensCodes", ()):
            heirs[code].append(commune["code"])
    return heirs


def _fetch(version: str, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return folder / done.stdout.strip()


def _member(archive: Path, name: str) -> list[dict[str, Any]]:
    with tarfile.open(archive) as package:
        file = package.extractfile(f"package/data/{name}")
        content: list[dict[str, Any]] = json.load(file) if file else []
    return content


if __name__ == "__main__":
    main()
