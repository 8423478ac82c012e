"""`costlab import`: what an inventory holds, as an estimate file: read, mapped, set aside and why."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costlab.commands import INCOMPLETE, OK, Words, deliver, print_json
from costlab.commands._options import chosen, inventory_options
from costlab.commands._template import template_option

if TYPE_CHECKING:
    from costlab.estimate.inputs import Read
    from costlab.model.numbers import Language

HELP = {
    "en": "turn a Terraform plan or another inventory into an estimate file",
    "ru": "превратить план Terraform или другую опись в файл сметы",
}
_WORDS: Words = {
    "en": {
        "files": "inventories: files or folders",
        "output": "estimate file to write: .yaml or .json",
        "format": "what is printed",
        "period": "period of the estimate: 30d | 2026-11 | 2026-11-01..2026-12-01",
        "prices_on": "day of its prices",
    },
    "ru": {
        "files": "описи: файлы или папки",
        "output": "файл сметы: .yaml или .json",
        "format": "что напечатать",
        "period": "период сметы: 30d | 2026-11 | 2026-11-01..2026-12-01",
        "prices_on": "день цен",
    },
}
_TOLD = {
    "en": "{source}: {title}. Read: {read}, mapped: {mapped}, set aside: {aside}",
    "ru": "{source}: {title}. Прочитано: {read}, принято: {mapped}, отложено: {aside}",
}
_SIZED = {
    "en": "Storage basis: {basis}; sizing: {mode} (`--storage-basis`, `--sizing`)",
    "ru": "Основа размера дисков: {basis}; подбор размеров: {mode} (`--storage-basis`, `--sizing`)",
}
_LISTED = 200


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Files, the reader, what is set by hand, where the estimate goes."""
    words = _WORDS[language]
    parser.add_argument("files", nargs="+", metavar="FILE", help=words["files"])
    inventory_options(parser, language)
    template_option(parser, language)
    parser.add_argument("--period", metavar="P", help=words["period"])
    parser.add_argument("--prices-on", metavar="DAY", help=words["prices_on"])
    parser.add_argument("--format", choices=("table", "json"), default="table", help=words["format"])
    parser.add_argument("-o", "--output", type=Path, metavar="PATH", help=words["output"])


def run(arguments: argparse.Namespace) -> int:
    """Read, tell, write. Exit status 3 when something that may cost money was left out."""
    from costlab import errors
    from costlab.estimate.inputs import read_inputs

    read = read_inputs(*arguments.files, kind=arguments.kind, options=chosen(arguments))
    if arguments.output:
        deliver(_estimate_file(read, arguments.output), "yaml", arguments)
    if arguments.format == "json":
        print_json(_as_json(read, arguments.lang))
    else:
        _table(read, arguments.lang)
        if read.sizings:
            told = {"basis": arguments.storage_basis, "mode": arguments.sizing}
            print(_SIZED[arguments.lang].format(**told))
    for problem in read.problems:
        print(errors.sentence(problem, arguments.lang), file=sys.stderr)
    whole = all(errors.kind(p) == "warning" for p in read.problems)
    return OK if whole else INCOMPLETE


def _estimate_file(read: "Read", path: Path) -> str:
    """The scenario in the shape of an estimate file."""
    from costlab.inventory.sources.estimate_file import as_file

    data = as_file(read.scenario)
    if path.suffix.lower() == ".json":
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    import yaml

    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120))


def _as_json(read: "Read", language: "Language") -> dict[str, Any]:
    """The estimate with the origin of every resource, and what was read, mapped and set aside."""
    from costlab import errors
    from costlab.inventory.sources.estimate_file import as_file

    data = as_file(read.scenario)
    resources = (*read.scenario.resources, *read.scenario.unfilled)
    for entry, resource in zip(data["resources"], resources, strict=True):
        entry["origin"] = resource.origin
    aside = [a for i in read.inventories for a in i.set_aside]
    return data | {
        "read": read.read,
        "mapped": read.mapped,
        "to_fill_in": [r.resource_id for r in read.scenario.unfilled],
        "set_aside": [
            {"origin": a.origin, "name": a.name, "code": a.code, "reason": a.reason[language]} for a in aside
        ],
        "sizing": [
            {"id": s.resource.resource_id, "mode": s.mode, "confidence": s.confidence, "readiness": s.readiness,
             "choices": [c[language] for c in s.choices]}
            for sizing in read.sizings for s in sizing.servers
        ],
        "problems": [
            {"source": p.source, "line": p.line, "subject": p.subject, "message": errors.message(p, language),
             "remedy": errors.remedy(p, language)}
            for p in read.problems
        ],
    }  # fmt: skip


def _table(read: "Read", language: "Language") -> None:
    """Each source with its counts, resources by service, what was set aside by reason."""
    from costlab import services
    from costlab.i18n.words import visible
    from costlab.inventory import load

    for inventory in read.inventories:
        told = {
            "source": inventory.source, "title": load(inventory.kind).TITLE[language], "read": inventory.read,
            "mapped": inventory.mapped, "aside": len(inventory.set_aside),
        }  # fmt: skip
        print(visible(_TOLD[language].format(**told)))
        reasons = Counter(a.reason[language] for a in inventory.set_aside)
        for reason, many in reasons.most_common():
            names = [a.name for a in inventory.set_aside if a.reason[language] == reason]
            shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")  # noqa: PLR2004 (three names)
            print(visible(f"  − {many:>5}  {reason}: {shown}"))
    for resource in (*read.scenario.resources, *read.scenario.unfilled)[:_LISTED]:
        title = services.load(resource.service).TITLE[language]
        count = f" × {resource.count}" if resource.count > 1 else ""
        waits = f"  ← {', '.join(resource.to_fill_in)} ?" if resource.to_fill_in else ""
        print(visible(f"  + {resource.resource_id}{count}: {title}{waits}"))
    rest = len(read.scenario.resources) + len(read.scenario.unfilled) - _LISTED
    if rest > 0:
        print(f"  … +{rest}")
