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

SHORTEST, EVERY, TELLINGS = 100, 40, 12
"""Characters of other text in the shortest practice document; characters for each telling in the densest; tellings at most."""


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


FIRST = _words(
    """
    angry bashful blissful bouncy brave breezy calm charming cheerful chilly chubby clumsy cosy crafty cuddly
    curious dapper daring dizzy drowsy dusty fearless fierce fluffy frosty fuzzy gentle giddy gleeful gloomy
    graceful grumpy hasty hearty humble hungry jolly jovial joyful keen lively lonely lucky majestic mellow
    merry mighty moody nervous nimble noble perky playful plucky polite proud quaint restless royal rowdy
    scruffy shiny silky sleek sleepy snowy sturdy sunny swift tall tame thirsty timid tranquil vivid weary witty
    woolly young zany zesty
    """
)
SECOND = _words(
    """
    amber aqua azure beige bronze brown cherry cobalt copper coral cream crimson cyan emerald golden indigo
    ivory jade khaki lavender lilac lime magenta maroon mint ochre olive pearl pink plum purple ruby rust
    saffron sapphire scarlet silver tan teal turquoise violet mauve maple
    """
)
THIRD = _words(
    """
    ape badger bear beaver bee bison boar buffalo camel cobra cow crab crane crow deer dog dolphin donkey dove
    eagle eel elephant elk falcon ferret fox frog giraffe goat goose gorilla hamster hare hawk heron horse
    kangaroo koala lamb lark leopard lion lizard llama lobster mole monkey moose moth mule octopus otter owl
    panda panther parrot pig pony puma rabbit raven seal shark sheep skunk snail spider swan tiger toad trout
    turkey walrus wasp weasel whale wolf wombat worm zebra
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
    told twice or more: up to once every `EVERY` characters, and `TELLINGS` times beside the last.

    Lengths are spread evenly over their logarithm, so that a repetition comes after every distance. Short documents
    are dense, since looking back is learnt from many repetitions; long ones are not, since where the last telling is
    always near, none learns to look far.
    """
    sentence = fact(password(rng))
    characters = int(SHORTEST * (max(longest, SHORTEST) / SHORTEST) ** rng.random())
    lines = _passage(rng, text, characters)
    for _ in range(rng.randint(1, min(TELLINGS, max(1, characters // EVERY)))):
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
