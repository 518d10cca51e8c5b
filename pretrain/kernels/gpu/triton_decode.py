"""Decoding in Triton: one new query per sequence against its cached keys and values, the cache split over programs.

One sequence alone would keep a handful of programs busy, so each reads a share of the cache and a second kernel joins
the shares (FlashDecoding). The query heads of a group share each key they read: they are the rows of one block.
"""

# mypy: disallow-untyped-defs=False
# A kernel's arguments have no Python types: Triton compiles the source for what a call passes.
import triton
import triton.language as tl


@triton.jit
def decode_kernel(
    q_ptr,  # (B, H, D), contiguous
    k_ptr,  # (B, S, H_kv, D), strides below
    v_ptr,
    lengths_ptr,  # (B,) int32: keys of each sequence, the newest included
    part_ptr,  # (splits, B, H, D) float32: normalised output of each share
    part_lse_ptr,  # (splits, B, H) float32, base 2; -inf where the share is empty
    scale_log2,
    k_sequence,
    k_row,
    k_head,
    v_sequence,
    v_row,
    v_head,
    n_sequences,
    n_kv_heads,
    GROUP: tl.constexpr,
    BLOCK_G: tl.constexpr,  # GROUP rounded up to what a matrix product takes
    HEAD_DIM: tl.constexpr,
    BLOCK_D: tl.constexpr,
    BLOCK_N: tl.constexpr,
    STAGES: tl.constexpr,
):
    sequence = (tl.program_id(0) // n_kv_heads).to(tl.int64)
    kv_head = tl.program_id(0) % n_kv_heads
    split = tl.program_id(1)
    members = tl.arange(0, BLOCK_G)
    depth = tl.arange(0, BLOCK_D)
    columns = tl.arange(0, BLOCK_N)
    heads = kv_head * GROUP + members
    n_heads = n_kv_heads * GROUP
    wanted = (members[:, None] < GROUP) & (depth[None, :] < HEAD_DIM)
    length = tl.load(lengths_ptr + sequence)
    share = tl.cdiv(tl.cdiv(length, BLOCK_N), tl.num_programs(1)) * BLOCK_N
    low = split * share
    high = tl.minimum(low + share, length)

    q_places = (sequence * n_heads + heads[:, None]) * HEAD_DIM + depth[None, :]
    q = tl.load(q_ptr + q_places, mask=wanted, other=0.0)
    k_base = k_ptr + sequence * k_sequence + kv_head * k_head
    v_base = v_ptr + sequence * v_sequence + kv_head * v_head
    acc = tl.zeros([BLOCK_G, BLOCK_D], tl.float32)
    row_max = tl.full([BLOCK_G], float("-inf"), tl.float32)
    row_sum = tl.zeros([BLOCK_G], tl.float32)
    for start in tl.range(low, high, BLOCK_N, num_stages=STAGES):
        keys = start + columns
        there = (keys[:, None] < high) & (depth[None, :] < HEAD_DIM)
        places = keys[:, None].to(tl.int64)
        k = tl.load(k_base + places * k_row + depth[None, :], mask=there, other=0.0)
        scores = tl.where(keys[None, :] < high, tl.dot(q, k.T) * scale_log2, float("-inf"))
        new_max = tl.maximum(row_max, tl.max(scores, 1))
        p = tl.exp2(scores - new_max[:, None])
        alpha = tl.exp2(row_max - new_max)
        row_sum = row_sum * alpha + tl.sum(p, 1)
        row_max = new_max
        v = tl.load(v_base + places * v_row + depth[None, :], mask=there, other=0.0)
        acc = tl.dot(p.to(v.dtype), v, acc * alpha[:, None])

    row = (split * n_sequences + sequence) * n_heads + heads
    lse = tl.where(row_sum > 0, row_max + tl.log2(row_sum), float("-inf"))
    tl.store(part_lse_ptr + row, lse, mask=members < GROUP)
    acc = acc / tl.where(row_sum > 0, row_sum, 1.0)[:, None]
    tl.store(part_ptr + row[:, None] * HEAD_DIM + depth[None, :], acc, mask=wanted)


@triton.jit
def join_kernel(
    part_ptr,
    part_lse_ptr,
    out_ptr,  # (B, H, D), contiguous
    n_rows,  # B * H
    SPLITS: tl.constexpr,
    BLOCK_S: tl.constexpr,
    HEAD_DIM: tl.constexpr,
    BLOCK_D: tl.constexpr,
):
    row = tl.program_id(0).to(tl.int64)
    splits = tl.arange(0, BLOCK_S)
    depth = tl.arange(0, BLOCK_D)
    lse = tl.load(part_lse_ptr + splits * n_rows + row, mask=splits < SPLITS, other=float("-inf"))
    weight = tl.exp2(lse - tl.max(lse, 0))
    there = (splits[:, None] < SPLITS) & (depth[None, :] < HEAD_DIM)
    part = tl.load(part_ptr + (splits[:, None] * n_rows + row) * HEAD_DIM + depth[None, :], mask=there, other=0.0)
    out = tl.sum(part * weight[:, None], 0) / tl.sum(weight, 0)
    tl.store(out_ptr + row * HEAD_DIM + depth, out.to(out_ptr.dtype.element_ty), mask=depth < HEAD_DIM)
