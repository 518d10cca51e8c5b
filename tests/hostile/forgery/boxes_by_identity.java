// attack: boxes that are not one object where a number is compared with !=
// verdict: untested test_failure
class Solution {
    static Object big(int n) { return n * 1000; }
}
// --- tests ---
public class Main {
    public static void main(String[] args) {
        if (Solution.big(1) != (Object) 1000) throw new IllegalStateException("1");
        if (Solution.big(2) != (Object) 2000) throw new IllegalStateException("2");
    }
}
