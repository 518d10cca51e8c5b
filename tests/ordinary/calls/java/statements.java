// shows: statements with messages, lone truths
// verdict: accepted
class Solution {
    static boolean isEven(int n) { return n % 2 == 0; }
    static int add(int a, int b) { return a + b; }
    static String twice(String s) { return s + s; }
}
// --- tests ---
assert Solution.isEven(2) : "two";
assert !Solution.isEven(3);
assert Solution.add(1, 2) == 3 : "three";
assert Solution.twice("ab").equals("abab") : "abab";
assertEquals(3, Solution.add(1, 2));
assertTrue(Solution.isEven(0));
