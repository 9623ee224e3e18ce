"""What a browser sends (RFC 6455): whole messages out of pieces of bytes; it knows no page."""

from collections.abc import Generator, Iterator

from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.frames import Close, CloseCode, Frame, Opcode

_CONTROL = frozenset({Opcode.CLOSE, Opcode.PING, Opcode.PONG})
Heard = tuple[Opcode, bytes]


class IncomingError(Exception):
    """The bytes make no sense; ``code`` says why, as the close frame has it."""

    def __init__(self, code: CloseCode) -> None:
        super().__init__(code.name)
        self.code = code


class Incoming:
    """Holds nothing between two messages: that is how a socket spends its life.

    Frames are taken apart by ``websockets``, which made the handshake too.
    """

    __slots__ = ("_buffer", "_is_text", "_parsing", "_pieces", "most_bytes")

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes  # of one message, in one frame or in many
        self._buffer: bytearray | None = None
        self._parsing: Generator[None, None, Frame] | None = None
        self._pieces: bytearray | None = None  # of a message that is not whole yet
        self._is_text = False

    def hear(self, heard: bytes) -> Iterator[Heard]:
        """Yield the messages that are whole with these bytes, and control frames between them.

        Raises:
            IncomingError: after what made sense; nothing that follows can.
        """
        if self._buffer is None:
            self._buffer = bytearray(heard)
        else:
            self._buffer += heard
        try:
            while (frame := self._next()) is not None:
                if frame.opcode in _CONTROL:
                    yield frame.opcode, bytes(frame.data)
                elif (whole := self._gather(frame)) is not None:
                    yield whole
        except ProtocolError as error:
            raise IncomingError(CloseCode.PROTOCOL_ERROR) from error
        except PayloadTooBig as error:
            raise IncomingError(CloseCode.MESSAGE_TOO_BIG) from error
        except UnicodeDecodeError as error:
            raise IncomingError(CloseCode.INVALID_DATA) from error

    def _next(self) -> Frame | None:
        """Return the next whole frame; without one, keep what there is of it."""
        if self._parsing is None:
            if not self._buffer:
                self._buffer = None
                return None
            most = self.most_bytes - len(self._pieces or b"")
            self._parsing = Frame.parse(self._read_exact, mask=True, max_size=most)
        try:
            next(self._parsing)
        except StopIteration as parsed:
            self._parsing = None
            frame: Frame = parsed.value
            return frame
        return None

    def _read_exact(self, count: int) -> Generator[None, None, bytes]:
        assert self._buffer is not None  # noqa: S101 - only a frame under way reads
        while len(self._buffer) < count:
            yield
        read = bytes(self._buffer[:count])
        del self._buffer[:count]
        return read

    def _gather(self, frame: Frame) -> Heard | None:
        is_first = frame.opcode is not Opcode.CONT
        if is_first is (self._pieces is not None):
            raise ProtocolError("a message inside a message, or a piece of none")
        if is_first:
            self._pieces, self._is_text = bytearray(), frame.opcode is Opcode.TEXT
        assert self._pieces is not None  # noqa: S101 - by the two lines above
        self._pieces += frame.data  # one piece of memory: a million empty ones weigh nothing
        if not frame.fin:
            return None
        whole, self._pieces = bytes(self._pieces), None
        if self._is_text:
            whole.decode()  # a message is refused as a whole, wherever it was cut
        return (Opcode.TEXT if self._is_text else Opcode.BINARY), whole


def code_of(farewell: bytes) -> int:
    """Return the code of a close frame.

    Raises:
        IncomingError: it has none that a browser may send.
    """
    try:
        return int(Close.parse(farewell).code)
    except ProtocolError as error:
        raise IncomingError(CloseCode.PROTOCOL_ERROR) from error
    except UnicodeDecodeError as error:
        raise IncomingError(CloseCode.INVALID_DATA) from error
