"""`make demo`: everything on this machine, from nothing, with one command.

Embedded PostgreSQL and Valkey, migrations, the sandbox carriers, a demonstration of two
shops, then web, worker and beat. Ctrl-C ends all of it; a second start finds the data.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from config import local_servers

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".homeward"
BIN = Path(sys.executable).parent
#: Polling lives a thousand times faster than a warehouse: hours become seconds.
_FASTER: Final = {
    "POLL_INTERVAL_FACTOR": "0.001",
    # Its parcels do not sleep at night.
    "POLL_PRESSURE": "0.25",
    "TICK_SECONDS": "2",
    # Whoever silences a shop sees at once what asking it recovers.
    "HOOK_GRACE_SECONDS": "1",
}
#: Root is what a container often is; Celery's page-long warning about it helps nobody here.
_QUIETER: Final = {
    "PYTHONWARNINGS": "ignore:You're running the worker",
    "PYTHONUNBUFFERED": "1",
    "WEB_LOG_LEVEL": "warning",
}


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is happening, and how long it took."""
    started = time.monotonic()
    say(f"• {what} …")
    yield
    say(f"  done in {time.monotonic() - started:.1f} s")


def main() -> int:
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        say(f"PORT must be a number from 1 to 65535, not {port!r}.")
        return 2
    if not _is_free(int(port)):
        say(f"Port {port} is in use. Choose another one: make demo PORT={int(port) + 1}")
        return 2
    HOME.mkdir(exist_ok=True)
    try:
        with local_servers.running("demo") as servers:
            return _run(int(port), servers)
    except OSError as error:
        say(f"Could not start: {error}")
        return 1


def _run(port: int, servers: local_servers.Addresses) -> int:
    base_url = f"http://127.0.0.1:{port}"
    sandbox_port = _free_port()
    sandbox_url = f"http://127.0.0.1:{sandbox_port}"
    phones_port = _free_port()
    environment = os.environ | servers.as_environment() | _FASTER | _QUIETER
    environment |= {
        "DEMO": "1",
        "PORT": str(port),
        "BASE_URL": base_url,
        "SANDBOX_URL": sandbox_url,
        # The carriers, the phones, and the WooCommerce shop on our own web server.
        "OUTBOUND_ALLOW": ",".join(f"127.0.0.1:{one}" for one in (sandbox_port, phones_port, port)),
        **_phones_settings(phones_port),
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    with step("Preparing the database"):
        migrated = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environment, cwd=ROOT
        )
    if migrated.returncode:
        say("The database could not be prepared; see the message above.")
        return 1
    sandbox = [
        str(BIN / "python"), "-m", "carriers.sandbox",
        "--port", str(sandbox_port), "--state", str(HOME / "sandbox.json"),
    ]  # fmt: skip
    phones = [
        str(BIN / "python"), "-m", "notifications.sandbox",
        "--port", str(phones_port), "--state", str(HOME / "phones.json"),
        "--inbound", f"{base_url}/hooks/channel/twilio/",
    ]  # fmt: skip
    manager = Manager(Printer(sys.stdout))
    manager.add_process("sandbox", " ".join(sandbox), env=environment, cwd=str(ROOT))
    manager.add_process("phones", " ".join(phones), env=environment, cwd=str(ROOT))
    for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        manager.add_process(name, command, env=environment, cwd=str(ROOT))
    # The shops are filled once the sandbox answers, while the web server comes up.
    threading.Thread(
        target=_fill_and_report,
        args=(manager, environment, base_url, (sandbox_port, phones_port)),
        daemon=True,
    ).start()
    say("• Starting web, worker, beat, the sandbox carriers and the shoppers' phones")
    manager.loop()
    if manager.returncode not in {None, 0, 130}:
        say("A process ended by itself, so all were stopped. Nothing is lost; run make demo again.")
    # Ctrl-C is how a demonstration ends, not an error.
    return 0 if manager.returncode in {None, 130} else manager.returncode


def _phones_settings(port: int) -> dict[str, str]:
    """Twilio's credentials for the server that plays it, and our key for push services.

    The key is kept: browsers that subscribed yesterday know its other half.
    """
    key_file = HOME / "webpush.key"
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_urlsafe(32))
    return {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_SMS_FROM": "+15550100001",
        "TWILIO_WHATSAPP_FROM": "+15550100002",
        "TWILIO_API_URL": f"http://127.0.0.1:{port}",
        "WEBPUSH_PRIVATE_KEY": key_file.read_text(),
    }


def _fill_and_report(
    manager: Manager, environment: dict[str, str], base_url: str, ports: tuple[int, ...]
) -> None:
    for port in ports:
        _wait_for(port)
    seeding = subprocess.run(
        [sys.executable, "manage.py", "demo_seed"], env=environment, cwd=ROOT, check=False
    )
    if seeding.returncode:
        say("The demonstration could not be filled; see the message above.")
        manager.terminate()
        return
    _wait_for(int(environment["PORT"]))
    _report(json.loads((HOME / "demo.json").read_text()), base_url)
    # Nobody waits for the past.
    history = [sys.executable, "manage.py", "demo_history"]
    subprocess.run(history, env=environment, cwd=ROOT, check=False)


def _report(found: dict[str, Any], base_url: str) -> None:
    lines = ["", "Homeward is running. Ctrl-C stops all of it.", ""]
    for merchant in found["merchants"]:
        owner, agent = merchant["users"][0], merchant["users"][1]
        lines += [
            f"  {merchant['slug']}",
            f"    a shopper's page   {merchant['tracking_urls'][0]}",
            f"    shop to buy in     {merchant['shop_url']}",
            f"    look-up            {base_url}/p/{merchant['slug']}/",
            f"    dashboard          {base_url}/app/{merchant['slug']}/   {owner['email']}",
            f"    helpdesk           {base_url}/desk/{merchant['slug']}/   {agent['email']}",
        ]
    lines += [
        "",
        f"  password for all     {found['merchants'][0]['users'][0]['password']}",
        f"  mailbox              {found['mailbox_url']}",
        f"  a shopper's phone    {found['phone_url']}",
        "  A WooCommerce shop to connect (Stores, Connect a shop, WooCommerce; paste its address)",
        f"                       {found['woo_url']}",
        f"  API documentation    {base_url}/api/docs/",
        "  everything else      .homeward/demo.json",
        "",
    ]
    say("\n".join(lines))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, seconds: float = 60.0) -> None:
    """Until something listens there; whoever waits in vain finds out by connecting."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
