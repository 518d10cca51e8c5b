#!/usr/bin/env bash
# pytest-xdist 3.8.0 under pytest 9.2.0: `--dist loadgroup` takes no notice of `xdist_group`, and says nothing.
#
# xdist carries a test's group from the worker to the scheduler as a suffix of the test's node id, which it writes to
# `item._nodeid`. pytest 9.2 makes the node id from another field, so the suffix is lost and each test is a group of its
# own. Two tests of one group (one engine, one port, one file) then run at the same time in two processes.
#
# Seen: eight tests of one group, two workers: both workers ran some of them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pytest==9.2.0 pytest-xdist==3.8.0
cat >"$work/test_group.py" <<'EOF'
import time
import pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_of_one_group(number):
    time.sleep(0.3)
EOF
cd "$work"
"$work/venv/bin/pytest" -n 2 --dist loadgroup -v -p no:cacheprovider test_group.py | tee run.log
workers=$(grep -oE '\[gw[01]\].*PASSED' run.log | grep -oE 'gw[01]' | sort -u | wc -l)
echo "workers that ran tests of the one group: $workers (seen: 2; with groups at work: 1)"
test "$workers" -eq 2
