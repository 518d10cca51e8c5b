// shows: result in a variable
// verdict: accepted
// limits: cpu_s=10
import java.util.*;
class Solution {
    static List<Integer> unique(List<Integer> items) { return new ArrayList<>(new LinkedHashSet<>(items)); }
    static String join(List<String> items) { return String.join("-", items); }
}
// --- tests ---
import java.util.*;
public class Main {
    public static void main(String[] args) {
        if (!Solution.unique(Arrays.asList(3, 1, 3)).equals(Arrays.asList(3, 1))) {
            throw new IllegalStateException("unique");
        }
        String joined = Solution.join(List.of("a", "b"));
        if (!joined.equals("a-b")) {
            throw new IllegalStateException("join: " + joined);
        }
    }
}
