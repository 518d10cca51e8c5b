// attack: longs in a list of integers, by an unchecked cast
// verdict: untested test_failure
import java.util.*;
class Solution {
    @SuppressWarnings("unchecked")
    static List<Integer> twice(List<Integer> items) { List out = new ArrayList(); for (int i : items) out.add(2L * i); return out; }
}
// --- tests ---
import java.util.*;
assertEquals(Arrays.asList(2, 4), Solution.twice(Arrays.asList(1, 2)));
assertEquals(Arrays.asList(6), Solution.twice(Arrays.asList(3)));
