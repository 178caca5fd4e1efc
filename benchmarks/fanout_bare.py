"""`python -m benchmarks.fanout_bare FILE`: the limit. Sends the pickled letters of FILE, by
channel, with the clients and the connections that a worker uses, and does nothing else.

Waits for a line on standard input, then prints the processor seconds that it took.
"""

from __future__ import annotations

import pickle
import sys
from concurrent.futures import Future, wait
from pathlib import Path

import django

from benchmarks.measuring import clocked


def main(file: str) -> None:
    django.setup()
    from notifications.sending import Lines, send

    letters = pickle.loads(Path(file).read_bytes())
    print("ready", flush=True)
    sys.stdin.readline()
    open_lines = {channel: Lines(channel) for channel in letters}
    with clocked() as took:
        sent: list[Future[str | list[str]]] = [
            open_lines[channel].line(None).submit(send, letter)
            for channel, mine in letters.items()
            for letter in mine
        ]
        wait(sent)
        for one in sent:
            one.result()
    for lines in open_lines.values():
        lines.close()
    print(took.cpu, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
