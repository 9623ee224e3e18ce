"""Mail of a console that sends none: every message counts as delivered, and is read on a page."""

from dispatch.letter import Letter, Words


class KeptMail:
    """``dispatch.letter.Mail`` for the demo, whose mailbox page writes the messages anew."""

    async def send(self, letter: Letter, words: Words) -> None:
        """Take it."""
