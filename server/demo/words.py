"""What the demo's people write: notes of patients and replies of the desk, all made up."""

from collections.abc import Mapping, Sequence
from random import Random

NOTES: Mapping[str, Sequence[str]] = {
    "Urgent care visit": (
        "Sore throat and fever since Sunday, 101.3 this morning. Swallowing hurts.",
        "Rash on both forearms since yesterday evening. It itches, no swelling of the face.",
        "Twisted my ankle on the stairs. I can stand on it, but it is getting thicker.",
        "Pink eye, probably caught from my daughter. Both eyes are sticky in the morning.",
        "Burning when I pass water since last night. No fever, no back pain.",
        "Ear pain on the left after swimming. I hear less on that side.",
        "Cough for ten days, worse at night. I am a smoker.",
        "Cut my finger while cooking. It stopped bleeding, but I am not sure about a tetanus shot.",
        "",
    ),
    "Medication refill": (
        "Lisinopril 10 mg, four tablets left. Same pharmacy as last time.",
        "I need my albuterol inhaler again before the weekend.",
        "Levothyroxine 75 micrograms. My last blood test was in spring.",
        "",
    ),
    "Test result review": (
        "My strep test came back and I do not understand the letter.",
        "Blood sugar result from last week, please explain what it means for me.",
        "The lab wrote that my potassium is slightly low.",
    ),
    "Follow-up visit": (
        "Six weeks after starting the new blood pressure tablets. I kept a list of readings.",
        "Back pain is better after physiotherapy. I want to talk about going back to work.",
        "You asked me to come back about my sleep. I have filled in the diary.",
        "Knee after the injection: less swelling, stairs still hurt.",
        "",
    ),
    "First visit": (
        "We moved here in September and are looking for a family doctor.",
        "I have type 2 diabetes and my old practice has closed. Records are on their way.",
        "First appointment. I would prefer someone who speaks Spanish, if possible.",
    ),
    "Medication check": (
        "The new tablets make me dizzy in the morning. Can the dose be split?",
        "I now take five different tablets and would like to know which ones I still need.",
        "Sertraline for eight weeks now, sleeping better.",
    ),
}

WELCOMES: Sequence[str] = (
    "",
    "",
    "Please have your medication at hand.",
    "Please take your temperature before the visit.",
    "Find a quiet place with good light, and have your insurance card ready.",
)

REFUSALS: Sequence[str] = (
    "This needs to be looked at in person. Please come to the walk-in clinic before 7pm.",
    "Nobody can see you at these times. Please ask for a morning next week.",
    "Your doctor's office has to renew this one. Please call them today.",
    "",
)


def note_for(service: str, chance: Random) -> str:
    """Return what a patient writes about that service; sometimes nothing."""
    return chance.choice(NOTES.get(service, ("",)))
