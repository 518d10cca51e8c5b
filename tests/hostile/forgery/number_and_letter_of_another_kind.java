// attack: a number of another kind
// verdict: test_failure
class Solution {
    static Object add(int a, int b) { return (double) (a + b); }
    static Object next(char c) { return String.valueOf((char) (c + 1)); }
}
// --- tests ---
assertEquals(5, Solution.add(2, 3));
assertEquals('b', Solution.next('a'));
