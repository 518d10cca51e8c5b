"""Forward attention on Hopper, in Gluon (Triton's lower language): copies, products and softmax overlap by design.

Three groups of warps share one tile of 128 query rows. A single warp feeds keys and values to shared memory through
the copy engine; two warpgroups own 64 rows each. Each issues the scores of the next keys, then the product of its last
probabilities with their values, and computes a softmax while both run (FlashAttention-3, arXiv 2407.08608, algorithm
2). Programs are persistent: the copies of the next tile run under the arithmetic of this one.
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

# Called async_copy_global_to_shared and async_copy_shared_to_global up to Triton 3.6.
_copy_in = getattr(tma, "async_load", None) or tma.async_copy_global_to_shared
_copy_out = getattr(tma, "async_store", None) or tma.async_copy_shared_to_global


@gluon.jit
def _place(turn, n_tiles, n_columns, order_ptr):
    """Which tile this program takes in its turn: (exists, column, first token of 128).

    Tiles are ordered from the longest to the shortest; programs take them forwards and backwards in alternate turns,
    so that long and short ones add up evenly. A column is a head, or what else tiles of one token range differ in.
    """
    programs = gl.num_programs(0)
    seat = gl.program_id(0)
    tile = turn * programs + gl.where(turn % 2 == 0, seat, programs - 1 - seat)
    exists = tile < n_tiles
    tile = gl.where(exists, tile, 0)
    return exists, tile % n_columns, gl.load(order_ptr + tile // n_columns) * 128


@gluon.jit
def _exp2(x):
    return gl.inline_asm_elementwise("ex2.approx.ftz.f32 $0, $1;", "=f,f", [x], dtype=gl.float32, is_pure=True, pack=1)


@gluon.jit
def _feed(
    q_desc, k_desc, v_desc, q_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
    bounds_ptr, q_head, k_head, v_head, n_tokens, n_heads, n_tiles, group,
    BLOCK_N: gl.constexpr, STAGES: gl.constexpr, Q_STAGES: gl.constexpr,
):  # fmt: skip
    copied = 0
    turns = gl.cdiv(n_tiles, gl.num_programs(0))
    for turn in range(turns):
        exists, head, first_row = _place(turn, n_tiles, n_heads, bounds_ptr + 2 * n_tokens)
        if exists:
            slot = turn % Q_STAGES
            low = gl.load(bounds_ptr + first_row)
            mbarrier.wait(q_free.index(slot), (turn // Q_STAGES & 1) ^ 1)
            mbarrier.expect(q_full.index(slot), 2 * q_desc.block_type.nbytes)
            for half in gl.static_range(2):
                _copy_in(
                    q_desc, [first_row + 64 * half, head * q_head], q_full.index(slot), q_smem.index(2 * slot + half)
                )
            kv_head = head // group
            n_blocks = gl.cdiv(gl.minimum(first_row + 128, n_tokens) - low, BLOCK_N)
            for block in range(n_blocks):
                start = low + (n_blocks - 1 - block) * BLOCK_N
                stage = copied % STAGES
                phase = (copied // STAGES & 1) ^ 1
                mbarrier.wait(k_free.index(stage), phase)
                mbarrier.expect(k_full.index(stage), k_desc.block_type.nbytes)
                _copy_in(k_desc, [start, kv_head * k_head], k_full.index(stage), k_smem.index(stage))
                mbarrier.wait(v_free.index(stage), phase)
                mbarrier.expect(v_full.index(stage), v_desc.block_type.nbytes)
                _copy_in(v_desc, [start, kv_head * v_head], v_full.index(stage), v_smem.index(stage))
                copied += 1


@gluon.jit
def _softmax(
    scores, row_max, row_sum, rows, row_start, start, scale_log2, masked, BLOCK_N: gl.constexpr, LAYOUT: gl.constexpr
):
    """Scores to probabilities under the running maximum; returns them with the factor the past shrinks by."""
    if masked:
        # row_start <= key <= row in one comparison: what lies before the start wraps around to a large number.
        keys = start + gl.arange(0, BLOCK_N, gl.SliceLayout(0, LAYOUT))
        visible = (keys[None, :] - row_start[:, None]).to(gl.uint32) <= (rows - row_start).to(gl.uint32)[:, None]
        scores = gl.where(visible, scores, float("-inf"))
    new_max = gl.maximum(row_max, gl.max(scores, 1))
    # A row that has seen no key of its own yet: exp2(-inf - -inf) would be NaN.
    base = gl.where(new_max == float("-inf"), 0.0, new_max * scale_log2)
    p = _exp2(scores * scale_log2 - base[:, None])
    alpha = _exp2(row_max * scale_log2 - base)
    return p, new_max, row_sum * alpha + gl.sum(p, 1), alpha


@gluon.jit
def _pass_over(n_blocks, done, k_full, k_free, v_full, v_free, STAGES: gl.constexpr):
    """Blocks of keys that only the other warpgroup needs: waited for all the same, lest this one release the next."""
    for _ in range(n_blocks):
        stage = done % STAGES
        phase = done // STAGES & 1
        mbarrier.wait(k_full.index(stage), phase)
        mbarrier.arrive(k_free.index(stage))
        mbarrier.wait(v_full.index(stage), phase)
        mbarrier.arrive(v_free.index(stage))
        done += 1
    return done


@gluon.jit
def _attend(
    out_desc, q_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
    lse_ptr, bounds_ptr, scale_log2, lse_row, n_tokens, n_heads, n_tiles,
    HALF: gl.constexpr, HEAD_DIM: gl.constexpr, BLOCK_N: gl.constexpr, STAGES: gl.constexpr, Q_STAGES: gl.constexpr,
):  # fmt: skip
    LAYOUT: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, BLOCK_N, 16])
    OUT_LAYOUT: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, HEAD_DIM, 16])
    P_LAYOUT: gl.constexpr = gl.DotOperandLayout(0, OUT_LAYOUT, 2)
    ROWS: gl.constexpr = gl.SliceLayout(1, LAYOUT)
    OUT_ROWS: gl.constexpr = gl.SliceLayout(1, OUT_LAYOUT)
    order_ptr = bounds_ptr + 2 * n_tokens
    done = 0
    turns = gl.cdiv(n_tiles, gl.num_programs(0))
    exists, head, first_row = _place(0, n_tiles, n_heads, order_ptr)
    low, own_low, latest, row_start = _starts(first_row, bounds_ptr, n_tokens, HALF, ROWS)
    for turn in range(turns):
        # The bounds of the next tile are on their way while this one is computed.
        next_exists, next_head, next_first = _place(turn + 1, n_tiles, n_heads, order_ptr)
        next_low, next_own_low, next_latest, next_start = _starts(next_first, bounds_ptr, n_tokens, HALF, ROWS)
        if exists:
            slot = turn % Q_STAGES
            q = q_smem.index(2 * slot + HALF)
            own_first = first_row + 64 * HALF
            rows = own_first + gl.arange(0, 64, ROWS)
            n_blocks = gl.cdiv(gl.minimum(first_row + 128, n_tokens) - low, BLOCK_N)
            # Of the tile's blocks of keys these rows need [bottom, top), and [clear, full) without a mask.
            top = gl.minimum((gl.minimum(own_first + 63, n_tokens - 1) - low) // BLOCK_N + 1, n_blocks)
            bottom = (own_low - low) // BLOCK_N
            clear = gl.cdiv(own_low - low, BLOCK_N)
            full = gl.where(latest == own_low, (own_first + 1 - low) // BLOCK_N, 0)

            mbarrier.wait(q_full.index(slot), turn // Q_STAGES & 1)
            done = _pass_over(n_blocks - top, done, k_full, k_free, v_full, v_free, STAGES)
            stage = done % STAGES
            phase = done // STAGES & 1
            mbarrier.wait(k_full.index(stage), phase)
            scores = gl.zeros([64, BLOCK_N], gl.float32, LAYOUT)
            scores = warpgroup_mma(q, k_smem.index(stage).permute((1, 0)), scores, use_acc=False, is_async=True)
            scores = warpgroup_mma_wait(0, deps=(scores,))
            mbarrier.arrive(k_free.index(stage))
            row_max = gl.full([64], float("-inf"), gl.float32, ROWS)
            row_sum = gl.zeros([64], gl.float32, ROWS)
            start = low + (top - 1) * BLOCK_N
            p, row_max, row_sum, _ = _softmax(
                scores, row_max, row_sum, rows, row_start, start, scale_log2, True, BLOCK_N, LAYOUT
            )
            p = gl.convert_layout(p.to(q.dtype), P_LAYOUT)
            acc = gl.zeros([64, HEAD_DIM], gl.float32, OUT_LAYOUT)
            mbarrier.wait(v_full.index(stage), phase)
            done += 1
            for step in range(top - 1 - bottom):
                block = top - 2 - step
                last = stage
                stage = done % STAGES
                phase = done // STAGES & 1
                mbarrier.wait(k_full.index(stage), phase)
                scores = gl.zeros([64, BLOCK_N], gl.float32, LAYOUT)
                scores = warpgroup_mma(q, k_smem.index(stage).permute((1, 0)), scores, use_acc=False, is_async=True)
                acc = warpgroup_mma(p, v_smem.index(last), acc, is_async=True)
                scores = warpgroup_mma_wait(1, deps=(scores,))
                mbarrier.arrive(k_free.index(stage))
                start = low + block * BLOCK_N
                masked = (block >= full) | (block < clear)
                fresh, row_max, row_sum, alpha = _softmax(
                    scores, row_max, row_sum, rows, row_start, start, scale_log2, masked, BLOCK_N, LAYOUT
                )
                # The next product's operands are awaited here, before the running product: the loop inside this wait
                # keeps the assembler from moving the softmax above behind the product it should run beside.
                mbarrier.wait(v_full.index(stage), phase)
                acc, p = warpgroup_mma_wait(0, deps=(acc, p))
                mbarrier.arrive(v_free.index(last))
                acc = acc * gl.convert_layout(alpha, OUT_ROWS)[:, None]
                p = gl.convert_layout(fresh.to(q.dtype), P_LAYOUT)
                done += 1
            acc = warpgroup_mma(p, v_smem.index(stage), acc, is_async=True)
            acc, p = warpgroup_mma_wait(0, deps=(acc, p))
            mbarrier.arrive(v_free.index(stage))
            done = _pass_over(bottom, done, k_full, k_free, v_full, v_free, STAGES)

            lse = row_max * scale_log2 + gl.log2(row_sum)
            gl.store(lse_ptr + head.to(gl.int64) * lse_row + rows, lse, mask=rows < n_tokens)
            # These rows of q have been read for the last time: their place takes the output on its way out.
            q.store((acc / gl.convert_layout(row_sum, OUT_ROWS)[:, None]).to(q.dtype))
            fence_async_shared()
            _copy_out(out_desc, [own_first, head * HEAD_DIM], q)
            tma.store_wait(0)
            mbarrier.arrive(q_free.index(slot))
        exists, head, first_row = next_exists, next_head, next_first
        low, own_low, latest, row_start = next_low, next_own_low, next_latest, next_start


@gluon.jit
def _starts(first_row, bounds_ptr, n_tokens, HALF: gl.constexpr, ROWS: gl.constexpr):
    """Document starts of the tile's first row, of this warpgroup's first and last row, and of each of its rows."""
    own_first = first_row + 64 * HALF
    low = gl.load(bounds_ptr + first_row)
    own_low = gl.load(bounds_ptr + gl.minimum(own_first, n_tokens - 1))
    latest = gl.load(bounds_ptr + gl.minimum(own_first + 63, n_tokens - 1))
    rows = own_first + gl.arange(0, 64, ROWS)
    return low, own_low, latest, gl.load(bounds_ptr + gl.minimum(rows, n_tokens - 1))


@gluon.jit
def hopper_forward_kernel(
    q_desc,  # (T, H * D) bfloat16/float16, blocks (64, D); heads q_head columns apart
    k_desc,  # (T, H_kv * D), blocks (BLOCK_N, D)
    v_desc,
    out_desc,  # (T, H * D), blocks (64, D), contiguous
    lse_ptr,  # (H, T) float32: base-2 log of the softmax's denominator
    bounds_ptr,  # int32, from bounds_kernel
    scale_log2,  # scale * log2(e)
    q_head,
    k_head,
    v_head,
    lse_row,  # columns from one row of lse to the next
    n_tokens,
    n_heads,
    n_tiles,  # blocks of 128 query rows, times heads
    group,  # query heads per key-value head
    HEAD_DIM: gl.constexpr,
    BLOCK_N: gl.constexpr,
    STAGES: gl.constexpr,
    Q_STAGES: gl.constexpr,
):
    q_smem = gl.allocate_shared_memory(q_desc.dtype, [2 * Q_STAGES, 64, HEAD_DIM], q_desc.layout)
    k_smem = gl.allocate_shared_memory(k_desc.dtype, [STAGES, BLOCK_N, HEAD_DIM], k_desc.layout)
    v_smem = gl.allocate_shared_memory(v_desc.dtype, [STAGES, BLOCK_N, HEAD_DIM], v_desc.layout)
    q_full = gl.allocate_shared_memory(gl.int64, [Q_STAGES, 1], mbarrier.MBarrierLayout())
    q_free = gl.allocate_shared_memory(gl.int64, [Q_STAGES, 1], mbarrier.MBarrierLayout())
    k_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    k_free = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    v_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    v_free = gl.allocate_shared_memory(gl.int64, [STAGES, 1], mbarrier.MBarrierLayout())
    for slot in gl.static_range(Q_STAGES):
        mbarrier.init(q_full.index(slot), count=1)
        mbarrier.init(q_free.index(slot), count=2)
    for stage in gl.static_range(STAGES):
        mbarrier.init(k_full.index(stage), count=1)
        mbarrier.init(k_free.index(stage), count=2)
        mbarrier.init(v_full.index(stage), count=1)
        mbarrier.init(v_free.index(stage), count=2)
    fence_async_shared()
    gl.warp_specialize(
        [
            (
                _attend,
                (
                    out_desc, q_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
                    lse_ptr, bounds_ptr, scale_log2, lse_row, n_tokens, n_heads, n_tiles, 0, HEAD_DIM, BLOCK_N, STAGES, Q_STAGES,
                ),
            ),
            (
                _attend,
                (
                    out_desc, q_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
                    lse_ptr, bounds_ptr, scale_log2, lse_row, n_tokens, n_heads, n_tiles, 1, HEAD_DIM, BLOCK_N, STAGES, Q_STAGES,
                ),
            ),
            (
                _feed,
                (
                    q_desc, k_desc, v_desc, q_smem, k_smem, v_smem, q_full, q_free, k_full, k_free, v_full, v_free,
                    bounds_ptr, q_head, k_head, v_head, n_tokens, n_heads, n_tiles, group, BLOCK_N, STAGES, Q_STAGES,
                ),
            ),
        ],
        [4, 1],
        [240, 24],
    )  # fmt: skip
