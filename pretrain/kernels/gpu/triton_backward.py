"""Backward attention over packed documents, in Triton: two kernels, so that no gradient needs an atomic addition.

One program of `key_value_kernel` owns a block of keys and sums over the queries of every head of its group: dk and dv
come out at (T, H_kv, D), never expanded. One program of `query_kernel` owns a block of queries. Scores are computed in
both, 7 matrix products where 5 would do; in exchange every bit is the same on every run.
"""

# mypy: disallow-untyped-defs=False
# A kernel's arguments have no Python types: Triton compiles the source for what a call passes.
import triton
import triton.language as tl


@triton.jit
def delta_kernel(
    out_ptr,  # (T, H, D), contiguous
    grad_ptr,  # (T, H, D), strides below
    delta_ptr,  # (H, T) float32: sum over D of out * grad
    grad_row,
    grad_head,
    lse_row,  # columns from one row of lse and delta to the next
    n_tokens,
    n_heads,
    HEAD_DIM: tl.constexpr,
    BLOCK_D: tl.constexpr,
    BLOCK_M: tl.constexpr,
):
    rows = tl.program_id(0) * BLOCK_M + tl.arange(0, BLOCK_M)
    head = tl.program_id(1)
    depth = tl.arange(0, BLOCK_D)
    inside = (rows[:, None] < n_tokens) & (depth[None, :] < HEAD_DIM)
    wide = rows[:, None].to(tl.int64)
    out = tl.load(out_ptr + (wide * n_heads + head) * HEAD_DIM + depth[None, :], mask=inside, other=0.0)
    grad = tl.load(grad_ptr + wide * grad_row + head * grad_head + depth[None, :], mask=inside, other=0.0)
    delta = tl.sum(out.to(tl.float32) * grad.to(tl.float32), 1)
    tl.store(delta_ptr + head.to(tl.int64) * lse_row + rows, delta, mask=rows < n_tokens)


@triton.jit
def add_shares_kernel(
    shares_ptr,  # (2, T, H_kv, SPLITS, D) float32: of dk, then of dv
    dk_ptr,  # (T, H_kv, D), contiguous
    dv_ptr,
    n_rows,  # T * H_kv
    SPLITS: tl.constexpr,
    HEAD_DIM: tl.constexpr,
    BLOCK_R: tl.constexpr,
):
    """Adds up, always in the same order, what several programs found for one gradient."""
    rows = tl.program_id(0) * BLOCK_R + tl.arange(0, BLOCK_R)
    depth = tl.arange(0, HEAD_DIM)
    inside = rows[:, None] < n_rows
    wide = rows[:, None].to(tl.int64)
    which = tl.program_id(1)
    total = tl.zeros([BLOCK_R, HEAD_DIM], tl.float32)
    for split in tl.static_range(SPLITS):
        places = ((which.to(tl.int64) * n_rows + wide) * SPLITS + split) * HEAD_DIM + depth[None, :]
        total += tl.load(shares_ptr + places, mask=inside, other=0.0)
    if which == 0:
        tl.store(dk_ptr + wide * HEAD_DIM + depth[None, :], total.to(dk_ptr.dtype.element_ty), mask=inside)
    else:
        tl.store(dv_ptr + wide * HEAD_DIM + depth[None, :], total.to(dv_ptr.dtype.element_ty), mask=inside)


@triton.jit
def key_value_kernel(
    q_desc,  # (T, H * D), blocks (BLOCK_M, BLOCK_D)
    k_desc,  # (T, H_kv * D), blocks (BLOCK_N, BLOCK_D)
    v_desc,
    grad_desc,  # (T, H * D), blocks (BLOCK_M, BLOCK_D): gradient of the output
    dk_ptr,  # (T, H_kv, D), contiguous
    dv_ptr,
    lse_ptr,  # (H, T) float32
    delta_ptr,  # (H, T) float32
    bounds_ptr,  # int32, from bounds_kernel
    scale,
    scale_log2,
    q_head,  # columns from one head to the next
    k_head,
    v_head,
    grad_head,
    lse_row,  # columns from one row of lse and delta to the next
    n_tokens,
    n_kv_heads,
    group,  # query heads per key-value head
    HEAD_DIM: tl.constexpr,
    BLOCK_D: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    STAGES: tl.constexpr,
):
    # The first keys of a document are seen by most queries, and program 0 starts first.
    kv_head = tl.program_id(0) % n_kv_heads
    first_key = tl.program_id(0) // n_kv_heads * BLOCK_N
    keys = first_key + tl.arange(0, BLOCK_N)
    end_ptr = bounds_ptr + n_tokens
    last_key = tl.minimum(first_key + BLOCK_N, n_tokens) - 1
    high = tl.load(end_ptr + last_key)
    shortest = tl.load(end_ptr + first_key)
    key_end = tl.load(end_ptr + keys, mask=keys < n_tokens, other=0)

    k = k_desc.load([first_key, kv_head * k_head])
    v = v_desc.load([first_key, kv_head * v_head])
    if BLOCK_D != HEAD_DIM:
        own = tl.arange(0, BLOCK_D)[None, :] < HEAD_DIM
        k = tl.where(own, k, 0.0).to(k.dtype)
        v = tl.where(own, v, 0.0).to(v.dtype)
    dk = tl.zeros([BLOCK_N, BLOCK_D], tl.float32)
    dv = tl.zeros([BLOCK_N, BLOCK_D], tl.float32)

    # One flat loop over heads and blocks of queries keeps the pipeline full from one head to the next.
    n_blocks = tl.cdiv(high - first_key, BLOCK_M)
    for i in tl.range(0, n_blocks * group, num_stages=STAGES):
        head = kv_head * group + i // n_blocks
        first_row = first_key + (i % n_blocks) * BLOCK_M
        rows = first_row + tl.arange(0, BLOCK_M)
        q = q_desc.load([first_row, head * q_head])
        lse = tl.load(lse_ptr + head.to(tl.int64) * lse_row + rows, mask=rows < n_tokens, other=float("inf"))
        p = tl.exp2(tl.dot(k, q.T) * scale_log2 - lse[None, :])
        if (first_row < first_key + BLOCK_N - 1) | (first_row + BLOCK_M > shortest):
            p = tl.where((rows[None, :] >= keys[:, None]) & (rows[None, :] < key_end[:, None]), p, 0.0)
        grad = grad_desc.load([first_row, head * grad_head])
        dv = tl.dot(p.to(grad.dtype), grad, dv)
        delta = tl.load(delta_ptr + head.to(tl.int64) * lse_row + rows, mask=rows < n_tokens, other=0.0)
        ds = p * (tl.dot(v, grad.T) - delta[None, :])
        dk = tl.dot(ds.to(q.dtype), q, dk)

    depth = tl.arange(0, BLOCK_D)
    places = (keys[:, None].to(tl.int64) * n_kv_heads + kv_head) * HEAD_DIM + depth[None, :]
    inside = (keys[:, None] < n_tokens) & (depth[None, :] < HEAD_DIM)
    tl.store(dv_ptr + places, dv.to(dv_ptr.dtype.element_ty), mask=inside)
    tl.store(dk_ptr + places, (dk * scale).to(dk_ptr.dtype.element_ty), mask=inside)


@triton.jit
def query_kernel(
    q_desc,  # (T, H * D), blocks (BLOCK_M, BLOCK_D)
    k_desc,  # (T, H_kv * D), blocks (BLOCK_N, BLOCK_D)
    v_desc,
    grad_desc,  # (T, H * D), blocks (BLOCK_M, BLOCK_D)
    dq_ptr,  # (T, H, D), contiguous
    lse_ptr,  # (H, T) float32
    delta_ptr,  # (H, T) float32
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
    group,
    HEAD_DIM: tl.constexpr,
    BLOCK_D: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    STAGES: tl.constexpr,
):
    head = tl.program_id(0) % n_heads
    first_row = (tl.num_programs(0) // n_heads - 1 - tl.program_id(0) // n_heads) * BLOCK_M
    kv_head = head // group
    rows = first_row + tl.arange(0, BLOCK_M)
    last_row = tl.minimum(first_row + BLOCK_M, n_tokens) - 1
    low = tl.load(bounds_ptr + first_row)
    latest = tl.load(bounds_ptr + last_row)
    inside = rows < n_tokens
    row_start = tl.load(bounds_ptr + rows, mask=inside, other=0)
    lse = tl.load(lse_ptr + head.to(tl.int64) * lse_row + rows, mask=inside, other=float("inf"))
    delta = tl.load(delta_ptr + head.to(tl.int64) * lse_row + rows, mask=inside, other=0.0)

    q = q_desc.load([first_row, head * q_head])
    grad = grad_desc.load([first_row, head * grad_head])
    depth = tl.arange(0, BLOCK_D)
    if BLOCK_D != HEAD_DIM:
        q = tl.where(depth[None, :] < HEAD_DIM, q, 0.0).to(q.dtype)
        grad = tl.where(depth[None, :] < HEAD_DIM, grad, 0.0).to(grad.dtype)
    dq = tl.zeros([BLOCK_M, BLOCK_D], tl.float32)
    for start in tl.range(low, last_row + 1, BLOCK_N, num_stages=STAGES):
        k = k_desc.load([start, kv_head * k_head])
        p = tl.exp2(tl.dot(q, k.T) * scale_log2 - lse[:, None])
        if (start + BLOCK_N > first_row + 1) | (start < latest):
            keys = start + tl.arange(0, BLOCK_N)
            p = tl.where((keys[None, :] <= rows[:, None]) & (keys[None, :] >= row_start[:, None]), p, 0.0)
        v = v_desc.load([start, kv_head * v_head])
        ds = p * (tl.dot(grad, v.T) - delta[:, None])
        dq = tl.dot(ds.to(k.dtype), k, dq)

    places = (rows[:, None].to(tl.int64) * n_heads + head) * HEAD_DIM + depth[None, :]
    tl.store(
        dq_ptr + places, (dq * scale).to(dq_ptr.dtype.element_ty), mask=inside[:, None] & (depth[None, :] < HEAD_DIM)
    )
