# shows: LeetCode's: the first k are what is left
# verdict: accepted
def remove_duplicates(nums):
    k = 0
    for number in nums:
        if k == 0 or nums[k - 1] != number:
            nums[k] = number
            k += 1
    return k
# --- tests ---
import pytest


@pytest.mark.parametrize("nums, expected", [([1, 1, 2], [1, 2]), ([0, 0, 1, 1, 2], [0, 1, 2]), ([], [])])
def test_remove_duplicates(nums, expected):
    k = remove_duplicates(nums)
    assert k == len(expected)
    assert nums[:k] == expected
