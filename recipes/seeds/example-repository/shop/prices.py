"""Prices, discounts and change, in cents so that nothing is lost to rounding."""

from datetime import date

COINS = (200, 100, 50, 20, 10, 5, 2, 1)
DISCOUNTS = {"student": 10, "senior": 15, "staff": 25}


def change(paid: int, price: int) -> list[int]:
    """The coins to give back, largest first; nothing where the customer paid too little.

    >>> change(500, 388)
    [100, 10, 2]
    """
    rest = paid - price
    coins = []
    for coin in COINS:
        while rest >= coin:
            coins.append(coin)
            rest -= coin
    return coins


def discounted(price: int, group: str = "", code_percent: int = 0) -> int:
    """The price after the better of the group's discount and a code's; never below a tenth of it.

    >>> discounted(1000, "student", 5)
    900
    >>> discounted(1000, "staff", 0)
    750
    >>> discounted(999, "", 95)
    99
    """
    percent = max(DISCOUNTS.get(group, 0), code_percent)
    return max(price * (100 - percent) // 100, price // 10)


def as_euros(cents: int) -> str:
    """`1234` as `12.34 €`, with the sign in front."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d} €"


def split_evenly(cents: int, people: int) -> list[int]:
    """Shares that differ by one cent at most, the larger ones first; nobody means no shares."""
    if people <= 0:
        return []
    share, rest = divmod(cents, people)
    return [share + (1 if number < rest else 0) for number in range(people)]


def is_on_sale(day: date) -> bool:
    """Whether today is the sale. Reads the clock, so the generator leaves it out."""
    return day == date.today()
