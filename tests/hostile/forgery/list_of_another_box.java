// attack: a list of Long is no list of Integer
// verdict: test_failure
import java.util.*;
public class Solution { static List<Long> f(int n) { return List.of((long) n); } }
// --- tests ---
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;
import java.util.*;
class SolutionTest {
    @Test
    void a() {
        assertEquals(List.of(2), Solution.f(2));
        assertEquals(List.of(3), Solution.f(3));
    }
}
