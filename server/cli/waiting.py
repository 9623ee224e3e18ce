"""Having nothing to do: one line that says so, then waiting, so that whoever watches is content."""

import signal

_ENDS = {signal.SIGINT, signal.SIGTERM}


def wait_for_the_end(sentence: str) -> None:
    """Say it, and return when asked to end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    print(sentence, flush=True)
    signal.sigwait(_ENDS)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
