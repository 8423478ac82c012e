"""`costlab import --template FILE`: write our own template of an inventory and leave, like `--version` does."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from costlab.model.numbers import Language

_HELP = {
    "en": "write an empty template of an inventory (.xlsx or .csv) and leave",
    "ru": "записать пустой шаблон описи (.xlsx или .csv) и выйти",
}
_UNUSABLE = 2


def template_option(parser: argparse.ArgumentParser, language: str) -> None:
    """Declare `--template`."""
    parser.add_argument("--template", action=_Write, const=language, metavar="FILE", help=_HELP[language])


class _Write(argparse.Action):
    """Written while the arguments are parsed, so that no file to read has to be named."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 (argparse gives it)
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        from costlab.errors import InputError, sentence
        from costlab.inventory.sources.template import write

        language = cast("Language", self.const)
        try:
            write(Path(str(values)), language)
        except InputError as error:
            parser.exit(_UNUSABLE, "".join(f"{sentence(p, language)}\n" for p in error.problems))
        parser.exit(0, f"{values}\n")
