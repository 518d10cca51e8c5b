// shows: junit new each
// verdict: accepted
// limits: cpu_s=10
public class Calculator {
    public int add(int a, int b) { return a + b; }
    public double half(int a) { return a / 2.0; }
}
// --- tests ---
import static org.junit.jupiter.api.Assertions.assertEquals;
import org.junit.jupiter.api.Test;

class CalculatorTest {
    @Test
    void adds() {
        Calculator calculator = new Calculator();
        assertEquals(5, calculator.add(2, 3));
    }

    @Test
    void halves() {
        Calculator calculator = new Calculator();
        assertEquals(1.5, calculator.half(3), 1e-9);
    }
}
