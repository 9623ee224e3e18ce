"""What Northside keeps ready to say in the demo, so that nobody begins with an empty list."""

from dispatch.clinic import Clinic
from dispatch.people import system_actor
from dispatch.ports import Store
from dispatch.usecases.replies import SaveReply, WordDeclines, save_reply, word_declines
from dispatch.vocabulary import DeclineReason

REPLIES = (
    ("With you soon", "Thank you for waiting. Somebody will be with you in a few minutes."),
    ("Have it at hand", "Please have your medicines and a glass of water at hand."),
    ("Call us instead", "We can help you faster by phone: please call 555-0150."),
)
DECLINES = (
    (
        DeclineReason.NO_ONE_AVAILABLE,
        "Nobody is free to see you right now. Please try again in an hour, or call us.",
    ),
    (DeclineReason.DUPLICATE, "You have asked for this already, and we are on it."),
)


async def keep_ready(store: Store, clinic: Clinic) -> None:
    """Give the clinic its words."""
    system = system_actor(clinic.account_id)
    for title, text in REPLIES:
        await store.perform(save_reply, SaveReply(clinic.id, title, text), system)
    await store.perform(word_declines, WordDeclines(clinic.id, DECLINES), system)
