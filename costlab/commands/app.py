"""`costlab app`: the web estimator."""

import argparse
import os
import sys
from pathlib import Path

HELP = {"en": "open the web estimator", "ru": "открыть калькулятор в браузере"}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:  # noqa: ARG001 (every command takes it)
    """Where it listens."""
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", default="localhost")
    parser.add_argument("--no-browser", action="store_true")
    parser.set_defaults(lang=None)  # the reader's browser says which language, not the machine's


def run(arguments: argparse.Namespace) -> int:
    """Serve our page with Streamlit until it is ended. Raises `InputError` where the pages are not installed."""
    import subprocess
    from importlib.util import find_spec

    from costlab.errors import InputError
    from costlab.model.numbers import Problem

    if lacking := [name for name in ("streamlit", "plotly") if find_spec(name) is None]:
        raise InputError(Problem(code="app_not_installed", source="costlab app", args={"what": ", ".join(lacking)}))

    page = Path(__file__).parent.parent / "ui" / "app.py"
    options = {
        "server.port": str(arguments.port),
        "server.address": arguments.address,
        "server.headless": str(arguments.no_browser).lower(),
        "server.showEmailPrompt": "false",  # it would wait for an answer before the page is served
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "logger.hideWelcomeMessage": "true",  # it praises other things
    }
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    command = [sys.executable, "-m", "streamlit", "run", str(page), *flags]
    environment = dict(os.environ)
    if arguments.lang is not None:
        environment["COSTLAB_LANG"] = arguments.lang
    host = f"[{arguments.address}]" if ":" in arguments.address else arguments.address
    print(f"costlab: http://{host}:{arguments.port} (Ctrl+C)", flush=True)
    if os.name == "posix":  # in this process: who ends it ends the server
        os.execve(sys.executable, command, environment)  # noqa: S606 (our own command)
    return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 (our own command)
