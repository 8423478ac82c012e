"""Why a row has no price, or came out as it did: a code with its words' arguments, carried through SQL as one text."""

import json


def reason(code: str, **args: str) -> str:
    """What the sentence of a comparison's line needs, as JSON; `exports/comparisons` turns it into words."""
    return json.dumps({"code": code, **args}, ensure_ascii=False)
