"""HTML from templates that lie beside their output. Whatever a template is given is escaped; nothing is fetched."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from costlab.i18n.words import visible


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package, ""), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["visible"] = visible
    return environment


def page(package: str, template: str, **values: Any) -> str:
    """The template of a package (its dotted name), filled in.

    `{{ text|visible }}` shows control characters of text instead of obeying them. Raises `jinja2.UndefinedError` where
    a template uses what it was not given, a defect of ours.
    """
    return _environment(package).get_template(template).render(values)
