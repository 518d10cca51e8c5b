"""Our masks on every chat template that TRL ships, against the markers of those that have some.

python benchmarks/alignment/chat_templates.py            # the table
python benchmarks/alignment/chat_templates.py --show     # and each conversation that is refused or learned otherwise
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "tests" / "stand_ins")]

from trl_templates import CONVERSATIONS, kind, outcomes  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    found = list(outcomes())
    names = sorted({each.template for each in found})
    print(f"{len(names)} templates, {len({each.template for each in found if each.marked})} with markers\n")
    differences = ("", "thinking block", "header", "behind the end", "only ours")
    print("| conversation | encoded | with markers | alike | " + " | ".join(differences[1:]) + " | refused |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in CONVERSATIONS:
        of = [each for each in found if each.conversation == name]
        good = [each for each in of if not each.refused]
        marked = [each for each in good if each.marked]
        counts = [
            sum(each.differs.startswith(what) if what else not each.differs for each in marked) for what in differences
        ]
        cells = [name, len(good), len(marked), *counts, len(of) - len(good)]
        print(f"| {' | '.join(map(str, cells))} |")
    ids = [each for each in found if not each.refused]
    print(f"\nids are those of the rendered conversation: {sum(each.same_ids for each in ids)} of {len(ids)}")
    ours = {each.template for each in ids if not each.marked}
    print(f"templates without markers that are encoded: {len(ours)}")
    for why, count in Counter(kind(each.refused) for each in found if each.refused).most_common():
        print(f"refused {count}: {why}")
    for what in ("more", "fewer"):
        texts = Counter(text for each in found for text in getattr(each, what) if text.strip())
        for text, count in texts.most_common():
            print(f"{'only the markers learn' if what == 'more' else 'only ours learns'} {count}: {text!r}")
    if show:
        for each in found:
            if each.refused or each.differs or not each.same_ids:
                print(f"{each.template} / {each.conversation}: {each.refused[:110] or (each.more, each.fewer)}")
            elif not each.marked:
                print(f"{each.template} / {each.conversation}: {each.learned}")


if __name__ == "__main__":
    main()
