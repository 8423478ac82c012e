"""The estimator's server on a free loopback port, and a headless chromium that reaches nothing else."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic", "--no-first-run",
)  # fmt: skip
_PATIENCE = 60
"""Seconds a loaded machine may take to start the server."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the estimator answers."""
    log = tmp_path_factory.mktemp("server") / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        k: v for k, v in os.environ.items() if k not in ("COSTLAB_LANG", "COSTLAB_STORE", "COSTLAB_BILLS_DIR")
    }
    environment["COSTLAB_HOME"] = str(tmp_path_factory.mktemp("home"))
    words = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    words += ["--server.address", "127.0.0.1", "--server.port", str(port), "--browser.gatherUsageStats", "false"]
    with (
        log.open("wb") as out,
        subprocess.Popen(words, cwd=log.parent, stdout=out, stderr=out, env=environment) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 (our own server)
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium; where it is missing the test is skipped, unless everything is required."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("COSTLAB_REQUIRE_ALL") != "1":
        pytest.skip("chromium is not installed")
    assert path is not None, "chromium is not installed, and COSTLAB_REQUIRE_ALL=1 asks for it"
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=path, args=list(_ARGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A Russian reader's window on the estimator; fails when the page erred or asked another host for anything."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1440, "height": 900}, accept_downloads=True)
    window = context.new_page()
    errors: list[str] = []
    strangers: list[str] = []
    ours = (address, address.replace("http", "ws"), "data:", "blob:")
    window.on("pageerror", lambda e: errors.append(str(e)))
    window.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    window.on("request", lambda r: None if r.url.startswith(ours) else strangers.append(r.url))
    window.set_default_timeout(30_000)
    expect.set_options(timeout=20_000)  # a busy machine draws slowly
    window.goto(address)
    yield window
    context.close()
    assert not errors
    assert not strangers
