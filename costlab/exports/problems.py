"""A problem as JSON, the same in every result."""

from typing import Any

from costlab import errors
from costlab.model.numbers import Language, Problem


def problem_json(problem: Problem, language: Language) -> dict[str, Any]:
    """A problem in words."""
    return {
        "source": problem.source,
        "line": problem.line,
        "subject": problem.subject,
        "message": errors.message(problem, language),
        "remedy": errors.remedy(problem, language),
        "kind": errors.kind(problem),
    }
