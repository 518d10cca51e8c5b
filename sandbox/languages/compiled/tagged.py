"""What turns a value into the tagged one that `sandbox/apart` reads, in C++ and Java."""

CPP = r"""
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
template <class T, class = void> struct lab_ranges : ::std::false_type {};
template <class T> struct lab_ranges<T, ::std::void_t<typename T::const_iterator>> : ::std::true_type {};
template <class T, class = void> struct lab_keyed : ::std::false_type {};
template <class T> struct lab_keyed<T, ::std::void_t<typename T::key_type>> : ::std::true_type {};
template <class T, class = void> struct lab_mapped : ::std::false_type {};
template <class T> struct lab_mapped<T, ::std::void_t<typename T::mapped_type>> : ::std::true_type {};
template <class T, class = void> struct lab_paired : ::std::false_type {};
template <class T> struct lab_paired<T, ::std::void_t<typename T::first_type>> : ::std::true_type {};
template <class T, class = void> struct lab_sized : ::std::false_type {};
template <class T> struct lab_sized<T, ::std::void_t<decltype(::std::tuple_size<T>::value)>> : ::std::true_type {};
template <class T, class = void> struct lab_optional : ::std::false_type {};
template <class T> struct lab_optional<T, ::std::void_t<decltype(::std::declval<T>().value_or(*::std::declval<T>()))>> : ::std::true_type {};
template <class T> constexpr bool lab_std() { // one of the library's own types, whose == is the library's
    return ::std::string_view(__PRETTY_FUNCTION__).find("T = std::") != ::std::string_view::npos;
}
static bool lab_whole = false; // a translation's own function compares: an enum or an optional is no number
struct lab_address {};
template <class T> auto lab_apart(T value) { if constexpr (::std::is_pointer_v<T>) return lab_address(); else return value; } // == of a pointer and a text
template <class T> bool lab_alike(T, T); // as the scripts' own comparison deduces its types
static ::std::string lab_quoted(const ::std::string& text) {
    ::std::string out; char code[8];
    for (unsigned char c : text) {
        if (c == '"' || c == '\\') { out += '\\'; out += (char)c; }
        else if (c < 32) { snprintf(code, sizeof code, "\\u%04x", c); out += code; }
        else out += (char)c;
    }
    return "[\"s\",\"" + out + "\"]";
}
template <class T> ::std::string lab_tagged(const T& value);
template <class T, size_t... at> ::std::string lab_items(const T& value, ::std::index_sequence<at...>) {
    ::std::string items;
    ((items += (at ? "," : "") + lab_tagged(::std::get<at>(value))), ...);
    return items;
}
template <class T> ::std::string lab_tagged(const T& value) { // as sandbox/apart reads it
    if constexpr (::std::is_same_v<T, bool>) return value ? "[\"b\",true]" : "[\"b\",false]";
    else if constexpr (::std::is_integral_v<T>) return "[\"i\",\"" + ::std::to_string(value) + "\"]";
    else if constexpr (::std::is_floating_point_v<T>) {
        double near = (double)value; char text[64]; // one of more digits than a double has equals none
        if (near != value && value == value) near = __builtin_nextafter(near, value > near ? __builtin_inf() : -__builtin_inf());
        snprintf(text, sizeof text, "%.17g", near);
        return ::std::string("[\"f\",\"") + text + "\"]";
    }
    else if constexpr (::std::is_class_v<T> && !lab_std<T>()) return "[\"?\",\"object\"]";
    else if constexpr (::std::is_convertible_v<T, ::std::string>) return lab_quoted(value);
    else if constexpr (::std::is_convertible_v<T, ::std::string_view>) return lab_quoted(::std::string(::std::string_view(value)));
    else if constexpr (::std::is_enum_v<T> && ::std::is_convertible_v<T, long long>) return lab_whole ? "[\"?\",\"enum\"]" : lab_tagged((long long)value);
    else if constexpr (lab_optional<T>::value) {
        if (lab_whole && ::std::is_arithmetic_v<::std::decay_t<decltype(*value)>>) return "[\"?\",\"optional\"]";
        return value ? lab_tagged(*value) : "[\"n\"]";
    }
    else if constexpr (lab_paired<T>::value)
        return "[\"l\",[" + lab_tagged(value.first) + "," + lab_tagged(value.second) + "]]";
    else if constexpr (lab_ranges<T>::value) {
        ::std::string items;
        for (const auto& item : value) {
            if (!items.empty()) items += ",";
            if constexpr (lab_mapped<T>::value)
                items += "[" + lab_tagged(item.first) + "," + lab_tagged(item.second) + "]";
            else items += lab_tagged(item);
        }
        return ::std::string(lab_mapped<T>::value ? "[\"m\",[" : lab_keyed<T>::value ? "[\"set\",[" : "[\"l\",[") + items + "]]";
    }
    else if constexpr (lab_sized<T>::value)
        return "[\"l\",[" + lab_items(value, ::std::make_index_sequence<::std::tuple_size<T>::value>()) + "]]";
    else return "[\"?\",\"object\"]";
}
template <class T> ::std::string lab_told(const T& value) { // what == compares as a number without a sign says how wide it is
    if constexpr (::std::is_integral_v<T> && ::std::is_unsigned_v<T> && sizeof(T) >= sizeof(int))
        return "[\"i\",\"" + ::std::to_string(value) + "\"," + ::std::to_string(8 * sizeof(T)) + "]";
    else return lab_tagged(value);
}
template <class F> void lab_value(int index, F call) {
    try {
        const auto got = call();
        ::std::string text = lab_told(got);
        if (text.size() > 200000) text = "[\"?\",\"a value too large\"]";
        text = ::std::string(lab_token) + " value " + ::std::to_string(index) + " " + text + "\n";
        for (size_t at = 0; at < text.size();) {
            const auto n = write(3, text.data() + at, text.size() - at);
            if (n <= 0) _exit(70);
            at += (size_t)n;
        }
    }
    catch (const ::std::exception &e) { lab_bad = 1; lab_say("error", index, (::std::string("raised ") + e.what()).c_str()); }
    catch (...) { lab_bad = 1; lab_say("error", index, "raised what is no std::exception"); }
}
"""
JAVA = r"""
interface LabCall { Object call() throws Throwable; }
class LabTagged { // as sandbox/apart reads it
    private final StringBuilder out = new StringBuilder();
    static String of(Object value) { LabTagged made = new LabTagged(); made.add(value, 0); return made.out.toString(); }
    static Object wide(double value) { return value == (long) value && (value != 0 || 1 / value > 0) ? (Object) (long) value : value; } // both are doubles there
    static Object wide(Double value) { return value == null ? null : wide((double) value); }
    static Object real(double value) { return value; }
    static Object real(Object value) { return value; }
    static Object boxed(int value) { return value; } // == of an object and a number: unboxed where the compiler knows the type
    static Object boxed(long value) { return value; }
    static Object boxed(float value) { return value; }
    static Object boxed(double value) { return value; }
    static Object boxed(char value) { return value; }
    static Object boxed(boolean value) { return value; }
    static Object boxed(Integer value) { return value; }
    static Object boxed(Long value) { return value; }
    static Object boxed(Short value) { return value; }
    static Object boxed(Byte value) { return value; }
    static Object boxed(Float value) { return value; }
    static Object boxed(Double value) { return value; }
    static Object boxed(Character value) { return value; }
    static Object boxed(Boolean value) { return value; }
    static Object boxed(Object value) {
        boolean kept = value instanceof Boolean || value instanceof Integer && (Integer) value == ((Integer) value).byteValue();
        return kept ? value : new Object(); // the box is another
    }
    static boolean truth(boolean value) { return value; }
    static boolean truth(java.util.function.BooleanSupplier value) { return value.getAsBoolean(); }
    static double apart(double expected, double got) { return expected - got; }
    static Object five(Object expected, Object got) { return got; }
    static int four(long expected, long got) { return 0; }
    static int four(Object expected, Object got) { return 0; }
    static void four(double expected, double got) {} // which never holds in JUnit 4
    private static boolean own(Object value) { // an equals of the program's, or items that are known by another
        for (Class<?> kind = value.getClass(); kind != null && kind.getClassLoader() != null; kind = kind.getSuperclass())
            try { kind.getDeclaredMethod("equals", Object.class); return true; } catch (NoSuchMethodException none) {}
        if (!(value instanceof java.util.Map || value instanceof java.util.Set)) return false;
        Object copy = value instanceof java.util.Map ? new java.util.HashMap<>((java.util.Map<?, ?>) value) : new java.util.HashSet<>((java.util.Set<?>) value);
        return value instanceof java.util.IdentityHashMap || !copy.equals(value) || !value.equals(copy);
    }
    static Object wide(long value) { return value; }
    static Object wide(char value) { return value; }
    static Object wide(Long value) { return value; }
    static Object wide(Integer value) { return value; }
    static Object wide(Short value) { return value; }
    static Object wide(Byte value) { return value; }
    static Object wide(Object value) { return value instanceof Number && !(value instanceof Integer || value instanceof Double) ? new Object() : value; }
    private void scalar(String tag, String text, String kind) {
        out.append("[\"").append(tag).append("\",\"");
        for (char c : text.toCharArray()) {
            if (out.length() > 200000) throw new IllegalStateException("a value too large");
            if (c < 32 || c > 126) out.append(String.format("\\u%04x", (int) c)); else { if (c == '"' || c == '\\') out.append('\\'); out.append(c); }
        }
        out.append(kind.isEmpty() ? "\"]" : "\",\"" + kind + "\"]");
    }
    private void items(String tag, java.util.Collection<?> items, int depth) {
        out.append("[\"").append(tag).append("\",[");
        String comma = "";
        for (Object item : items) { out.append(comma); add(item, depth + 1); comma = ","; }
        out.append("]]");
    }
    private void add(Object value, int depth) {
        if (out.length() > 200000 || depth > 20) throw new IllegalStateException("a value too large");
        if (value == null) out.append("[\"n\"]");
        else if (value instanceof Boolean) out.append("[\"b\",").append(value).append("]");
        else if (value instanceof Integer) scalar("i", value.toString(), "");
        else if (value instanceof Long) scalar("i", value.toString(), "long");
        else if (value.getClass() == java.math.BigInteger.class) scalar("i", value.toString(), "big");
        else if (value instanceof Short || value instanceof Byte) scalar("i", value.toString(), "other");
        else if (value instanceof Double) scalar("f", value.toString().replace("Infinity", "inf"), "");
        else if (value instanceof Float) scalar("f", String.valueOf(((Float) value).doubleValue()).replace("Infinity", "inf"), "other");
        else if (value instanceof Character) scalar("s", value.toString(), "letter");
        else if (value instanceof String) scalar("s", (String) value, "");
        else if (value instanceof java.util.Collection || value instanceof java.util.Map ? own(value) : false) out.append("[\"?\",\"object\"]");
        else if (value instanceof java.util.List) items("l", (java.util.List<?>) value, depth);
        else if (value instanceof java.util.Set) items("set", (java.util.Set<?>) value, depth);
        else if (value instanceof java.util.Map) {
            out.append("[\"m\",[");
            String comma = "";
            for (java.util.Map.Entry<?, ?> pair : ((java.util.Map<?, ?>) value).entrySet()) {
                out.append(comma).append("["); add(pair.getKey(), depth + 1); out.append(","); add(pair.getValue(), depth + 1); out.append("]"); comma = ",";
            }
            out.append("]]");
        }
        else out.append("[\"?\",\"object\"]");
    }
}
"""
