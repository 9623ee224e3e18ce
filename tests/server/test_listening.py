"""The port that the console takes."""

import socket
from contextlib import closing

from server.cli.serving import listen
from server.settings import Settings


def test_an_answer_in_two_pieces_does_not_wait_for_the_browser_to_acknowledge_the_first() -> None:
    with (
        closing(listen(Settings(port=0))) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
