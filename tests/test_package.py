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


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the commands of an environment that holds nothing but the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    wheel = next(folder.glob("*.whl"))
    environment = folder / "empty"
    _run(sys.executable, "-m", "venv", environment, cwd=folder)
    python = environment / "bin" / "python"
    limits = ["-c", str(ROOT / "constraints.txt")]
    if uv := shutil.which("uv"):
        _run(uv, "pip", "install", "--quiet", "--python", python, *limits, wheel, cwd=folder)
    else:
        _run(
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *limits,
            wheel,
            cwd=folder,
        )
    return environment / "bin"


def test_it_prices_an_estimate(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(ESTIMATE, encoding="utf-8")
    result = json.loads(_run(installed / "costlab", "estimate", "web.yaml", "--format", "json", cwd=tmp_path))
    assert result["total"] == "8474.33"
    assert "ok" in _run(installed / "costlab", "catalog", "check", cwd=tmp_path)
    assert "shop.xlsx" in _run(installed / "costlab", "demo", "demo", cwd=tmp_path)


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
