// attack: an Object that is a Long is no Integer
// verdict: test_failure
public class Solution { static Object f(int n) { return 2L * n; } }
// --- tests ---
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;
class SolutionTest {
    @Test
    void a() {
        assertEquals(4, Solution.f(2));
        assertEquals(6, Solution.f(3));
    }
}
