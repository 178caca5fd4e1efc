"""A DNS server of this machine that knows the records it is given, over real UDP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

#: TXT records by name; other kinds by "CNAME name", "A name", "AAAA name".
Zone = Mapping[str, Sequence[str]]


@contextmanager
def running_dns(zone: Zone) -> Iterator[str]:
    """Run it; its address as DNS_SERVERS has it. A name that the zone lacks does not exist; what
    is changed in the zone counts at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, zone, ended), daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        ended.set()
        thread.join()


def _serve(server: socket.socket, zone: Zone, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            data, sender = server.recvfrom(4096)
        except TimeoutError:
            continue
        server.sendto(_answer(dns.message.from_wire(data), zone).to_wire(), sender)


def _answer(asked: dns.message.Message, zone: Zone) -> dns.message.Message:
    answer = dns.message.make_response(asked)
    answer.flags |= dns.flags.RA
    question = asked.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    kind = dns.rdatatype.to_text(question.rdtype)
    known = {key.rpartition(" ")[2] for key in zone}
    # A resolver says where a name leads, and what is there.
    while kind != "CNAME" and (leads := zone.get(f"CNAME {name}")):
        answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{leads[0]}."))
        name = leads[0]
    if name not in known:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    records = zone.get(name if kind == "TXT" else f"{kind} {name}", ())
    if records:
        shown = {"TXT": '"{}"', "CNAME": "{}."}.get(kind, "{}")
        texts = [shown.format(record) for record in records]
        answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *texts))
    return answer
