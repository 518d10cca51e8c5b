// attack: one object for all tests, whatever they make
// verdict: untested test_failure
class Counter {
    private static int calls = 0;
    int next() { return ++calls; }
}
// --- tests ---
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;

class CounterTest {
    @Test
    void one() {
        Counter counter = new Counter();
        assertEquals(1, counter.next());
        assertEquals(2, counter.next());
    }
    @Test
    void another() {
        Counter counter = new Counter();
        assertEquals(1, counter.next());
    }
}
