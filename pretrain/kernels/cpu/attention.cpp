// Attention over packed documents on a CPU: forward and backward (FlashAttention-2, arXiv 2307.08691, on cache tiles).
//
// Scores are held transposed, a row for each key and a column for each query, so that the softmax runs down columns:
// sixteen queries at once and no sum across a vector. A unit of work is one document, one key-value head and a share of
// its queries; nothing it reads or writes belongs to another document, and no sum depends on the number of threads.
#include <omp.h>

#include <memory>
#include <vector>

#include "vectors.h"

namespace {

constexpr int kBlock = 64;  // queries, or keys, of a tile
constexpr float kLog2E = 1.44269504088896f, kLn2 = 0.693147180559945f;

int round_up(int value, int step) { return (value + step - 1) / step * step; }

struct Work {
    int start, length;    // the document: its first token, and how many
    int kv_head;
    int share, shares;    // which of its queries' blocks
    int64_t scratch_row;  // where this unit's float32 gradients of keys and values begin
};

template <class E>
struct Matrix {  // (T, heads, dim), the last axis dense
    E* data;
    int64_t token_stride, head_stride;
    E* at(int64_t token, int head) const { return data + token * token_stride + head * head_stride; }
};

struct Shape {
    int heads, kv_heads, dim;
    float scale;
    int group() const { return heads / kv_heads; }
};

// Long documents are cut into up to eight shares, so that a single one keeps several threads busy. The longest work is
// first in the list: what is left at the end is short.
std::vector<Work> plan(const int32_t* offsets, int64_t n_documents, int kv_heads, int64_t* scratch_rows) {
    std::vector<Work> units;
    *scratch_rows = 0;
    for (int64_t d = 0; d < n_documents; d++) {
        const int length = offsets[d + 1] - offsets[d];
        const int shares = std::min(8, (length + 1023) / 1024);
        for (int head = 0; head < kv_heads; head++)
            for (int share = 0; share < shares; share++) {
                units.push_back({offsets[d], length, head, share, shares, *scratch_rows});
                *scratch_rows += round_up(length, kLanes);
            }
    }
    std::stable_sort(units.begin(), units.end(), [](const Work& a, const Work& b) {
        return double(a.length) * a.length / a.shares > double(b.length) * b.length / b.shares;
    });
    return units;
}

// A left operand from `count` tokens: [token][dim]. Rows past them are zero up to a multiple of 32.
template <class U, class E>
void load_rows(const Matrix<const E>& from, int token, int head, int count, int dim, typename U::Unit* to) {
    const int units = dim / U::kPerUnit;
    for (int r = 0; r < count; r++) {
        const E* row = from.at(token + r, head);
        if constexpr (sizeof(E) * U::kPerUnit == sizeof(*to))
            std::memcpy(to + r * units, row, sizeof(E) * dim);
        else  // bfloat16 that this CPU multiplies as float32
            for (int i = 0; i < dim; i += kLanes) store(reinterpret_cast<float*>(to) + r * units + i, load_wide(row + i));
    }
    std::memset(to + count * units, 0, sizeof(*to) * units * (round_up(count, 32) - count));
}

// [row][dim] to [pair of rows][dim]: what a product needs that sums over rows.
template <class U>
void pair_rows(int rows, int dim, const typename U::Unit* from, typename U::Unit* to) {
    if constexpr (U::kPerUnit == 1) {
        std::memcpy(to, from, sizeof(*to) * rows * dim);
    } else {
        const uint16_t* halves = reinterpret_cast<const uint16_t*>(from);
        for (int r = 0; r < rows; r += 2)
            for (int i = 0; i < dim; i += kLanes) {
                const UnitVec even = __builtin_convertvector(load<Halves>(halves + r * dim + i), UnitVec);
                const UnitVec odd = __builtin_convertvector(load<Halves>(halves + (r + 1) * dim + i), UnitVec);
                store(to + r / 2 * dim + i, even | odd << 16);
            }
    }
}

// A pair of rows of a float32 tile, made the right operand of a product that sums over rows.
template <class U>
inline void store_pair(typename U::Unit* tile, int row, int column, Vec even, Vec odd) {
    if constexpr (U::kPerUnit == 1) {
        store(tile + row * kBlock + column, even);
        store(tile + (row + 1) * kBlock + column, odd);
    } else {
        store(tile + row / 2 * kBlock + column, narrow_bits(even) | narrow_bits(odd) << 16);
    }
}

// A row of a float32 tile, made part of a left operand.
template <class U>
inline void store_row(typename U::Unit* tile, int row, int column, Vec value) {
    if constexpr (U::kPerUnit == 1)
        store(tile + row * kBlock + column, value);
    else
        store_narrow(reinterpret_cast<Bf16*>(tile) + row * kBlock + column, value);
}

// On the diagonal tile a key is seen by its own query and those after it.
inline Vec visible(Vec value, int key, int first_query, float otherwise) {
    const IntVec lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return lanes + first_query >= key ? value : splat(otherwise);
}

// [dim][query], times a factor for each query, to (token, head, dim).
template <class E>
void store_transposed(const float* tile, const float* factor, int count, int dim, const Matrix<E>& to, int token, int head) {
    for (int query = 0; query < count; query += kLanes)
        for (int i = 0; i < dim; i += kLanes) {
            float scaled[16 * 16], square[16 * 16];
            const Vec factors = load<Vec>(factor + query);
            for (int r = 0; r < 16; r++) store(scaled + r * 16, load<Vec>(tile + (i + r) * kBlock + query) * factors);
            transpose(16, 16, scaled, 16, square, 16);
            for (int r = 0; r < 16 && query + r < count; r++)
                store_narrow(to.at(token + query + r, head) + i, load<Vec>(square + r * 16));
        }
}

template <class U>
struct Tiles {  // buffers of one thread, for documents of up to `length` tokens
    typedef std::vector<typename U::Unit> Units;
    int units, depth;  // units of a row of `dim`, and of a row of kBlock
    Units rows, pairs, keys, values, keys_across, values_across, q_across, q_pairs, grad_across, grad_pairs, p, ds, ds_pairs;
    std::vector<float> scores, slopes, result;

    Tiles(int length, int dim, bool backward) : units(dim / U::kPerUnit), depth(kBlock / U::kPerUnit) {
        const int padded = round_up(length, kBlock);
        for (Units* one : {&rows, &pairs, &q_across, &q_pairs, &grad_across, &grad_pairs}) one->resize(kBlock * dim);
        for (Units* one : {&p, &ds, &ds_pairs}) one->resize(kBlock * kBlock);
        keys.resize(size_t(padded) * units);
        (backward ? values : values_across).resize(size_t(padded) * units);
        if (backward) keys_across.resize(size_t(padded) * units);
        scores.resize(kBlock * kBlock);
        slopes.resize(kBlock * kBlock);
        result.resize(kBlock * dim);
    }
};

// [dim][pair of keys], block by block: the left operand of a product that sums over keys.
template <class U>
void across(const typename U::Unit* rows, int count, int dim, Tiles<U>& tiles, typename U::Unit* to) {
    const int filled = round_up(count, 32);
    pair_rows<U>(filled, dim, rows, tiles.pairs.data());
    transpose(filled / U::kPerUnit, dim, tiles.pairs.data(), dim, to, tiles.depth);
}

template <class U, class E>
void forward_unit(
    const Work& work, const Shape& shape, const Matrix<const E>& q, const Matrix<const E>& k, const Matrix<const E>& v,
    const Matrix<E>& out, float* lse, Tiles<U>& tiles) {
    const int dim = shape.dim, units = tiles.units;
    const float scale = shape.scale * kLog2E;
    for (int first = 0; first < work.length; first += kBlock) {
        const int count = std::min(kBlock, work.length - first);
        load_rows<U>(k, work.start + first, work.kv_head, count, dim, tiles.keys.data() + first * units);
        load_rows<U>(v, work.start + first, work.kv_head, count, dim, tiles.rows.data());
        across<U>(tiles.rows.data(), count, dim, tiles, tiles.values_across.data() + first * units);
    }
    const int n_blocks = (work.length + kBlock - 1) / kBlock;
    for (int member = 0; member < shape.group(); member++)
        for (int block = 0; block < n_blocks; block++) {
            if ((block + member) % work.shares != work.share) continue;
            const int head = work.kv_head * shape.group() + member, first = block * kBlock;
            const int queries = std::min(kBlock, work.length - first), columns = round_up(queries, kLanes);
            load_rows<U>(q, work.start + first, head, queries, dim, tiles.rows.data());
            transpose(columns, units, tiles.rows.data(), units, tiles.q_across.data(), kBlock);
            float highest[kBlock], sum[kBlock], factor[kBlock];
            std::fill_n(highest, kBlock, -INFINITY);
            std::fill_n(sum, kBlock, 0.0f);
            for (int other = 0; other <= block; other++) {
                const bool diagonal = other == block;
                const int rows = diagonal ? columns : kBlock;
                multiply<U, false>(
                    rows, columns, units, tiles.keys.data() + size_t(other) * kBlock * units, units,
                    tiles.q_across.data(), kBlock, tiles.scores.data(), kBlock);
                for (int c = 0; c < columns; c += kLanes) {
                    const int seen = diagonal ? c + kLanes : rows;  // below, every score is masked
                    const float* score = tiles.scores.data() + c;
                    Vec top = load<Vec>(highest + c);
                    const Vec before = top;
                    for (int r = 0; r < seen; r++) {
                        const Vec value = load<Vec>(score + r * kBlock) * scale;
                        top = larger(diagonal ? visible(value, r, c, -INFINITY) : value, top);
                    }
                    Vec total = {};
                    for (int r = 0; r < seen; r += 2) {
                        Vec even = load<Vec>(score + r * kBlock) * scale - top;
                        Vec odd = load<Vec>(score + (r + 1) * kBlock) * scale - top;
                        if (diagonal) {
                            even = visible(even, r, c, -INFINITY);
                            odd = visible(odd, r + 1, c, -INFINITY);
                        }
                        even = exp2(even), odd = exp2(odd);
                        total += even + odd;
                        store_pair<U>(tiles.p.data(), r, c, even, odd);
                    }
                    for (int r = seen; r < rows; r += 2) store_pair<U>(tiles.p.data(), r, c, Vec{}, Vec{});
                    const Vec shrink = exp2(before - top);
                    store(sum + c, load<Vec>(sum + c) * shrink + total);
                    store(highest + c, top);
                    if (other > 0)
                        for (int i = 0; i < dim; i++) {
                            float* at = tiles.result.data() + i * kBlock + c;
                            store(at, load<Vec>(at) * shrink);
                        }
                }
                auto* values = tiles.values_across.data() + size_t(other) * kBlock * units;
                const int depth = rows / U::kPerUnit;
                auto product = other > 0 ? multiply<U, true> : multiply<U, false>;
                product(dim, columns, depth, values, tiles.depth, tiles.p.data(), kBlock, tiles.result.data(), kBlock);
            }
            for (int c = 0; c < queries; c++) {
                factor[c] = 1.0f / sum[c];
                lse[int64_t(work.start + first + c) * shape.heads + head] = highest[c] * kLn2 + std::log(sum[c]);
            }
            store_transposed(tiles.result.data(), factor, queries, dim, out, work.start + first, head);
        }
}

// Writes the gradients of its queries; those of keys and values it leaves in float32, [token][dim], for `add_shares`.
template <class U, class E>
void backward_unit(
    const Work& work, const Shape& shape, const Matrix<const E>& grad, const Matrix<const E>& q,
    const Matrix<const E>& k, const Matrix<const E>& v, const Matrix<const E>& out, const float* lse,
    const Matrix<E>& grad_q, float* grad_k, float* grad_v, Tiles<U>& tiles) {
    const int dim = shape.dim, units = tiles.units;
    const float scale = shape.scale * kLog2E;
    for (int first = 0; first < work.length; first += kBlock) {
        const int count = std::min(kBlock, work.length - first);
        auto* rows = tiles.keys.data() + size_t(first) * units;
        load_rows<U>(k, work.start + first, work.kv_head, count, dim, rows);
        load_rows<U>(v, work.start + first, work.kv_head, count, dim, tiles.values.data() + size_t(first) * units);
        across<U>(rows, count, dim, tiles, tiles.keys_across.data() + size_t(first) * units);
    }
    for (float* one : {grad_k, grad_v}) std::fill_n(one, size_t(round_up(work.length, kLanes)) * dim, 0.0f);
    const int n_blocks = (work.length + kBlock - 1) / kBlock;
    for (int member = 0; member < shape.group(); member++)
        for (int block = 0; block < n_blocks; block++) {
            if ((block + member) % work.shares != work.share) continue;
            const int head = work.kv_head * shape.group() + member, first = block * kBlock;
            const int queries = std::min(kBlock, work.length - first), columns = round_up(queries, kLanes);
            load_rows<U>(q, work.start + first, head, queries, dim, tiles.rows.data());
            transpose(columns, units, tiles.rows.data(), units, tiles.q_across.data(), kBlock);
            pair_rows<U>(columns, dim, tiles.rows.data(), tiles.q_pairs.data());
            load_rows<U>(grad, work.start + first, head, queries, dim, tiles.rows.data());
            transpose(columns, units, tiles.rows.data(), units, tiles.grad_across.data(), kBlock);
            pair_rows<U>(columns, dim, tiles.rows.data(), tiles.grad_pairs.data());

            float logs[kBlock] = {}, delta[kBlock] = {}, factor[kBlock];
            std::fill_n(factor, kBlock, shape.scale);
            for (int c = 0; c < queries; c++) {
                const int64_t token = work.start + first + c;
                logs[c] = lse[token * shape.heads + head] * kLog2E;
                Vec products = {};
                for (int i = 0; i < dim; i += kLanes)
                    products += load_wide(grad.at(token, head) + i) * load_wide(out.at(token, head) + i);
                for (int lane = 0; lane < kLanes; lane++) delta[c] += products[lane];
            }
            std::fill_n(tiles.result.data(), kBlock * dim, 0.0f);
            for (int other = 0; other <= block; other++) {
                const bool diagonal = other == block;
                const int rows = diagonal ? columns : kBlock;
                const size_t at = size_t(other) * kBlock * units;
                multiply<U, false>(
                    rows, columns, units, tiles.keys.data() + at, units, tiles.q_across.data(), kBlock,
                    tiles.scores.data(), kBlock);
                multiply<U, false>(
                    rows, columns, units, tiles.values.data() + at, units, tiles.grad_across.data(), kBlock,
                    tiles.slopes.data(), kBlock);
                for (int c = 0; c < columns; c += kLanes) {
                    const Vec log = load<Vec>(logs + c), mean = load<Vec>(delta + c);
                    for (int r = 0; r < rows; r += 2) {
                        Vec p[2] = {}, ds[2] = {};
                        if (!diagonal || r < c + kLanes)
                            for (int i = 0; i < 2; i++) {
                                Vec power = load<Vec>(tiles.scores.data() + (r + i) * kBlock + c) * scale - log;
                                if (diagonal) power = visible(power, r + i, c, -INFINITY);
                                p[i] = exp2(power);
                                ds[i] = p[i] * (load<Vec>(tiles.slopes.data() + (r + i) * kBlock + c) - mean);
                            }
                        for (int i = 0; i < 2; i++) {
                            store_row<U>(tiles.p.data(), r + i, c, p[i]);
                            store_row<U>(tiles.ds.data(), r + i, c, ds[i]);
                        }
                        store_pair<U>(tiles.ds_pairs.data(), r, c, ds[0], ds[1]);
                    }
                }
                const size_t to = size_t(other) * kBlock * dim;
                const int width = columns / U::kPerUnit;
                multiply<U, true>(
                    rows, dim, width, tiles.p.data(), tiles.depth, tiles.grad_pairs.data(), dim, grad_v + to, dim);
                multiply<U, true>(
                    rows, dim, width, tiles.ds.data(), tiles.depth, tiles.q_pairs.data(), dim, grad_k + to, dim);
                multiply<U, true>(
                    dim, columns, rows / U::kPerUnit, tiles.keys_across.data() + at, tiles.depth,
                    tiles.ds_pairs.data(), kBlock, tiles.result.data(), kBlock);
            }
            store_transposed(tiles.result.data(), factor, queries, dim, grad_q, work.start + first, head);
        }
}


// The shares' float32 gradients of one document and key-value head, added in the order of the shares.
template <class E>
void add_shares(
    const Work& work, const float* scratch, int dim, float factor, const Matrix<E>& to) {
    const size_t step = size_t(round_up(work.length, kLanes)) * dim;
    const float* first = scratch + size_t(work.scratch_row) * dim;
    for (int r = 0; r < work.length; r++)
        for (int i = 0; i < dim; i += kLanes) {
            Vec sum = {};
            for (int share = 0; share < work.shares; share++) sum += load<Vec>(first + share * step + r * dim + i);
            store_narrow(to.at(work.start + r, work.kv_head) + i, sum * factor);
        }
}

struct Arguments {  // as `cpu.py` passes them; strides count elements
    const int32_t* offsets;
    int64_t n_documents;
    Shape shape;
    int threads;
    const void *q, *k, *v, *grad, *out;
    int64_t strides[8];  // token and head, of q, k, v and grad
    void *result, *grad_q, *grad_k, *grad_v;
    float* lse;  // (T, heads)
};

template <class E>
Matrix<const E> strided(const void* data, const int64_t* strides) {
    return {static_cast<const E*>(data), strides[0], strides[1]};
}

template <class E>
Matrix<E> dense(void* data, int heads, int dim) {
    return {static_cast<E*>(data), int64_t(heads) * dim, dim};
}

template <class U, class E>
void forward(const Arguments& a) {
    int64_t scratch_rows;
    const auto units = plan(a.offsets, a.n_documents, a.shape.kv_heads, &scratch_rows);
    int longest = 0;
    for (const Work& work : units) longest = std::max(longest, work.length);
#pragma omp parallel num_threads(a.threads)
    {
        Tiles<U> tiles(longest, a.shape.dim, false);
#pragma omp for schedule(dynamic, 1)
        for (size_t i = 0; i < units.size(); i++)
            forward_unit<U, E>(
                units[i], a.shape, strided<E>(a.q, a.strides), strided<E>(a.k, a.strides + 2),
                strided<E>(a.v, a.strides + 4), dense<E>(a.result, a.shape.heads, a.shape.dim), a.lse, tiles);
    }
}

template <class U, class E>
void backward(const Arguments& a) {
    const int dim = a.shape.dim;
    int64_t scratch_rows;
    const auto units = plan(a.offsets, a.n_documents, a.shape.kv_heads, &scratch_rows);
    int longest = 0;
    for (const Work& work : units) longest = std::max(longest, work.length);
    std::unique_ptr<float[]> key_sums(new float[scratch_rows * dim]), value_sums(new float[scratch_rows * dim]);
#pragma omp parallel num_threads(a.threads)
    {
        Tiles<U> tiles(longest, dim, true);
#pragma omp for schedule(dynamic, 1)
        for (size_t i = 0; i < units.size(); i++)
            backward_unit<U, E>(
                units[i], a.shape, strided<E>(a.grad, a.strides + 6), strided<E>(a.q, a.strides),
                strided<E>(a.k, a.strides + 2), strided<E>(a.v, a.strides + 4),
                dense<const E>(const_cast<void*>(a.out), a.shape.heads, dim), a.lse,
                dense<E>(a.grad_q, a.shape.heads, dim), key_sums.get() + units[i].scratch_row * dim,
                value_sums.get() + units[i].scratch_row * dim, tiles);
#pragma omp for schedule(dynamic, 1)
        for (size_t i = 0; i < units.size(); i++) {
            if (units[i].share != 0) continue;
            add_shares(units[i], key_sums.get(), dim, a.shape.scale, dense<E>(a.grad_k, a.shape.kv_heads, dim));
            add_shares(units[i], value_sums.get(), dim, 1.0f, dense<E>(a.grad_v, a.shape.kv_heads, dim));
        }
    }
}

#if defined(__AVX512BF16__)
typedef Bf16Units Bf16Best;
#else
typedef FloatUnits Bf16Best;
#endif

}  // namespace

extern "C" void attention_forward_float32(const Arguments* a) { forward<FloatUnits, float>(*a); }
extern "C" void attention_forward_bfloat16(const Arguments* a) { forward<Bf16Best, Bf16>(*a); }
extern "C" void attention_backward_float32(const Arguments* a) { backward<FloatUnits, float>(*a); }
extern "C" void attention_backward_bfloat16(const Arguments* a) { backward<Bf16Best, Bf16>(*a); }
