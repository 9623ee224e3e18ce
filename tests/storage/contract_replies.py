"""What every store promises about the words that clinics keep ready."""

from collections.abc import Awaitable

from dispatch.ports import Store, Unit
from dispatch.reply import SavedReply
from dispatch.vocabulary import DeclineReason, ReplyId
from tests.builders import FrozenClock, seconds
from tests.storage.town import Town

__all__ = ["TestReplies"]


class TestReplies:
    async def test_replies_come_back_in_the_order_they_were_put_in(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        clinic = town.clinic.id

        def three(unit: Unit, now: object) -> None:
            for title in ("Eins", "Zwei", "Drei"):
                unit.replies.add(SavedReply(ReplyId(0), clinic, title, f"{title}\n„Wörter“"))
            unit.replies.add(SavedReply(ReplyId(0), other_town.clinic.id, "Vier", "x"))

        await town.within(three)
        found = await store.read(lambda reading: reading.saved_replies(clinic))
        assert [reply.title for reply in found] == ["Eins", "Zwei", "Drei"]
        assert found[0].text == "Eins\n„Wörter“"

        def change(unit: Unit, now: object) -> None:
            one, two, three = unit.replies.of(clinic)
            unit.replies.order([three.id, one.id, two.id])
            unit.replies.save(SavedReply(one.id, clinic, "Uno", "y"))
            unit.replies.remove(two.id)

        await town.within(change)
        found = await store.read(lambda reading: reading.saved_replies(clinic))
        assert [reply.title for reply in found] == ["Drei", "Uno"]
        elsewhere = await store.read(lambda r: r.saved_replies(other_town.clinic.id))
        assert [reply.title for reply in elsewhere] == ["Vier"]

    async def test_the_number_of_a_reply_that_is_gone_is_never_anothers(self, town: Town) -> None:
        clinic = town.clinic.id
        numbers: list[ReplyId] = []

        def come_and_go(unit: Unit, now: object) -> None:
            added = unit.replies.add(SavedReply(ReplyId(0), clinic, "Eins", "x"))
            numbers.append(added.id)
            unit.replies.remove(added.id)

        for _ in range(3):
            await town.within(come_and_go)
        assert len(set(numbers)) == 3, "a page that was open meanwhile would send other words"

    async def test_sentences_are_kept_by_clinic_and_reason_and_let_go_of(
        self, store: Store, town: Town, other_town: Town
    ) -> None:
        clinic, reason = town.clinic.id, DeclineReason.DUPLICATE

        def word(sentence: str) -> Awaitable[None]:
            return town.within(lambda unit, now: unit.replies.word(clinic, reason, sentence))

        for sentence in ("One.", "Two."):
            await word(sentence)
            kept = await store.read(lambda reading: reading.decline_sentences(clinic))
            assert kept == {reason: sentence}
        assert await store.read(lambda r: r.decline_sentences(other_town.clinic.id)) == {}
        await word("")
        assert await store.read(lambda reading: reading.decline_sentences(clinic)) == {}

    async def test_the_sentence_of_a_decline_is_kept_from_the_press_to_the_decision(
        self, town: Town, clock: FrozenClock
    ) -> None:
        asked = await town.ask()
        sam = town.sam.person_id
        held = asked.decline(DeclineReason.OTHER, "", sam, clock.now(), "Not tonight.")
        await town.within(lambda unit, now: unit.requests.save(held, was=asked))
        kept = await town.request(asked.number)
        assert kept.declining == held.declining
        done = kept.complete_decline(clock.now() + seconds(10))
        await town.within(lambda unit, now: unit.requests.save(done, was=kept))
        decision = (await town.request(asked.number)).decision
        assert decision
        assert decision.sentence == "Not tonight."

    async def test_who_waits_in_a_clinic_is_found(self, town: Town, other_town: Town) -> None:
        first, second = await town.ask(), await town.ask(town.omar)
        await other_town.ask()
        found = await town.within(lambda unit, now: unit.requests.waiting_in(town.clinic.id))
        assert [one.id for one in found] == [first.id, second.id]
