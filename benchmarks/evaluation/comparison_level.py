"""How often two evaluations of one checkpoint are told apart, and how often the interval of a score holds the truth.

    python benchmarks/evaluation/comparison_level.py [--repeats 1500]

Problems have chances of their own, drawn from a beta distribution around the true pass@1; 5% and 95% are what is promised.
"""

import argparse

import numpy as np

from evaluation.statistics import compare, score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=1500)
    repeats = parser.parse_args().repeats
    print("problems  samples  pass@1  told apart  interval holds it")
    for problems in (10, 20, 80, 164):
        for samples in (1, 3):
            for truth in (0.05, 0.25):
                apart, held = _simulated(problems, samples, truth, repeats)
                print(f"{problems:>8}{samples:>9}{truth:>8.0%}{apart:>12.1%}{held:>19.1%}")


def _simulated(problems: int, samples: int, truth: float, repeats: int) -> tuple[float, float]:
    random = np.random.default_rng(0)
    apart = held = 0
    for _ in range(repeats):
        chances = random.beta(truth * 2, (1 - truth) * 2, problems)
        one, other = (
            {str(n): list(random.random(samples) < chance) for n, chance in enumerate(chances)} for _ in range(2)
        )
        apart += compare(one, other).sign != 0
        low, high = score("simulated", one).interval
        held += low <= truth <= high
    return apart / repeats, held / repeats


if __name__ == "__main__":
    main()
