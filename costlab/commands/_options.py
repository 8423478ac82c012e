"""Options of every command that reads inventories: which reader, which region, what is set by hand."""

import argparse
import re
from typing import TYPE_CHECKING

from costlab.commands import Words

if TYPE_CHECKING:
    from costlab.inventory import Options

_SET = re.compile(r"\s*((?:[^=\[]|\[[^\]]*\])+\.[\w.]+)\s*=(.*)\Z", re.DOTALL)
"""An index of an address (`["a=b"]`) may hold the mark itself."""
_WORDS: Words = {
    "en": {
        "from": "kind of the inventory, instead of finding it by content",
        "set": "`ADDRESS.KEY=VALUE` for what the source does not say; `*` in the address stands for anything",
        "var": "value of a variable of Terraform's sources; later ones win, as with Terraform",
        "var_file": "file of such values (`.tfvars`, `.tfvars.json`); `TF_VAR_…` of the environment is not read",
        "region": "region of the target",
        "volume_type": "disk type where the source says none",
        "storage_basis": "which of the sizes of an inventory is bought",
        "sizing": "how machines of another platform are sized",
        "powered_off": "buy machines that are off as well",
        "profile": "mapping profile of a table made by hand",
    },
    "ru": {
        "from": "вид описи, вместо определения по содержимому",
        "set": "`АДРЕС.КЛЮЧ=ЗНАЧЕНИЕ` для того, чего нет в источнике; `*` в адресе заменяет любой текст",
        "var": "значение переменной исходных файлов Terraform; позднее сильнее, как у Terraform",
        "var_file": "файл таких значений (`.tfvars`, `.tfvars.json`); `TF_VAR_…` из окружения не читаются",
        "region": "регион, в котором считать",
        "volume_type": "тип диска, если в источнике его нет",
        "storage_basis": "какой из размеров описи покупается",
        "sizing": "как подбирать размер машин другой платформы",
        "powered_off": "покупать и выключенные машины",
        "profile": "профиль столбцов для таблицы, сделанной вручную",
    },
}


def inventory_options(parser: argparse.ArgumentParser, language: str, *, kind: bool = True) -> None:
    """Declare them."""
    words = _WORDS[language]
    if kind:
        parser.add_argument("--from", dest="kind", metavar="KIND", help=words["from"])
    parser.add_argument(
        "--set", metavar="ADDRESS.KEY=VALUE", type=_pair, action="append", default=[], help=words["set"]
    )
    parser.add_argument(
        "--var", "-var", dest="variables", metavar="NAME=VALUE", type=_variable, action="append", default=[],
        help=words["var"],
    )  # fmt: skip
    parser.add_argument(
        "--var-file", "-var-file", dest="variables", metavar="FILE", type=_variables, action="append", default=[],
        help=words["var_file"],
    )  # fmt: skip
    parser.add_argument("--region", default="", help=words["region"])
    parser.add_argument("--volume-type", default="", metavar="TYPE", help=words["volume_type"])
    bases = ("disks", "in_use", "partitions", "provisioned")
    parser.add_argument("--storage-basis", choices=bases, default="disks", help=words["storage_basis"])
    sizings = ("as_is", "moderate", "aggressive")
    parser.add_argument("--sizing", choices=sizings, default="as_is", help=words["sizing"])
    parser.add_argument("--powered-off", action="store_true", help=words["powered_off"])
    parser.add_argument("--profile", default="", metavar="FILE", help=words["profile"])


def _pair(text: str) -> tuple[str, str]:
    match = _SET.match(text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r}: ADDRESS.KEY=VALUE")
    return match[1], match[2].strip()


def _variable(text: str) -> tuple[str, str]:
    if not re.match(r"\s*[^\W\d][\w-]*\s*=", text):
        raise argparse.ArgumentTypeError(f"{text!r}: NAME=VALUE")
    return "var", text


def _variables(text: str) -> tuple[str, str]:
    return "file", text


def chosen(arguments: argparse.Namespace) -> "Options":
    """What was asked, for the readers."""
    from costlab.inventory import Options

    return Options(
        storage_basis=arguments.storage_basis,
        sizing=arguments.sizing,
        powered_off=arguments.powered_off,
        region=arguments.region,
        volume_type=arguments.volume_type,
        profile=arguments.profile,
        overrides=dict(arguments.set),
        variables=tuple(arguments.variables),
        period=getattr(arguments, "period", None),
        prices_on=getattr(arguments, "prices_on", None),
    )
