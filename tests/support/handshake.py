"""A TLS handshake in memory, both sides checking each other as etcd and its clients do."""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path

from tests.support.issued import Pair


def shake_hands(
    server: Pair,
    client: Pair | None,
    *,
    server_trusts: str,
    client_trusts: str,
    dialled: str,
) -> None:
    """Returns when each accepts the other; raises ssl.SSLError with the reason otherwise."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server_side = _context(ssl.PROTOCOL_TLS_SERVER, server_trusts, server).wrap_bio(
        to_server, to_client, server_side=True
    )
    client_side = _context(ssl.PROTOCOL_TLS_CLIENT, client_trusts, client).wrap_bio(
        to_client, to_server, server_hostname=dialled
    )
    waiting = [client_side, server_side]
    for _ in range(10):
        waiting = [side for side in waiting if not _done(side)]
        if not waiting:
            return
    raise TimeoutError("the handshake does not come to an end")


def _done(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _context(protocol: int, trusts: str, shows: Pair | None) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.verify_mode = ssl.CERT_REQUIRED
    # What Python 3.13 asks of every certificate, and Go and OpenSSL may come to ask.
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(cadata=trusts)
    if shows:
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = Path(folder, "leaf.pem"), Path(folder, "leaf.key")
            certificate.write_text(shows.certificate)
            key.write_text(shows.key)
            context.load_cert_chain(certificate, key)
    return context
