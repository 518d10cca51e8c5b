// What stands between a block's matrix products, each forward and backward in one pass over its rows: RMSNorm, SwiGLU,
// and the split of the fused projection into rotated queries, rotated keys and values. All arithmetic is in float32.
#include <memory>

#include "vectors.h"

namespace {

constexpr int kParts = 32;  // of a sum over rows: fixed, so that no result depends on the number of threads

float total(Vec value) {
    float sum = 0;
    for (int lane = 0; lane < kLanes; lane++) sum += value[lane];
    return sum;
}

template <class E>
void rms_norm(const E* x, int64_t x_stride, const E* weight, int64_t rows, int64_t width, float eps, E* out, float* scales, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t r = 0; r < rows; r++) {
        const E* row = x + r * x_stride;
        Vec squares = {};
        for (int64_t i = 0; i < width; i += kLanes) {
            const Vec value = load_some(row + i, width - i, 0.0f);
            squares += value * value;
        }
        scales[r] = 1.0f / std::sqrt(total(squares) / width + eps);
        for (int64_t i = 0; i < width; i += kLanes) {
            const Vec value = load_some(row + i, width - i, 0.0f) * load_some(weight + i, width - i, 0.0f);
            store_some(out + r * width + i, value * scales[r], width - i);
        }
    }
}

template <class E>
void rms_norm_backward(
    const E* grad, int64_t grad_stride, const E* x, int64_t x_stride, const E* weight, const float* scales, int64_t rows,
    int64_t width, E* grad_x, E* grad_weight, int threads) {
    const int64_t padded = (width + kLanes - 1) / kLanes * kLanes;
    std::unique_ptr<float[]> sums(new float[kParts * padded]());
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < kParts; part++) {
        float* sum = sums.get() + part * padded;
        for (int64_t r = rows * part / kParts; r < rows * (part + 1) / kParts; r++) {
            const E *row = x + r * x_stride, *slope = grad + r * grad_stride;
            Vec products = {};
            for (int64_t i = 0; i < width; i += kLanes) {
                const int64_t count = width - i;
                const Vec normal = load_some(row + i, count, 0.0f) * scales[r];
                const Vec along = load_some(slope + i, count, 0.0f) * normal;
                store(sum + i, load<Vec>(sum + i) + along);
                products += along * load_some(weight + i, count, 0.0f);
            }
            const float mean = total(products) / width;
            for (int64_t i = 0; i < width; i += kLanes) {
                const int64_t count = width - i;
                const Vec normal = load_some(row + i, count, 0.0f) * scales[r];
                const Vec weighted = load_some(slope + i, count, 0.0f) * load_some(weight + i, count, 0.0f);
                store_some(grad_x + r * width + i, (weighted - normal * mean) * scales[r], count);
            }
        }
    }
    for (int64_t i = 0; i < width; i += kLanes) {
        Vec sum = {};
        for (int part = 0; part < kParts; part++) sum += load<Vec>(sums.get() + part * padded + i);
        store_some(grad_weight + i, sum, width - i);
    }
}

// 1 / (1 + exp(-x)); beyond 2^127 the exponent would overflow, and there the result is 0 to float32.
Vec sigmoid(Vec x) {
    const Vec power = x * -1.44269504088896f;
    return 1.0f / (1.0f + exp2(power > 127.0f ? splat(127.0f) : power));
}

template <class E>
void swiglu(const E* gate, const E* up, int64_t count, E* out, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t i = 0; i < count; i += kLanes) {
        const Vec g = load_some(gate + i, count - i, 0.0f);
        store_some(out + i, g * sigmoid(g) * load_some(up + i, count - i, 0.0f), count - i);
    }
}

template <class E>
void swiglu_backward(const E* grad, const E* gate, const E* up, int64_t count, E* grad_gate, E* grad_up, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t i = 0; i < count; i += kLanes) {
        const Vec slope = load_some(grad + i, count - i, 0.0f), g = load_some(gate + i, count - i, 0.0f);
        const Vec s = sigmoid(g);
        store_some(grad_up + i, slope * g * s, count - i);
        store_some(grad_gate + i, slope * load_some(up + i, count - i, 0.0f) * s * (1.0f + g * (1.0f - s)), count - i);
    }
}

// Rows [token][group + 2][dim] of the fused projection: the group's queries, its key, its value. `angles` are [token][dim].
template <class E>
struct Rotation {
    const E *cosines, *sines;
    int64_t tokens, kv_heads, group, dim;

    // first half' = first cos - second sin, second half' = second cos + first sin; or, `back`, its transpose.
    void turn(const E* from, int64_t token, bool back, E* to) const {
        const int64_t half = dim / 2;
        const E *cosine = cosines + token * dim, *sine = sines + token * dim;
        for (int64_t i = 0; i < half; i += kLanes) {
            const Vec first = load_wide(from + i), second = load_wide(from + half + i);
            const Vec sine_first = load_wide(sine + i), sine_second = load_wide(sine + half + i);
            const Vec a = first * load_wide(cosine + i), b = second * load_wide(cosine + half + i);
            store_narrow(to + i, back ? a + second * sine_second : a - second * sine_first);
            store_narrow(to + half + i, back ? b - first * sine_first : b + first * sine_second);
        }
    }

    void split(const E* qkv, E* q, E* k, E* v, int threads) const {
#pragma omp parallel for num_threads(threads) schedule(static)
        for (int64_t row = 0; row < tokens * kv_heads; row++) {
            const E* from = qkv + row * (group + 2) * dim;
            for (int64_t member = 0; member < group; member++)
                turn(from + member * dim, row / kv_heads, false, q + (row * group + member) * dim);
            turn(from + group * dim, row / kv_heads, false, k + row * dim);
            std::memcpy(static_cast<void*>(v + row * dim), from + (group + 1) * dim, sizeof(E) * dim);
        }
    }

    void join(const E* q, const E* k, const E* v, E* qkv, int threads) const {
#pragma omp parallel for num_threads(threads) schedule(static)
        for (int64_t row = 0; row < tokens * kv_heads; row++) {
            E* to = qkv + row * (group + 2) * dim;
            for (int64_t member = 0; member < group; member++)
                turn(q + (row * group + member) * dim, row / kv_heads, true, to + member * dim);
            turn(k + row * dim, row / kv_heads, true, to + group * dim);
            std::memcpy(static_cast<void*>(to + (group + 1) * dim), v + row * dim, sizeof(E) * dim);
        }
    }
};

}  // namespace

#define FOR_TYPE(E, name)                                                                                              \
    extern "C" void rms_norm_##name(                                                                                   \
        const E* x, int64_t x_stride, const E* weight, int64_t rows, int64_t width, float eps, E* out, float* scales,  \
        int threads) {                                                                                                 \
        rms_norm(x, x_stride, weight, rows, width, eps, out, scales, threads);                                         \
    }                                                                                                                  \
    extern "C" void rms_norm_backward_##name(                                                                          \
        const E* grad, int64_t grad_stride, const E* x, int64_t x_stride, const E* weight, const float* scales,        \
        int64_t rows, int64_t width, E* grad_x, E* grad_weight, int threads) {                                         \
        rms_norm_backward(                                                                                             \
            grad, grad_stride, x, x_stride, weight, scales, rows, width, grad_x, grad_weight, threads);                \
    }                                                                                                                  \
    extern "C" void swiglu_##name(const E* gate, const E* up, int64_t count, E* out, int threads) {                    \
        swiglu(gate, up, count, out, threads);                                                                         \
    }                                                                                                                  \
    extern "C" void swiglu_backward_##name(                                                                            \
        const E* grad, const E* gate, const E* up, int64_t count, E* grad_gate, E* grad_up, int threads) {             \
        swiglu_backward(grad, gate, up, count, grad_gate, grad_up, threads);                                           \
    }                                                                                                                  \
    extern "C" void split_rotated_##name(                                                                              \
        const E* qkv, const E* cosines, const E* sines, int64_t tokens, int64_t kv_heads, int64_t group, int64_t dim,  \
        E* q, E* k, E* v, int threads) {                                                                               \
        Rotation<E>{cosines, sines, tokens, kv_heads, group, dim}.split(qkv, q, k, v, threads);                        \
    }                                                                                                                  \
    extern "C" void join_rotated_##name(                                                                               \
        const E* q, const E* k, const E* v, const E* cosines, const E* sines, int64_t tokens, int64_t kv_heads,        \
        int64_t group, int64_t dim, E* qkv, int threads) {                                                             \
        Rotation<E>{cosines, sines, tokens, kv_heads, group, dim}.join(q, k, v, qkv, threads);                         \
    }

FOR_TYPE(float, float32)
FOR_TYPE(Bf16, bfloat16)
