"""The floor where there is no C compiler: the loop of ``floor.c``, in Python."""

import io
import select
import socket
import sys
import time


def main() -> None:
    """Serve until the input ends."""
    after, seq, size = map(int, sys.argv[1:])
    source = io.FileIO(sys.stdin.fileno(), closefd=False)  # what is buffered, select does not see
    payload = bytearray()
    while len(payload) < size:
        payload += source.read(size - len(payload))
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f'{{"port": {listener.getsockname()[1]}}}', flush=True)
    taken: list[socket.socket] = []
    watched: list[socket.socket | io.FileIO] = [listener, source]
    last = 1_000_000
    while True:
        ready, _, _ = select.select(watched, [], [])
        if listener in ready:
            taken.append(listener.accept()[0])
        if source not in ready:
            continue
        line = source.readline()
        if not line:
            return
        ticks, changes, gap = map(int, line.split())
        said, began = [last + 1], time.monotonic()
        for tick in range(ticks):
            time.sleep(max(0.0, began + tick * gap / 1e6 - time.monotonic()))
            said.append(time.monotonic_ns())
            for _ in range(changes):
                payload[after : after + 7] = b"%07d" % last
                last += 1
                payload[seq : seq + 7] = b"%07d" % last
                for each in taken:
                    each.sendall(payload)
        print(said, flush=True)


if __name__ == "__main__":
    main()
