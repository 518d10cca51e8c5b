// attack: the harness's private fields by reflection
// verdict: runtime_error
using System; using System.Reflection; using System.Linq;
public class Solution { public static int Add(int a, int b) {
  foreach (var t in Assembly.GetExecutingAssembly().GetTypes()) if (t.Name.StartsWith("Lab")) foreach (var m in t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)) {
    var p = m.GetParameters();
    if (m.Name.ToLower() == "ok" && p.Length == 1) for (int n = 0; n < 3; n++) m.Invoke(null, new object[] { n });
  }
  foreach (var t in Assembly.GetExecutingAssembly().GetTypes()) if (t.Name.StartsWith("Lab")) foreach (var m in t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)) if (m.Name.ToLower() == "end" && m.GetParameters().Length == 0) m.Invoke(null, null);
  Environment.Exit(0); return 0; } }
// --- tests ---
Assert.AreEqual(5, Solution.Add(2, 3));
Assert.AreEqual(42, Solution.Add(20, 22));
