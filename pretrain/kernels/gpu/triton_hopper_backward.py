"""Backward attention on Hopper, in Gluon: the two kernels of `triton_backward`, fed by the copy engine.

As in `triton_hopper`, one warp copies and two warpgroups compute, and programs are persistent. Each warpgroup of
`hopper_key_value_kernel` owns 64 keys and keeps scores transposed (keys x queries), so that probabilities and their
gradients go from registers straight into the products for dv and dk. Two warpgroups take turns: one's products run
under the other's exponentials.
"""

# mypy: disallow-untyped-defs=False
# A kernel's arguments have no Python types: Triton compiles the source for what a call passes.
from triton.experimental import gluon
from triton.experimental.gluon import language as gl
from triton.experimental.gluon.language.nvidia.hopper import (
    fence_async_shared,
    mbarrier,
    tma,
    warpgroup_mma,
    warpgroup_mma_wait,
)

from pretrain.kernels.gpu.triton_hopper import _copy_in, _copy_out, _exp2, _place


@gluon.jit
def _line_of(smem):
    """A block (1, 64) of float32, as the copy engine writes it, seen as 64 numbers in a row."""
    LAYOUT: gl.constexpr = gl.SwizzledSharedLayout(1, 1, 1, [0])
    return smem.reinterpret(gl.float32, [64], LAYOUT)


@gluon.jit
def _line_by_its_old_name(smem):
    LAYOUT: gl.constexpr = gl.SwizzledSharedLayout(1, 1, 1, [0])
    return smem._reinterpret(gl.float32, [64], LAYOUT)


_line = _line_of if hasattr(gl.shared_memory_descriptor, "reinterpret") else _line_by_its_old_name


@gluon.jit
def _feed_queries(
    q_desc, grad_desc, lse_desc, delta_desc, k_desc, v_desc, q_smem, grad_smem, lse_smem, delta_smem, k_smem, v_smem,
    q_full, q_free, grad_full, grad_free, kv_full, kv_free,
    bounds_ptr, q_head, k_head, v_head, grad_head, n_tokens, n_kv_heads, n_tiles, group,
    SPLITS: gl.constexpr, STAGES: gl.constexpr,
):  # fmt: skip
    copied = 0
    order_ptr = bounds_ptr + 2 * n_tokens + gl.cdiv(n_tokens, 128)
    for turn in range(gl.cdiv(n_tiles, gl.num_programs(0))):
        exists, column, first_key = _place(turn, n_tiles, n_kv_heads * SPLITS, order_ptr)
        if exists:
            kv_head = column // SPLITS
            high = gl.load(bounds_ptr + n_tokens + gl.minimum(first_key + 128, n_tokens) - 1)
            n_blocks = gl.cdiv(high - first_key, 64)
            mbarrier.wait(kv_free, (turn & 1) ^ 1)
            mbarrier.expect(kv_full, 2 * (k_desc.block_type.nbytes + v_desc.block_type.nbytes))
            for half in gl.static_range(2):
                row = first_key + 64 * half
                _copy_in(k_desc, [row, kv_head * k_head], kv_full, k_smem.index(half))
                _copy_in(v_desc, [row, kv_head * v_head], kv_full, v_smem.index(half))
            for member in range(group // SPLITS):
                head = column * (group // SPLITS) + member
                for block in range(n_blocks):
                    row = first_key + block * 64
                    stage = copied % STAGES
                    phase = (copied // STAGES & 1) ^ 1
                    full = q_full.index(stage)
                    mbarrier.wait(q_free.index(stage), phase)
                    mbarrier.expect(full, q_desc.block_type.nbytes + lse_desc.block_type.nbytes)
                    _copy_in(q_desc, [row, head * q_head], full, q_smem.index(stage))
                    _copy_in(lse_desc, [head, row], full, lse_smem.index(stage))
                    full = grad_full.index(stage)
                    mbarrier.wait(grad_free.index(stage), phase)
                    mbarrier.expect(full, grad_desc.block_type.nbytes + delta_desc.block_type.nbytes)
                    _copy_in(grad_desc, [row, head * grad_head], full, grad_smem.index(stage))
                    _copy_in(delta_desc, [head, row], full, delta_smem.index(stage))
                    copied += 1


@gluon.jit
def _gather_keys(
    dk_desc, dv_desc, dk_ptr, dv_ptr, q_smem, grad_smem, lse_smem, delta_smem, k_smem, v_smem,
    q_full, q_free, grad_full, grad_free, kv_full, kv_free,
    bounds_ptr, scale, scale_log2, n_tokens, n_kv_heads, n_tiles, group,
    HALF: gl.constexpr, SPLITS: gl.constexpr, HEAD_DIM: gl.constexpr, STAGES: gl.constexpr,
):  # fmt: skip
    LAYOUT: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, 64, 16])
    OUT_LAYOUT: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, HEAD_DIM, 16])
    P_LAYOUT: gl.constexpr = gl.DotOperandLayout(0, OUT_LAYOUT, 2)
    COLUMNS: gl.constexpr = gl.SliceLayout(0, LAYOUT)
    k = k_smem.index(HALF)
    v = v_smem.index(HALF)
    done = 0
    order_ptr = bounds_ptr + 2 * n_tokens + gl.cdiv(n_tokens, 128)
    for turn in range(gl.cdiv(n_tiles, gl.num_programs(0))):
        exists, column, first_key = _place(turn, n_tiles, n_kv_heads * SPLITS, order_ptr)
        if exists:
            own_first = first_key + 64 * HALF
            keys = own_first + gl.arange(0, 64, gl.SliceLayout(1, LAYOUT))
            end_ptr = bounds_ptr + n_tokens
            key_end = gl.load(end_ptr + gl.minimum(keys, n_tokens - 1))
            high = gl.load(end_ptr + gl.minimum(first_key + 128, n_tokens) - 1)
            shortest = gl.load(end_ptr + gl.minimum(own_first, n_tokens - 1))
            own_high = gl.load(end_ptr + gl.minimum(own_first + 63, n_tokens - 1))
            n_blocks = gl.cdiv(high - first_key, 64)
            dk = gl.zeros([64, HEAD_DIM], gl.float32, OUT_LAYOUT)
            dv = gl.zeros([64, HEAD_DIM], gl.float32, OUT_LAYOUT)
            mbarrier.wait(kv_full, turn & 1)
            for _ in range(group // SPLITS):
                for block in range(n_blocks):
                    row = first_key + block * 64
                    stage = done % STAGES
                    phase = done // STAGES & 1
                    q = q_smem.index(stage)
                    grad = grad_smem.index(stage)
                    mbarrier.wait(q_full.index(stage), phase)
                    mbarrier.wait(grad_full.index(stage), phase)
                    # A block that only the other warpgroup needs is passed over.
                    if (row + 63 >= own_first) & (row < own_high):
                        zeros = gl.zeros([64, 64], gl.float32, LAYOUT)
                        scores = warpgroup_mma(k, q.permute((1, 0)), zeros, use_acc=False, is_async=True)
                        dp = warpgroup_mma(v, grad.permute((1, 0)), zeros, use_acc=False, is_async=True)
                        lse = _line(lse_smem.index(stage)).load(COLUMNS)
                        scores = warpgroup_mma_wait(1, deps=(scores,))
                        p = _exp2(scores * scale_log2 - lse[None, :])
                        if (row < own_first + 63) | (row + 64 > shortest):
                            # key <= row < key_end in one comparison: a row before the key wraps to a large number.
                            rows = row + gl.arange(0, 64, COLUMNS)
                            span = (key_end - keys).to(gl.uint32)
                            visible = (rows[None, :] - keys[:, None]).to(gl.uint32) < span[:, None]
                            p = gl.where(visible, p, 0.0)
                        p_low = gl.convert_layout(p.to(q.dtype), P_LAYOUT)
                        dv = warpgroup_mma(p_low, grad, dv, is_async=True)
                        delta = _line(delta_smem.index(stage)).load(COLUMNS)
                        dp = warpgroup_mma_wait(1, deps=(dp,))
                        ds = p * (dp - delta[None, :])
                        ds_low = gl.convert_layout(ds.to(q.dtype), P_LAYOUT)
                        dk = warpgroup_mma(ds_low, q, dk, is_async=True)
                        dv, p_low = warpgroup_mma_wait(1, deps=(dv, p_low))
                        dk, ds_low = warpgroup_mma_wait(0, deps=(dk, ds_low))
                    mbarrier.arrive(grad_free.index(stage))
                    mbarrier.arrive(q_free.index(stage))
                    done += 1
            dk = dk * scale
            if SPLITS == 1:
                # These keys have been read for the last time: their place takes their gradients on the way out.
                k.store(dk.to(k.dtype))
                v.store(dv.to(v.dtype))
                fence_async_shared()
                _copy_out(dk_desc, [own_first, column * HEAD_DIM], k)
                _copy_out(dv_desc, [own_first, column * HEAD_DIM], v)
                tma.store_wait(0)
            else:
                places = own_first + gl.arange(0, 64, gl.SliceLayout(1, OUT_LAYOUT))
                depth = gl.arange(0, HEAD_DIM, gl.SliceLayout(0, OUT_LAYOUT))
                base = (places[:, None].to(gl.int64) * n_kv_heads * SPLITS + column) * HEAD_DIM + depth[None, :]
                gl.store(dk_ptr + base, dk, mask=places[:, None] < n_tokens)
                gl.store(dv_ptr + base, dv, mask=places[:, None] < n_tokens)
            mbarrier.arrive(kv_free)


@gluon.jit
def hopper_key_value_kernel(
    q_desc,  # (T, H * D), blocks (64, D)
    grad_desc,
    lse_desc,  # (H, T) float32, blocks (1, 64)
    delta_desc,
    k_desc,  # (T, H_kv * D), blocks (64, D)
    v_desc,
    dk_desc,  # (T, H_kv * D), contiguous, blocks (64, D)
    dv_desc,
    dk_ptr,  # (T, H_kv, SPLITS, D) float32 where SPLITS > 1
    dv_ptr,
    bounds_ptr,  # int32, from bounds_kernel
    scale,
    scale_log2,
    q_head,  # columns from one head to the next
    k_head,
    v_head,
    grad_head,
    n_tokens,
    n_kv_heads,
    n_tiles,  # blocks of 128 keys, times key-value heads, times splits
    group,  # query heads per key-value head
    SPLITS: gl.constexpr,  # programs that share the query heads of one group
    HEAD_DIM: gl.constexpr,
    STAGES: gl.constexpr,
):
    q_smem = gl.allocate_shared_memory(q_desc.dtype, [STAGES, 64, HEAD_DIM], q_desc.layout)
    grad_smem = gl.allocate_shared_memory(q_desc.dtype, [STAGES, 64, HEAD_DIM], grad_desc.layout)
    lse_smem = gl.allocate_shared_memory(gl.float32, [STAGES, 1, 64], lse_desc.layout)
    delta_smem = gl.allocate_shared_memory(gl.float32, [STAGES, 1, 64], delta_desc.layout)
    k_smem = gl.allocate_shared_memory(q_desc.dtype, [2, 64, HEAD_DIM], k_desc.layout)
    v_smem = gl.allocate_shared_memory(q_desc.dtype, [2, 64, HEAD_DIM], v_desc.layout)
    q_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    q_free = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    grad_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    grad_free = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    kv_full = gl.allocate_shared_memory(gl.int64, [1], mbarrier.MBarrierLayout())
    kv_free = gl.allocate_shared_memory(gl.int64, [1], mbarrier.MBarrierLayout())
    for stage in gl.static_range(STAGES):
        mbarrier.init(q_full.index(stage), count=1)
        mbarrier.init(q_free.index(stage), count=2)
        mbarrier.init(grad_full.index(stage), count=1)
        mbarrier.init(grad_free.index(stage), count=2)
    mbarrier.init(kv_full, count=1)
    mbarrier.init(kv_free, count=2)
    fence_async_shared()
    gl.warp_specialize(
        [
            (
                _gather_keys,
                (
                    dk_desc, dv_desc, dk_ptr, dv_ptr, q_smem, grad_smem, lse_smem, delta_smem, k_smem, v_smem,
                    q_full, q_free, grad_full, grad_free, kv_full, kv_free,
                    bounds_ptr, scale, scale_log2, n_tokens, n_kv_heads, n_tiles, group, 0, SPLITS, HEAD_DIM, STAGES,
                ),
            ),
            (
                _gather_keys,
                (
                    dk_desc, dv_desc, dk_ptr, dv_ptr, q_smem, grad_smem, lse_smem, delta_smem, k_smem, v_smem,
                    q_full, q_free, grad_full, grad_free, kv_full, kv_free,
                    bounds_ptr, scale, scale_log2, n_tokens, n_kv_heads, n_tiles, group, 1, SPLITS, HEAD_DIM, STAGES,
                ),
            ),
            (
                _feed_queries,
                (
                    q_desc, grad_desc, lse_desc, delta_desc, k_desc, v_desc,
                    q_smem, grad_smem, lse_smem, delta_smem, k_smem, v_smem,
                    q_full, q_free, grad_full, grad_free, kv_full, kv_free,
                    bounds_ptr, q_head, k_head, v_head, grad_head, n_tokens, n_kv_heads, n_tiles, group,
                    SPLITS, STAGES,
                ),
            ),
        ],
        [4, 1],
        [240, 24],
    )  # fmt: skip


@gluon.jit
def _feed_keys(
    q_desc, grad_desc, k_desc, v_desc, q_smem, grad_smem, k_smem, v_smem,
    q_full, q_free, k_full, k_free, v_full, v_free,
    bounds_ptr, q_head, k_head, v_head, grad_head, n_tokens, n_heads, n_tiles, group,
    BLOCK_N: gl.constexpr, STAGES: gl.constexpr,
):  # fmt: skip
    copied = 0
    for turn in range(gl.cdiv(n_tiles, gl.num_programs(0))):
        exists, head, first_row = _place(turn, n_tiles, n_heads, bounds_ptr + 2 * n_tokens)
        if exists:
            low = gl.load(bounds_ptr + first_row)
            mbarrier.wait(q_free, (turn & 1) ^ 1)
            mbarrier.expect(q_full, 2 * (q_desc.block_type.nbytes + grad_desc.block_type.nbytes))
            for half in gl.static_range(2):
                row = first_row + 64 * half
                _copy_in(q_desc, [row, head * q_head], q_full, q_smem.index(half))
                _copy_in(grad_desc, [row, head * grad_head], q_full, grad_smem.index(half))
            kv_head = head // group
            n_blocks = gl.cdiv(gl.minimum(first_row + 128, n_tokens) - low, BLOCK_N)
            for block in range(n_blocks):
                start = low + (n_blocks - 1 - block) * BLOCK_N
                stage = copied % STAGES
                phase = (copied // STAGES & 1) ^ 1
                full = k_full.index(stage)
                mbarrier.wait(k_free.index(stage), phase)
                mbarrier.expect(full, k_desc.block_type.nbytes)
                _copy_in(k_desc, [start, kv_head * k_head], full, k_smem.index(stage))
                full = v_full.index(stage)
                mbarrier.wait(v_free.index(stage), phase)
                mbarrier.expect(full, v_desc.block_type.nbytes)
                _copy_in(v_desc, [start, kv_head * v_head], full, v_smem.index(stage))
                copied += 1


@gluon.jit
def _gather_queries(
    dq_desc, q_smem, grad_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
    lse_ptr, delta_ptr, bounds_ptr, scale, scale_log2, lse_row, n_tokens, n_heads, n_tiles,
    HALF: gl.constexpr, HEAD_DIM: gl.constexpr, BLOCK_N: gl.constexpr, STAGES: gl.constexpr,
):  # fmt: skip
    LAYOUT: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, BLOCK_N, 16])
    OUT_LAYOUT: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, HEAD_DIM, 16])
    DS_LAYOUT: gl.constexpr = gl.DotOperandLayout(0, OUT_LAYOUT, 2)
    q = q_smem.index(HALF)
    grad = grad_smem.index(HALF)
    done = 0
    for turn in range(gl.cdiv(n_tiles, gl.num_programs(0))):
        exists, head, first_row = _place(turn, n_tiles, n_heads, bounds_ptr + 2 * n_tokens)
        if exists:
            own_first = first_row + 64 * HALF
            own_last = gl.minimum(own_first + 63, n_tokens - 1)
            rows = own_first + gl.arange(0, 64, gl.SliceLayout(1, LAYOUT))
            safe = gl.minimum(rows, n_tokens - 1)
            row_start = gl.load(bounds_ptr + safe)
            lse = gl.load(lse_ptr + head.to(gl.int64) * lse_row + safe)
            delta = gl.load(delta_ptr + head.to(gl.int64) * lse_row + safe)
            low = gl.load(bounds_ptr + first_row)
            own_low = gl.load(bounds_ptr + gl.minimum(own_first, n_tokens - 1))
            latest = gl.load(bounds_ptr + own_last)
            n_blocks = gl.cdiv(gl.minimum(first_row + 128, n_tokens) - low, BLOCK_N)
            start = low + n_blocks * BLOCK_N
            dq = gl.zeros([64, HEAD_DIM], gl.float32, OUT_LAYOUT)
            mbarrier.wait(q_full, turn & 1)
            for _ in range(n_blocks):
                start -= BLOCK_N
                stage = done % STAGES
                phase = done // STAGES & 1
                k = k_smem.index(stage)
                mbarrier.wait(k_full.index(stage), phase)
                mbarrier.wait(v_full.index(stage), phase)
                # A block that only the other warpgroup needs is passed over.
                if (start + BLOCK_N > own_low) & (start <= own_last):
                    zeros = gl.zeros([64, BLOCK_N], gl.float32, LAYOUT)
                    scores = warpgroup_mma(q, k.permute((1, 0)), zeros, use_acc=False, is_async=True)
                    dp = warpgroup_mma(grad, v_smem.index(stage).permute((1, 0)), zeros, use_acc=False, is_async=True)
                    scores = warpgroup_mma_wait(1, deps=(scores,))
                    p = _exp2(scores * scale_log2 - lse[:, None])
                    if (start + BLOCK_N > own_first + 1) | (start < latest):
                        keys = start + gl.arange(0, BLOCK_N, gl.SliceLayout(0, LAYOUT))
                        span = (rows - row_start).to(gl.uint32)
                        visible = (keys[None, :] - row_start[:, None]).to(gl.uint32) <= span[:, None]
                        p = gl.where(visible, p, 0.0)
                    dp = warpgroup_mma_wait(0, deps=(dp,))
                    ds = gl.convert_layout((p * (dp - delta[:, None])).to(q.dtype), DS_LAYOUT)
                    dq = warpgroup_mma(ds, k, dq, is_async=True)
                    dq, ds = warpgroup_mma_wait(0, deps=(dq, ds))
                mbarrier.arrive(v_free.index(stage))
                mbarrier.arrive(k_free.index(stage))
                done += 1
            q.store((dq * scale).to(q.dtype))
            fence_async_shared()
            _copy_out(dq_desc, [own_first, head * HEAD_DIM], q)
            tma.store_wait(0)
            mbarrier.arrive(q_free)


@gluon.jit
def hopper_query_kernel(
    q_desc,  # (T, H * D), blocks (64, D)
    grad_desc,
    k_desc,  # (T, H_kv * D), blocks (BLOCK_N, D)
    v_desc,
    dq_desc,  # (T, H * D), contiguous, blocks (64, D)
    lse_ptr,  # (H, T) float32
    delta_ptr,
    bounds_ptr,  # int32, from bounds_kernel
    scale,
    scale_log2,
    q_head,  # columns from one head to the next
    k_head,
    v_head,
    grad_head,
    lse_row,  # columns from one row of lse and delta to the next
    n_tokens,
    n_heads,
    n_tiles,  # blocks of 128 query rows, times heads
    group,  # query heads per key-value head
    HEAD_DIM: gl.constexpr,
    BLOCK_N: gl.constexpr,
    STAGES: gl.constexpr,
):
    q_smem = gl.allocate_shared_memory(q_desc.dtype, [2, 64, HEAD_DIM], q_desc.layout)
    grad_smem = gl.allocate_shared_memory(q_desc.dtype, [2, 64, HEAD_DIM], grad_desc.layout)
    k_smem = gl.allocate_shared_memory(q_desc.dtype, [STAGES, BLOCK_N, HEAD_DIM], k_desc.layout)
    v_smem = gl.allocate_shared_memory(q_desc.dtype, [STAGES, BLOCK_N, HEAD_DIM], v_desc.layout)
    q_full = gl.allocate_shared_memory(gl.int64, [1], mbarrier.MBarrierLayout())
    q_free = gl.allocate_shared_memory(gl.int64, [1], mbarrier.MBarrierLayout())
    k_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    k_free = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    v_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    v_free = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    mbarrier.init(q_full, count=1)
    mbarrier.init(q_free, count=2)
    for stage in gl.static_range(STAGES):
        mbarrier.init(k_full.index(stage), count=1)
        mbarrier.init(k_free.index(stage), count=2)
        mbarrier.init(v_full.index(stage), count=1)
        mbarrier.init(v_free.index(stage), count=2)
    fence_async_shared()
    gl.warp_specialize(
        [
            (
                _gather_queries,
                (
                    dq_desc, q_smem, grad_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
                    lse_ptr, delta_ptr, bounds_ptr, scale, scale_log2, lse_row, n_tokens, n_heads, n_tiles,
                    0, HEAD_DIM, BLOCK_N, STAGES,
                ),
            ),
            (
                _gather_queries,
                (
                    dq_desc, q_smem, grad_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
                    lse_ptr, delta_ptr, bounds_ptr, scale, scale_log2, lse_row, n_tokens, n_heads, n_tiles,
                    1, HEAD_DIM, BLOCK_N, STAGES,
                ),
            ),
            (
                _feed_keys,
                (
                    q_desc, grad_desc, k_desc, v_desc, q_smem, grad_smem, k_smem, v_smem,
                    q_full, q_free, k_full, k_free, v_full, v_free,
                    bounds_ptr, q_head, k_head, v_head, grad_head, n_tokens, n_heads, n_tiles, group, BLOCK_N, STAGES,
                ),
            ),
        ],
        [4, 1],
        [240, 24],
    )  # fmt: skip
