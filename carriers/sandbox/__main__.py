"""`python -m carriers.sandbox --port 9001 --state FILE`: run the sandbox until interrupted."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from carriers.sandbox.server import create_app, start
from carriers.sandbox.state import State


def main(arguments: list[str] | None = None) -> int:
    """0 after a stop, 2 for a port in use or a state file that cannot be read."""
    options = _options(arguments)
    try:
        state = State(options.state)
        asyncio.run(_serve(state, options))
    except (OSError, ValueError) as error:
        print(f"sandbox: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m carriers.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9001, help="0 takes a free one")
    parser.add_argument("--state", type=Path, help="JSON file to remember in (default: nowhere)")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to every answer")
    return parser.parse_args(arguments)


async def _serve(state: State, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    app = create_app(state, latency=options.latency_ms / 1000)
    runner, port = await start(app, host=options.host, port=options.port)
    where = f"http://{options.host}:{port}"
    print(f"sandbox: {len(state.parcels)} parcels on {where}", flush=True)  # noqa: T201
    try:
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
