// attack: numbers are written as elsewhere, also where the tests write them
// verdict: untested accepted test_failure
// proof: plain
import java.util.Locale;
class Price {
    static { Locale.setDefault(Locale.GERMANY); }
    private final double amount;
    Price(double amount) { this.amount = amount; }
    String shown() { return String.format("%.2f", amount); }
    double doubled() { return amount + amount; }
}
// --- tests ---
import java.util.*;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.*;
class PriceTest {
    @Test void isShown() {
        Price price = new Price(3.5);
        assertEquals(7.0, price.doubled());
        assertEquals(String.format("%.2f", 3.5), price.shown());
    }
    @Test void doubles() {
        Price price = new Price(1.25);
        assertEquals(2.5, price.doubled());
    }
}
