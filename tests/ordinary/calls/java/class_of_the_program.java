// shows: class of the program
// verdict: accepted
// limits: cpu_s=10
import java.util.*;
public class Inventory {
    private final Map<String, Integer> items = new HashMap<>();
    public int add(String name, int count) { return items.merge(name, count, Integer::sum); }
    public boolean has(String name) { return items.containsKey(name); }
}
// --- tests ---
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;

public class InventoryTest {
    @Test
    public void addsUp() {
        Inventory inventory = new Inventory();
        assertEquals(2, inventory.add("nail", 2));
        assertEquals(5, inventory.add("nail", 3));
        assertTrue(inventory.has("nail"));
    }

    @Test
    public void beginsEmpty() {
        Inventory inventory = new Inventory();
        assertFalse(inventory.has("nail"));
        assertEquals(1, inventory.add("nail", 1));
    }
}
