"""What Terraform writes beside its sources: plans and states, and what only looks like one.

`terraform show -json` writes what is read here (HashiCorp, «JSON Output Format»). The stream of `terraform plan -json`
(«Machine-Readable UI») and the plan file itself, a ZIP, hold no such description: both are refused with the command
that writes it.
"""

from dataclasses import dataclass
from pathlib import Path

from costlab.errors import InputError
from costlab.inventory.reading.sample import Sample
from costlab.inventory.sources.terraform.plan import PLAN_KEYS
from costlab.model.inventory import SetAside
from costlab.model.numbers import Problem, Text

_ZIP = b"PK\x03\x04"
_ENTRY = slice(30, 36)
"""Where a ZIP names its first file; `tfplan` in a plan."""
_STATE = Text(
    en="a state beside the sources: what stands today, not what they ask for",
    ru="состояние рядом с исходными файлами: то, что есть сегодня, а не то, что они описывают",
)
_SOURCES = Text(en="the plan beside them is read instead", ru="вместо них прочитан план рядом")


def is_configuration(path: Path) -> bool:
    """Whether Terraform reads a file as configuration."""
    return path.name.endswith((".tf", ".tf.json"))


def is_stream(sample: Sample) -> bool:
    """Whether a file is the stream of `terraform plan -json`."""
    return sample.kind == "lines"


def is_plan_file(sample: Sample) -> bool:
    """Whether a file is a plan as `terraform plan -out` writes it."""
    return sample.head.startswith(_ZIP) and sample.head[_ENTRY] == b"tfplan"


def is_document(sample: Sample) -> bool:
    """Whether a file is a plan or a state as JSON. Raises `InputError` for broken JSON."""
    data = sample.data if sample.kind == "json" else None
    if not isinstance(data, dict) or "terraform_version" not in data:
        return False
    return "format_version" in data or "resources" in data


def refuse_unreadable(sample: Sample) -> None:
    """Raise `InputError` for what Terraform writes and nothing can be read of."""
    if is_stream(sample):
        raise InputError(Problem(code="plan_stream", source=sample.source))
    if is_plan_file(sample):
        raise InputError(Problem(code="plan_file", source=sample.source, args={"file": sample.source}))


@dataclass(frozen=True)
class Beside:
    """The plans among sources, and what else was set aside there."""

    plans: tuple[Sample, ...]
    set_aside: tuple[SetAside, ...]

    def of_root(self, root: Path) -> list[Sample]:
        """The plans that lie in one folder or below it."""
        return [p for p in self.plans if p.path.resolve().is_relative_to(root.resolve())]


def beside(sample: Sample) -> Beside:
    """What lies among the sources of a folder. Raises `InputError` for a plan in a form that cannot be read."""
    plans, aside = [], []
    for file in sample.files:
        refuse_unreadable(file)
        if file.kind != "json" or is_configuration(file.path):
            continue
        if not is_document(file):
            continue
        if any(key in file.data for key in PLAN_KEYS):
            plans.append(file)
        else:
            aside.append(SetAside(origin=file.source, name=file.path.name, code="beside_sources", reason=_STATE))
    return Beside(tuple(plans), tuple(aside))


def sources_aside(folder: str) -> SetAside:
    """The sources whose place a plan takes."""
    return SetAside(origin=folder, name="*.tf", code="beside_plan", reason=_SOURCES)
