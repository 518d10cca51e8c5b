// Cross-entropy of rows of logits, and its gradient written over them while the row is still in the cache.
#include "vectors.h"

namespace {

// A counted row's loss; with `gradient`, its logits become factor * (softmax - target).
template <class E>
float row_loss(E* logits, int64_t vocabulary, int64_t target, bool gradient, float factor) {
    constexpr float kLog2E = 1.44269504088896f, kLn2 = 0.693147180559945f;
    Vec tops = splat(-INFINITY);
    for (int64_t i = 0; i < vocabulary; i += kLanes) tops = larger(load_some(logits + i, vocabulary - i, -INFINITY), tops);
    float top = tops[0];
    for (int lane = 1; lane < kLanes; lane++) top = std::max(top, tops[lane]);
    // Four sums, since one after the other would wait for each addition; 49,000 terms also lose less in sixty-four lanes.
    Vec sums[4] = {};
    int64_t i = 0;
    for (; i + 4 * kLanes <= vocabulary; i += 4 * kLanes)
        for (int part = 0; part < 4; part++)
            sums[part] += exp2((load_wide(logits + i + part * kLanes) - top) * kLog2E);
    for (; i < vocabulary; i += kLanes) sums[0] += exp2((load_some(logits + i, vocabulary - i, -INFINITY) - top) * kLog2E);
    const Vec sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    double total = 0;
    for (int lane = 0; lane < kLanes; lane++) total += sum[lane];
    const float lse = top + float(std::log2(total)) * kLn2;
    const float at_target = widen(logits[target]);
    if (gradient) {
        for (i = 0; i < vocabulary; i += kLanes) {
            const int64_t count = vocabulary - i;
            store_some(logits + i, exp2((load_some(logits + i, count, -INFINITY) - lse) * kLog2E) * factor, count);
        }
        // From the logit, not from the rounded probability: near 1 bfloat16 has no digits left for the difference.
        const Vec slope = splat(std::expm1(at_target - lse) * factor);
        store_some(logits + target, slope, 1);
    }
    return lse - at_target;
}

template <class E>
void cross_entropy(
    E* logits, int64_t rows, int64_t vocabulary, const int64_t* targets, int64_t ignore_index, const float* factors,
    bool gradient, float* losses, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t r = 0; r < rows; r++) {
        E* row = logits + r * vocabulary;
        const bool counts = targets[r] != ignore_index;
        losses[r] = counts ? row_loss(row, vocabulary, targets[r], gradient, factors ? factors[r] : 1.0f) : 0.0f;
        if (gradient && !counts) std::memset(static_cast<void*>(row), 0, sizeof(E) * vocabulary);
    }
}

}  // namespace

// logits (rows, vocabulary), dense; targets within the vocabulary or ignore_index; factors (rows) or null.
extern "C" void cross_entropy_float32(
    float* logits, int64_t rows, int64_t vocabulary, const int64_t* targets, int64_t ignore_index, const float* factors,
    int gradient, float* losses, int threads) {
    cross_entropy(logits, rows, vocabulary, targets, ignore_index, factors, gradient != 0, losses, threads);
}
extern "C" void cross_entropy_bfloat16(
    Bf16* logits, int64_t rows, int64_t vocabulary, const int64_t* targets, int64_t ignore_index, const float* factors,
    int gradient, float* losses, int threads) {
    cross_entropy(logits, rows, vocabulary, targets, ignore_index, factors, gradient != 0, losses, threads);
}
