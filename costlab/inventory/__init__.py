"""One file a source of resources; the folder is the registry. A reader is chosen by what a file holds, not by its name.

A reader exposes `TITLE`, `matches(sample) -> bool` and `read(sample, options) -> Inventory`. A folder, or several files
named together, is first offered as a whole (`sample.kind == "folder"`, its files in `sample.files`): a reader of sets
claims it only when it knows at least one file and leaves the others as set aside. What nobody claims as a whole is
offered file by file. Two readers claiming one file is an error. Modules that begin with `_` are parts readers share.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, cast

from costlab.errors import InputError, near
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory
from costlab.model.numbers import Args, Problem, Text
from costlab.plugins import plugins

__all__ = ["Options", "Sample", "claimed", "load", "names", "read_inventories", "read_inventory"]


class Reader(Protocol):
    """The names an inventory module exposes."""

    TITLE: Text

    def matches(self, sample: Sample) -> bool:
        """Whether the reader knows this content. May raise `InputError` where the file cannot be parsed at all."""
        ...

    def read(self, sample: Sample, options: Options) -> Inventory:
        """Everything the source holds; read = machines + resources' own rows + set aside. Raises `InputError`."""
        ...


_UNREAD = "unread"
"""The source that sets aside what no other claims of a folder."""
_OURS = "estimate_file"
names, _load = plugins("costlab.inventory.sources")


def load(name: str) -> Reader:
    """A reader by its name."""
    return cast("Reader", _load(name))


def read_inventory(path: Path | str, *, kind: str | None = None, options: Options | None = None) -> Inventory:
    """Read one file, or one set. Raises `InputError`, also when no reader or more than one claims it."""
    inventories = read_inventories(path, kind=kind, options=options)
    if len(inventories) > 1:
        args = {"kinds": ", ".join(i.kind for i in inventories)}
        raise InputError(Problem(code="several_inventories", source=str(path), args=args))
    return inventories[0]


def read_inventories(
    *paths: Path | str, kind: str | None = None, options: Options | None = None
) -> tuple[Inventory, ...]:
    """Read files and folders: as one set where a reader claims them together, else one by one. Raises `InputError`."""
    options = options or Options()
    return tuple(load(name).read(sample, options) for name, sample in claimed(paths, kind))


def claimed(
    paths: Sequence[Path | str], kind: str | None = None, *, otherwise: str = ""
) -> tuple[tuple[str, Sample], ...]:
    """Readers and what each of them reads; text that nobody claims is for `otherwise` where that is given.

    Raises `InputError`.
    """
    if kind is not None and kind not in names():
        args = {"key": "from", "value": kind, **near(kind, names())}
        raise InputError(Problem(code="not_allowed", source="--from", args=args))
    return tuple(_chosen([Sample(path) for path in paths], kind, otherwise))


def _chosen(samples: Sequence[Sample], kind: str | None, otherwise: str) -> Iterator[tuple[str, Sample]]:
    whole = samples[0] if len(samples) == 1 else Sample(", ".join(s.source for s in samples), _files(samples))
    if kind is not None:
        together = len(samples) == 1 or load(kind).matches(whole)
        yield from [(kind, whole)] if together else [(kind, s) for s in samples]
        return
    if len(samples) > 1 and (name := _reader(whole)) is not None:
        yield name, whole
        return
    for sample in samples:
        if (name := _reader(sample)) is not None:
            yield name, sample
            continue
        chosen = [(n, f) for f in sample.files if (n := _reader(f)) is not None] if sample.kind == "folder" else []
        if not chosen and otherwise and sample.kind in ("json", "yaml", "other"):
            chosen = [(otherwise, sample)]
        if not chosen:
            titles = [load(n).TITLE for n in names() if n != _UNREAD]
            args: Args = {"known": Text(en=", ".join(t.en for t in titles), ru=", ".join(t.ru for t in titles))}
            raise InputError(Problem(code="unknown_inventory", source=sample.source, args=args))
        yield from chosen
        left = [f for f in sample.files if all(f is not g for _, g in chosen)] if sample.kind == "folder" else []
        if left:
            yield _UNREAD, Sample(sample.path, left)


def _files(samples: Sequence[Sample]) -> list[Sample]:
    return [file for s in samples for file in s.files]


def _reader(sample: Sample) -> str | None:
    """The one reader that claims a sample, None when nobody does. A file that says it is ours is asked of no other."""
    if load(_OURS).matches(sample):
        return _OURS
    claims = [name for name in names() if load(name).matches(sample)]
    if len(claims) > 1:
        raise InputError(Problem(code="two_inventories", source=sample.source, args={"readers": ", ".join(claims)}))
    return claims[0] if claims else None
