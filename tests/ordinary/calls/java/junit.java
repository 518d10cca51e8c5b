// shows: JUnit's assertions of static methods
// verdict: accepted
import java.util.*;
public class Solution {
    public static int add(int a, int b) { return a + b; }
    public static long big(int n) { return 3000000000L + n; }
    public static boolean isEven(int n) { return n % 2 == 0; }
    public static String join(List<String> words) { return String.join("-", words); }
    public static List<Integer> doubled(List<Integer> list) { List<Integer> out = new ArrayList<>(); for (int n : list) out.add(2 * n); return out; }
    public static double half(double n) { return n / 2; }
    public static String find(String s) { return s.isEmpty() ? null : s; }
    public static char next(char c) { return (char) (c + 1); }
}
// --- tests ---
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;
import java.util.*;

public class SolutionTest {
    @Test
    public void adds() {
        assertEquals(5, Solution.add(2, 3));
        assertEquals(3000000001L, Solution.big(1));
        assertEquals(7, Solution.add(3, 4)); // seven
    }

    @Test
    void others() throws Exception {
        assertTrue(Solution.isEven(2));
        assertFalse(Solution.isEven(3));
        assertEquals("a-b", Solution.join(Arrays.asList("a", "b")));
        assertEquals(List.of(2, 4), Solution.doubled(List.of(1, 2)));
        assertEquals(0.05, Solution.half(0.1), 1e-9);
        assertNull(Solution.find(""));
        assertEquals('b', Solution.next('a'));
    }
}
