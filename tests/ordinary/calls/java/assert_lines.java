// shows: assert lines
// verdict: accepted
// limits: cpu_s=10
import java.util.*;
class Solution {
    static List<Integer> primes(int n) {
        List<Integer> out = new ArrayList<>();
        for (int i = 2; i <= n; i++) { boolean good = true; for (int p : out) if (i % p == 0) good = false; if (good) out.add(i); }
        return out;
    }
}
// --- tests ---
assertEquals(List.of(2, 3, 5, 7), Solution.primes(10));
assertEquals(List.of(), Solution.primes(1));
assert Solution.primes(2).equals(Arrays.asList(2));
