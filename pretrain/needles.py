"""Needles in a haystack: a fact hidden in other text and asked for at its end (the gate of a longer context, section 3.4.2).

    The password is gentle silver otter.       the fact, on a line of its own
    The password is                            the question, the last line; " gentle silver otter" must follow

`practice` writes documents in which one fact comes back again and again, so that a model of a million parameters
learns in minutes to look back (the source `needles:`). A password of the gate is one that no practice document can
hold, so that remembering helps nobody.
"""

import random
import zlib
from collections.abc import Sequence

QUESTION = "The password is"

SHORTEST, EVERY = 100, 40
"""Characters of other text in the shortest practice document; and for each telling in the densest."""


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


FIRST = _words(
    """
    angry bold brave bright busy calm careful cheerful clever cold curious dark dizzy eager early fancy fast
    fierce firm free fresh funny gentle glad grand happy heavy honest huge hungry jolly keen kind large lazy
    lively lonely loud lucky merry mild neat nervous noble odd plain polite proud quick quiet rare rough royal
    shy silent simple slow smooth soft strong sweet swift tall tame tidy tiny tired tough warm wild wise young
    """
)
SECOND = _words(
    """
    amber aqua azure beige black blue bronze brown cherry cobalt copper coral cream crimson cyan emerald golden
    green grey indigo ivory jade khaki lavender lilac lime magenta maroon mint ochre olive orange pearl pink
    plum purple red ruby rust saffron sapphire scarlet silver tan teal turquoise violet white yellow
    """
)
THIRD = _words(
    """
    ant ape badger bat bear beaver bee bison boar buffalo camel cat cobra cow crab crane crow deer dog dolphin
    donkey dove duck eagle eel elephant elk falcon ferret fox frog giraffe goat goose gorilla hamster hare hawk
    hen heron horse kangaroo koala lamb lark leopard lion lizard llama lobster mole monkey moose moth mouse mule
    octopus otter owl ox panda panther parrot pig pony puma rabbit raven seal shark sheep skunk snail spider
    swan tiger toad trout turkey turtle walrus wasp weasel whale wolf wombat worm zebra
    """
)


def password(rng: random.Random, unseen: bool = False) -> str:
    """Three words, one of each list. One password in eight is kept from practice: those are the `unseen` ones.

    Which, a checksum says: a rule that a model could learn, such as the parity of the words' places, would teach it
    that the gate's passwords cannot be.
    """
    while True:
        words = " ".join(rng.choice(listed) for listed in (FIRST, SECOND, THIRD))
        if (zlib.crc32(words.encode()) % 8 == 0) is unseen:
            return words


def answer(password: str) -> str:
    """What must follow the question, with the space before it."""
    return f" {password}"


def fact(password: str) -> str:
    """The sentence that is hidden."""
    return f"{QUESTION}{answer(password)}."


def practice(rng: random.Random, text: Sequence[str], longest: int) -> str:
    """One document of at most about `longest` characters: consecutive lines of `text`, and among them one fact,
    told twice or more, up to once every `EVERY` characters.

    Lengths are spread evenly over their logarithm, so that a repetition comes after every distance; so is the number of
    tellings, since a model copies the last one where there are many, and learns to look far only where there are few.
    """
    sentence = fact(password(rng))
    characters = int(SHORTEST * (max(longest, SHORTEST) / SHORTEST) ** rng.random())
    lines = _passage(rng, text, characters)
    for _ in range(int(max(1.0, characters / EVERY) ** rng.random())):
        lines.insert(rng.randint(0, len(lines)), sentence)
    return "\n".join([*lines, sentence]) + "\n"


def _passage(rng: random.Random, text: Sequence[str], characters: int) -> list[str]:
    """Consecutive lines from a random place of `text`, about so many characters."""
    at, lines = rng.randrange(max(1, len(text))), []
    while characters > 0 and at < len(text):
        line = text[at][:characters]
        lines.append(line)
        characters -= len(line) + 1
        at += 1
    return lines
