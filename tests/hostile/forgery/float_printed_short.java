// attack: 0.1f is not 0.1
// verdict: test_failure
public class Solution { static float f(int n) { return n / 10f; } }
// --- tests ---
class Main {
    public static void main(String[] args) {
        assert Solution.f(1) == 0.1;
        assert Solution.f(3) == 0.3;
    }
}
