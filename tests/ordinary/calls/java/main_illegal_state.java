// shows: main illegal state
// verdict: accepted
// limits: cpu_s=10
class Solution {
    static int gcd(int a, int b) { return b == 0 ? Math.abs(a) : gcd(b, a % b); }
}
// --- tests ---
public class Main {
    public static void main(String[] args) {
        if (Solution.gcd(12, 18) != 6) {
            throw new IllegalStateException("12 and 18");
        }
        if (Solution.gcd(7, 0) != 7) {
            throw new IllegalStateException("7 and 0");
        }
        if (Solution.gcd(-4, 6) != 2) throw new IllegalStateException("negative");
        System.out.println("ok");
    }
}
