"""Why a row has no price, or came out as it did: a code with its words' arguments, carried through SQL as one text."""

import json

from costlab.model.numbers import Text


def reason(code: str, **args: str | Text) -> str:
    """What the sentence of a comparison's line needs, as JSON; `exports/comparisons` turns it into words.

    A `Text` becomes `{"en": …, "ru": …}`.
    """
    return json.dumps({"code": code, **args}, ensure_ascii=False, default=Text.model_dump)
