"""Estimate files that come with costlab: `costlab demo` and the web estimator open them."""

from importlib.resources import files


def example(name: str = "shop.yaml") -> bytes:
    """The bytes of an example file."""
    return files(__name__).joinpath(name).read_bytes()
