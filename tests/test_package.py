"""The built wheel, installed into an empty environment and used from another folder."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ESTIMATE = """costlab: 1
name: One server
prices_on: 2026-11-01
resources:
  - {id: web, service: vm, spec: {flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100}], public_ip: true}}
"""


def _run(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Installed:
    """An environment that holds nothing but the wheel and what it requires."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder, folder / "empty" / "bin"
        _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
        self.wheel = next(folder.glob("*.whl"))
        _run(sys.executable, "-m", "venv", folder / "empty", cwd=folder)

    def install(self, extra: str = "") -> None:
        python, limits = self.bin / "python", ["-c", str(ROOT / "constraints.txt")]
        uv = shutil.which("uv")
        pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
        _run(*pip, "--quiet", *limits, f"{self.wheel}{extra}", cwd=self.folder)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def small(wheel: Installed) -> Path:
    """Folder of the commands, with neither Streamlit nor plotly."""
    wheel.install()
    return wheel.bin


@pytest.fixture(scope="module")
def installed(small: Path, wheel: Installed) -> Path:
    """The same with the pages."""
    wheel.install("[app]")
    return small


def test_it_prices_an_estimate(small: Path, tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(ESTIMATE, encoding="utf-8")
    result = json.loads(_run(small / "costlab", "estimate", "web.yaml", "--format", "json", cwd=tmp_path))
    assert result["total"] == "8474.33"
    assert "ok" in _run(small / "costlab", "catalog", "check", cwd=tmp_path)
    assert "shop.xlsx" in _run(small / "costlab", "demo", "demo", cwd=tmp_path)


def test_the_small_size_says_how_to_get_the_pages(small: Path, tmp_path: Path) -> None:
    """Asked before the other size is installed into the same environment: the tests run in their order."""
    lacks = "import importlib.util as u; print([n for n in ('streamlit', 'plotly', 'pydeck') if u.find_spec(n)])"
    assert _run(small / "python", "-c", lacks, cwd=tmp_path).strip() == "[]"
    command = [small / "costlab", "app", "--lang", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'costlab[app]'" in done.stderr


def test_it_serves_the_application(installed: Path, tmp_path: Path) -> None:
    """On a machine where Streamlit never ran, and nobody answers it; the browser is asked for the page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asked = tmp_path / "asked"
    browser = tmp_path / "bin" / "xdg-open"
    browser.parent.mkdir()
    browser.write_text(f'#!/bin/sh\necho "$1" > "{asked}"\n')
    browser.chmod(0o755)
    command = [installed / "costlab", "app", "--address", "127.0.0.1", "--port", str(port)]
    around = {**os.environ, "HOME": str(tmp_path), "PATH": f"{browser.parent}:{os.environ['PATH']}"}
    log = tmp_path / "app.log"
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=around) as server,
    ):
        try:
            assert _healthy(f"http://127.0.0.1:{port}/_stcore/health"), log.read_text()
            assert _soon(asked.exists), log.read_text()
        finally:
            server.terminate()
    assert f"127.0.0.1:{port}" in asked.read_text()
    assert log.read_text().startswith(f"costlab: http://127.0.0.1:{port} ")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5)


def _healthy(url: str) -> bool:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 (loopback)
                return bool(answer.status == 200)
        except OSError:
            return False

    return _soon(answers)


def _soon(true: Callable[[], bool]) -> bool:
    """Whether it becomes true within half a minute."""
    for _ in range(120):
        if true():
            return True
        time.sleep(0.25)
    return False
