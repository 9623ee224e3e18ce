"""What the kernel is told of a connection, so that nobody is waited for who is not there."""

import contextlib
import socket
from asyncio.transports import BaseTransport

SILENT_MS = 20_000  # TCP gives up on bytes that nobody acknowledged for so long


def tcp_socket(transport: BaseTransport) -> socket.socket | None:
    """Return the socket under a transport, if it is TCP's."""
    found: socket.socket | None = transport.get_extra_info("socket")
    is_tcp = found is not None and found.family in (socket.AF_INET, socket.AF_INET6)
    return found if is_tcp else None


def give_up_on_silence(sock: socket.socket) -> None:
    """Have the kernel end the connection of a machine that is gone; left to itself, after 15 min.

    Also of one that is there and takes nothing (a window that stays shut).
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_MS)
