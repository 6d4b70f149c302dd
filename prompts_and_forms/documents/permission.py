"""The permission to share, as a paper to give and sign: for parents and carers, and for a young person, in plain words.

What it must tell: what happens to information, the right to see it, with whom it may be shared, and when somebody is
told without permission (clinical manual, appendix 4).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """`text` in paragraphs, `points` one below the other. `framed`: nobody may miss it."""

    title: str
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    framed: bool = False


@dataclass(frozen=True)
class Reader:
    """Who reads and signs a paper, and everything it says to them."""

    subtitle: str
    first: str
    sections: tuple[Section, ...]
    agree: str
    agree_how: str
    limits: tuple[str, str]
    understood: tuple[str, ...]
    about: tuple[str, ...]
    signs: tuple[str, ...]


TITLE = "Permission to share information"
CHOICES = {"carers": "Permission to share, for parents and carers", "young": "Permission to share, for a young person"}
IN_PLAIN_WORDS = {
    "gp": "Your doctor (GP)",
    "health": "Other health staff you have seen",
    "other_services": "Other people who help you, or have helped you",
    "voluntary": "Charities and community groups who help you",
    "housing": "The housing office",
    "tier_3": "The mental health service for children (CAMHS)",
}
"""Where the form's own word is one of the trade."""
SOMEBODY_ELSE = "Somebody else. Who?"
UNDERSTOOD, SIGNATURES, COPY = "Before you sign", "Signatures", "Your copy"
COPY_LINES = ("Copy given to:", "Given by:", "On:", "Interpreter, if there was one:")

CARERS = Reader(
    subtitle="for parents and carers",
    first=(
        "This form is about what you tell us, and who we may share it with. Please go through it with a worker. "
        "Ask about anything that is not clear. Take your time. You get a copy to keep."
    ),
    sections=(
        Section(
            "What happens to what you tell us",
            points=(
                "We use it to find out what help your child and your family need, and to arrange that help.",
                "The people who work with you see it. Managers and office staff see only what they need for that.",
                "We write down what matters. We store it on a computer.",
                "Some basic facts are on a list that other staff in children's services can see. They are your child's "
                "name, age, address and ethnic group, who asked us to help, and when.",
                "We use numbers to plan our services. Nobody can tell from them who you are.",
                "We follow the law on data protection. Any worker can tell you more.",
            ),
        ),
        Section(
            "Your right to see it",
            points=(
                "You can ask to see what we have written about you, on paper and on the computer.",
                "A child who is old enough to decide can ask to see their own record. If they are, you can see it "
                "when your child says yes.",
                "Ask any worker you meet. They will tell you how it works and help you to ask.",
                "If you think something is wrong, tell us. We will look at it with you.",
            ),
        ),
        Section(
            "Sharing with other people",
            points=(
                "To give the right help we may need to ask others about your child, or tell them something.",
                "We only ask for what we need to know. We only tell others what they need to know to help.",
                "You choose who, below. You can say no. We will still work with you.",
                "You can change your mind at any time. Tell any worker. We stop from that day, but we cannot take back "
                "what we have already shared.",
            ),
        ),
        Section(
            "When we may have to tell somebody without asking you",
            text=(
                "If we think that a child, or anybody else, may come to harm, we have to tell the people who can help. "
                "This does not happen often. We will tell you first unless that would put somebody at risk.",
            ),
            framed=True,
        ),
    ),
    agree="Who you say yes to",
    agree_how="Tick each one you agree to.",
    limits=("What we may share about:", "What we must not share, and with whom:"),
    understood=(
        "I have read this form, or somebody has read it with me.",
        "I know that I can ask to see what is written.",
        "I know when you may have to tell somebody without asking me.",
        "I know that I can change my mind.",
    ),
    about=("Child's name:", "Date of birth:", "Our permission ends on:", ""),
    signs=("Parent or carer", "Parent or carer", "Worker who explained this"),
)

YOUNG = Reader(
    subtitle="for a young person",
    first=(
        "This paper is about what you tell us, and who else may know. Read it with somebody you trust, or with your "
        "worker. Ask about anything you like. You get a copy to keep."
    ),
    sections=(
        Section(
            "What happens to what you tell us",
            points=(
                "We use it to find out what would help you and your family.",
                "The people who work with you see it. Their managers and the office see only what they need.",
                "We write down what matters and store it on a computer.",
                "A few facts are on a list that other workers can see. They are your name, age, address and ethnic "
                "group, who asked us to help you, and when.",
                "We count how many people we help. Nobody can tell from those numbers who you are.",
                "There is a law about how we look after what we know. Your worker can tell you more.",
            ),
        ),
        Section(
            "You can see what we write",
            points=(
                "You can ask to see what we have written about you.",
                "If you are old enough to decide, your parents see it only when you say yes.",
                "Ask any worker you meet. They will help you to ask.",
                "If you think something is wrong, tell us.",
            ),
        ),
        Section(
            "Telling other people",
            points=(
                "To help you we may need to ask other people about you, or tell them something.",
                "We only tell them what they need to know.",
                "You choose who, below. You can say no. We will still help you.",
                "You can change your mind at any time. Tell any worker and we stop. We cannot take back what we have "
                "already told.",
            ),
        ),
        Section(
            "When we have to tell somebody without asking you",
            text=(
                "If we think that you or somebody else may get hurt, we have to tell people who can help. "
                "This does not happen often. We will try to tell you first.",
            ),
            framed=True,
        ),
    ),
    agree="Who you say yes to",
    agree_how="Tick each one you are happy with.",
    limits=("What we may talk about:", "What we must not tell, and to whom:"),
    understood=(
        "I have read this, or somebody has read it with me.",
        "I know that I can ask to see what is written about me.",
        "I know when you have to tell somebody without asking me.",
        "I know that I can change my mind.",
    ),
    about=("My name:", "Date of birth:", "My yes ends on:", ""),
    signs=("Young person", "Worker who explained this"),
)

READERS = {"carers": CARERS, "young": YOUNG}
