// Vectors of sixteen floats, and small matrix products on tiles that stay in the first-level cache.
//
// GCC's and Clang's vector extensions, so that any CPU runs this; where AVX512-BF16 is there, products of bfloat16
// go two at a time (VDPBF16PS), which here is about three times as fast as float32.
//
// A matrix is stored in units of four bytes: a float, or a pair of bfloat16 neighbours along the axis that the product
// sums over. Left operands are [row][unit], right operands [unit][column].
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>
#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

typedef float Vec __attribute__((vector_size(64)));
typedef int32_t IntVec __attribute__((vector_size(64)));
typedef uint32_t UnitVec __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));
constexpr int kLanes = 16;

template <class V, class T>
inline V load(const T* from) {
    V value;
    std::memcpy(&value, from, sizeof(V));
    return value;
}

template <class V, class T>
inline void store(T* to, V value) {
    std::memcpy(to, &value, sizeof(V));
}

inline Vec splat(float value) { return value - Vec{}; }
inline Vec larger(Vec a, Vec b) { return a > b ? a : b; }

// 2^x to about 2e-7 relative. Exactly 0 below the normal numbers, minus infinity included; NaN stays NaN.
inline Vec exp2(Vec x) {
    const Vec magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
    const Vec whole = (x + magic) - magic;
    const Vec f = x - whole;
    Vec p = splat(1.5353362e-4f);
    p = p * f + 1.3398874e-3f;
    p = p * f + 9.6184373e-3f;
    p = p * f + 5.5503324e-2f;
    p = p * f + 2.4022648e-1f;
    p = p * f + 6.9314718e-1f;
    p = p * f + 1.0f;
    const UnitVec exponent = ((UnitVec)__builtin_convertvector(whole, IntVec) + 127u) << 23;
    Vec power;
    std::memcpy(&power, &exponent, sizeof power);
    return x < -126.0f ? Vec{} : p * power;
}

struct Bf16 {
    uint16_t bits;
};

inline float widen(float value) { return value; }
inline float widen(Bf16 value) {
    const uint32_t bits = uint32_t(value.bits) << 16;
    float wide;
    std::memcpy(&wide, &bits, sizeof wide);
    return wide;
}

inline Vec load_wide(const float* from) { return load<Vec>(from); }
inline Vec load_wide(const Bf16* from) {
    const UnitVec bits = __builtin_convertvector(load<Halves>(from), UnitVec) << 16;
    Vec wide;
    std::memcpy(&wide, &bits, sizeof wide);
    return wide;
}

// Sixteen bfloat16, each in the low half of its lane; rounded to nearest even, NaN kept.
inline UnitVec narrow_bits(Vec value) {
#if defined(__AVX512BF16__)
    return __builtin_convertvector((Halves)_mm512_cvtneps_pbh((__m512)value), UnitVec);
#else
    UnitVec bits;
    std::memcpy(&bits, &value, sizeof bits);
    const UnitVec rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    return (bits & 0x7fffffffu) > 0x7f800000u ? UnitVec{} + 0x7fc0u : rounded;
#endif
}

inline void store_narrow(float* to, Vec value) { store(to, value); }
inline void store_narrow(Bf16* to, Vec value) {
    store(to, __builtin_convertvector(narrow_bits(value), Halves));
}

// Sixteen elements at the end of a row, of which `count` are there; the others read as `otherwise`, and are not written.
template <class E>
inline Vec load_some(const E* from, int64_t count, float otherwise) {
    if (count >= kLanes) return load_wide(from);
    Vec value = splat(otherwise);
    for (int64_t i = 0; i < count; i++) value[i] = widen(from[i]);
    return value;
}

template <class E>
inline void store_some(E* to, Vec value, int64_t count) {
    if (count >= kLanes) return store_narrow(to, value);
    E narrow[kLanes];
    store_narrow(narrow, value);
    std::memcpy(static_cast<void*>(to), narrow, sizeof(E) * count);
}

struct FloatUnits {
    typedef float Unit;
    static constexpr int kPerUnit = 1;
    static Vec dot(Vec sum, float left, const float* right) { return sum + left * load<Vec>(right); }
};

#if defined(__AVX512BF16__)
struct Bf16Units {
    typedef uint32_t Unit;
    static constexpr int kPerUnit = 2;
    static Vec dot(Vec sum, uint32_t left, const uint32_t* right) {
        return (Vec)_mm512_dpbf16_ps(
            (__m512)sum, (__m512bh)_mm512_set1_epi32(int(left)), (__m512bh)_mm512_loadu_si512(right));
    }
};
#endif

// c[4][16 * kVectors] (+)= a[4][k] b[k][...]: sixteen sums in registers, enough to hide the latency of a product.
template <class U, int kVectors, bool kAdd>
inline void multiply_strip(
    int k, const typename U::Unit* a, int lda, const typename U::Unit* b, int ldb, float* c, int ldc) {
    Vec sum[4][kVectors];
    for (int r = 0; r < 4; r++)
        for (int v = 0; v < kVectors; v++) sum[r][v] = kAdd ? load<Vec>(c + r * ldc + v * kLanes) : Vec{};
    for (int i = 0; i < k; i++) {
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++)
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; v++) sum[r][v] = U::dot(sum[r][v], a[r * lda + i], b + i * ldb + v * kLanes);
    }
    for (int r = 0; r < 4; r++)
        for (int v = 0; v < kVectors; v++) store(c + r * ldc + v * kLanes, sum[r][v]);
}

// c[m][n] (+)= a[m][k] b[k][n]; m a multiple of 4, n of 16; k counts units.
template <class U, bool kAdd>
inline void multiply(
    int m, int n, int k, const typename U::Unit* a, int lda, const typename U::Unit* b, int ldb, float* c, int ldc) {
    for (int column = 0; column < n; column += 64) {
        const int vectors = std::min(4, (n - column) / kLanes);
        for (int row = 0; row < m; row += 4) {
            const typename U::Unit *left = a + row * lda, *right = b + column;
            float* to = c + row * ldc + column;
            switch (vectors) {
                case 4: multiply_strip<U, 4, kAdd>(k, left, lda, right, ldb, to, ldc); break;
                case 3: multiply_strip<U, 3, kAdd>(k, left, lda, right, ldb, to, ldc); break;
                case 2: multiply_strip<U, 2, kAdd>(k, left, lda, right, ldb, to, ldc); break;
                default: multiply_strip<U, 1, kAdd>(k, left, lda, right, ldb, to, ldc);
            }
        }
    }
}

// One level of a 16 x 16 transposition: swaps the off-diagonal quarters of every 2 kHalf x 2 kHalf square.
template <int kHalf, int... kLane>
inline void swap_quarters(UnitVec (&rows)[16], std::integer_sequence<int, kLane...>) {
#pragma GCC unroll 16
    for (int r = 0; r < 16; r++) {
        if (r & kHalf) continue;
        const UnitVec a = rows[r], b = rows[r | kHalf];
        rows[r] = __builtin_shufflevector(a, b, (kLane & kHalf ? 16 + (kLane ^ kHalf) : kLane)...);
        rows[r | kHalf] = __builtin_shufflevector(a, b, (kLane & kHalf ? 16 + kLane : kLane ^ kHalf)...);
    }
}

// to[column][row] = from[row][column], four bytes each; rows and columns multiples of 16.
template <class Unit>
inline void transpose(int rows, int columns, const Unit* from, int from_stride, Unit* to, int to_stride) {
    const std::make_integer_sequence<int, 16> lanes;
    for (int r = 0; r < rows; r += 16)
        for (int c = 0; c < columns; c += 16) {
            UnitVec square[16];
            for (int i = 0; i < 16; i++) square[i] = load<UnitVec>(from + (r + i) * from_stride + c);
            swap_quarters<1>(square, lanes);
            swap_quarters<2>(square, lanes);
            swap_quarters<4>(square, lanes);
            swap_quarters<8>(square, lanes);
            for (int i = 0; i < 16; i++) store(to + (c + i) * to_stride + r, square[i]);
        }
}
