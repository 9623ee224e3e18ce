"""A WebSocket text message as it goes over the wire from a server (RFC 6455, section 5.2)."""

_TEXT = 0x81  # final frame, opcode 1; a server does not mask
_LENGTH_16, _LENGTH_64 = 126, 127


def text_frame(payload: bytes) -> bytes:
    """Return UTF-8 text as one unmasked frame: the same bytes suit every browser."""
    size = len(payload)
    if size < _LENGTH_16:
        return bytes((_TEXT, size)) + payload
    if size < 1 << 16:
        return bytes((_TEXT, _LENGTH_16)) + size.to_bytes(2, "big") + payload
    return bytes((_TEXT, _LENGTH_64)) + size.to_bytes(8, "big") + payload


def payload_of(frame: bytes) -> bytes:
    """Return the text inside; for servers that insist on framing by themselves."""
    header = {_LENGTH_16: 4, _LENGTH_64: 10}.get(frame[1], 2)
    return frame[header:]
