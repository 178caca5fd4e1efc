"""What each process of the Procfile holds at rest, after it has done each kind of its work once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks import processes
from benchmarks.measuring import Line, below, proportional_memory, say, wait_until
from benchmarks.sizes import Size
from config.local_servers import ROOT

MOST_MB = 120
#: Beat rings every second, so that the task worker has soon run each periodic task.
_TICK = "1"
_WARM_SECONDS = 12


def run(size: Size) -> list[Line]:
    port = processes.free_port()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environment = os.environ | {
            "PORT": str(port),
            "BIND": "127.0.0.1",
            "TICK_SECONDS": _TICK,
            "WEB_LOG_LEVEL": "warning",
            "BEAT_SCHEDULE": f"{folder}/beat",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        pids = {
            name: stack.enter_context(_started(command, environment))
            for name, command in _procfile().items()
        }
        say("waiting for the workers")
        for name in ("web", "worker"):
            wait_until(lambda name=name: len(_children(pids[name])) > 0, seconds=60, what=name)
        wait_until(lambda: _answers(port), seconds=60, what="web")
        time.sleep(_WARM_SECONDS if size.repeats > 1 else 1)
        return [
            _line("web worker", _children(pids["web"])),
            _line("task worker", _children(pids["worker"])),
            _line("beat", [pids["beat"]]),
        ]


def _line(name: str, pids: list[int]) -> Line:
    """The largest of its like counts."""
    sizes = sorted(proportional_memory(pid) for pid in pids)
    return below(f"memory: {name} (PSS)", sizes[-1], "MB", MOST_MB, all=sizes)


def _procfile() -> dict[str, str]:
    """Process name to command, as production runs them."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name.strip(): command.strip() for name, _, command in (x.partition(":") for x in lines)}


@contextmanager
def _started(command: str, environment: dict[str, str]) -> Iterator[int]:
    """The process id of the command; `exec` makes the shell that fills in ${…} become it."""
    child = subprocess.Popen(
        ["bash", "-c", f"exec {command}"], cwd=ROOT, env=environment, stdout=sys.stderr
    )
    try:
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(part) for part in text.split()]


def _answers(port: int) -> bool:
    """Whether every page that a stranger can open has been opened once."""
    try:
        for path in ("healthz", "app/login/", "app/login/"):
            with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as response:
                response.read()
    except OSError:
        return False
    return True
