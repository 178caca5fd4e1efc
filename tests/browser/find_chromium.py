"""A Chromium for the browser tests: the system's, else installed, else a sentence.

`python -m tests.browser.find_chromium` is the set-up step of `make test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FONTS = ["fonts-noto-core"]


def find() -> str | None:
    """The path of a Chromium, or None. `CHROMIUM` overrides."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in _NAMES:
        path = shutil.which(name)
        if path:
            return path
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def _run(*command: str) -> bool:
    print("  " + " ".join(command), flush=True)
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


def install() -> str | None:
    """Install one by apt-get where we may, else by Playwright."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("• No Chromium found: installing Debian's (a minute or two)", flush=True)
        _run("apt-get", "update", "-q")
        _run("apt-get", "install", "-y", "-q", "chromium", *_FONTS)
        if found := find():
            return found
    print("• No Chromium found: asking Playwright for its own (a minute or two)", flush=True)
    _run(sys.executable, "-m", "playwright", "install", "chromium")
    return find()


def main() -> int:
    if find() or install():
        return 0
    print(
        "The browser tests need Chromium. Install it (for example: apt-get install chromium),"
        " or name one: CHROMIUM=/path/to/chrome make test",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
