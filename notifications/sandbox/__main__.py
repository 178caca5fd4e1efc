"""`python -m notifications.sandbox --port 9002 --state FILE`: run the phones until interrupted.

TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the environment are what it accepts.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from notifications.sandbox.server import Phones, create_app, start
from notifications.sandbox.state import State


def main(arguments: list[str] | None = None) -> int:
    """0 after a stop, 2 for a port in use or a state file that cannot be read."""
    options = _options(arguments)
    try:
        phones = Phones(
            State(options.state),
            account=os.environ["TWILIO_ACCOUNT_SID"],
            token=os.environ["TWILIO_AUTH_TOKEN"],
            pace=options.pace,
            inbound_url=options.inbound,
        )
        asyncio.run(_serve(phones, options))
    except KeyError as error:
        print(f"phones: {error} is not set", file=sys.stderr)  # noqa: T201
        return 2
    except (OSError, ValueError) as error:
        print(f"phones: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m notifications.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9002, help="0 takes a free one")
    parser.add_argument("--state", type=Path, help="JSON file to remember in (default: nowhere)")
    parser.add_argument("--pace", type=float, default=1.0, help="seconds from sent to delivered")
    parser.add_argument("--inbound", default="", help="where shoppers' answers are posted")
    return parser.parse_args(arguments)


async def _serve(phones: Phones, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    runner, port = await start(create_app(phones), host=options.host, port=options.port)
    print(f"phones: on http://{options.host}:{port}", flush=True)  # noqa: T201
    try:
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
