"""Forward attention over packed documents, in Triton: one program per block of queries and query head.

Nothing here sees a mask tensor. `bounds` says where each token's document begins and ends; a block of queries reads
keys from the beginning of its first row's document to its own last row, and only blocks that touch the diagonal or a
document's edge are masked. Softmax runs online in base 2 (FlashAttention-2, arXiv 2307.08691, section 3.1).
"""

# mypy: disallow-untyped-defs=False
# A kernel's arguments have no Python types: Triton compiles the source for what a call passes.
import triton
import triton.language as tl


@triton.jit
def _document_of(offsets_ptr, tokens, n_documents):
    """Index of the document that holds each token, by bisection; empty documents are stepped over."""
    low = tokens * 0
    high = low + n_documents
    steps = n_documents
    while steps > 0:
        # Invariant: offsets[low] <= token < offsets[high].
        middle = (low + high) // 2
        goes_right = tl.load(offsets_ptr + middle) <= tokens
        low = tl.where(goes_right, middle, low)
        high = tl.where(goes_right, high, middle)
        steps = steps // 2
    return low


@triton.jit
def bounds_kernel(
    offsets_ptr,  # (n_documents + 1,) int32
    bounds_ptr,  # int32: T starts, T ends, the order of query tiles, the order of key tiles
    n_tokens,
    n_documents,
    n_tiles,  # tiles of TILE tokens
    BLOCK: tl.constexpr,
    TILE: tl.constexpr,
    BLOCK_T: tl.constexpr,  # n_tiles rounded up to a power of two
):
    """Where each token's document begins and ends, and in which order tiles should be computed: longest work first."""
    tokens = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    document = _document_of(offsets_ptr, tl.minimum(tokens, n_tokens - 1), n_documents)
    inside = tokens < n_tokens
    tl.store(bounds_ptr + tokens, tl.load(offsets_ptr + document), mask=inside)
    tl.store(bounds_ptr + n_tokens + tokens, tl.load(offsets_ptr + document + 1), mask=inside)

    tiles = tl.arange(0, BLOCK_T)
    first = tl.minimum(tiles * TILE, n_tokens - 1)
    last = tl.minimum(first + TILE, n_tokens) - 1
    start = tl.load(offsets_ptr + _document_of(offsets_ptr, first, n_documents))
    end = tl.load(offsets_ptr + _document_of(offsets_ptr, last, n_documents) + 1)
    real = tiles < n_tiles
    keys = tl.where(real, last + 1 - start, 0)  # that a tile of queries reads
    queries = tl.where(real, end - first, 0)  # that a tile of keys is read by
    for own in range(tl.program_id(0), n_tiles, tl.num_programs(0)):
        own_keys = tl.sum(tl.where(tiles == own, keys, 0), 0)
        own_queries = tl.sum(tl.where(tiles == own, queries, 0), 0)
        # A tile's place is the number of tiles that come before it: longer ones, and of its own length, earlier ones.
        place = tl.sum(((keys > own_keys) | ((keys == own_keys) & (tiles < own))).to(tl.int32), 0)
        tl.store(bounds_ptr + 2 * n_tokens + place, own)
        place = tl.sum(((queries > own_queries) | ((queries == own_queries) & (tiles < own))).to(tl.int32), 0)
        tl.store(bounds_ptr + 2 * n_tokens + n_tiles + place, own)


@triton.jit
def forward_kernel(
    q_desc,  # (T, H * D) bfloat16/float16, blocks (BLOCK_M, BLOCK_D); heads q_head columns apart
    k_desc,  # (T, H_kv * D), blocks (BLOCK_N, BLOCK_D)
    v_desc,
    out_ptr,  # (T, H, D), contiguous
    lse_ptr,  # (H, T) float32: base-2 log of the softmax's denominator
    bounds_ptr,  # int32, from bounds_kernel
    scale_log2,  # scale * log2(e)
    q_head,
    k_head,
    v_head,
    lse_row,  # columns from one row of lse to the next
    n_tokens,
    n_heads,
    group,  # query heads per key-value head
    HEAD_DIM: tl.constexpr,
    BLOCK_D: tl.constexpr,  # HEAD_DIM rounded up to a power of two
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    STAGES: tl.constexpr,
):
    # Long blocks first: under a causal mask the last queries have most keys, and short work fills the tail.
    head = tl.program_id(0) % n_heads
    first_row = (tl.num_programs(0) // n_heads - 1 - tl.program_id(0) // n_heads) * BLOCK_M
    kv_head = head // group
    rows = first_row + tl.arange(0, BLOCK_M)
    columns = tl.arange(0, BLOCK_N)
    last_row = tl.minimum(first_row + BLOCK_M, n_tokens) - 1
    low = tl.load(bounds_ptr + first_row)
    row_start = tl.load(bounds_ptr + rows, mask=rows < n_tokens, other=0)

    q = q_desc.load([first_row, head * q_head])
    if BLOCK_D != HEAD_DIM:  # the descriptor's block reaches into the next head: those columns must not count
        q = tl.where(tl.arange(0, BLOCK_D)[None, :] < HEAD_DIM, q, 0.0).to(q.dtype)
    acc = tl.zeros([BLOCK_M, BLOCK_D], tl.float32)
    row_max = tl.full([BLOCK_M], float("-inf"), tl.float32)
    row_sum = tl.zeros([BLOCK_M], tl.float32)

    # Blocks wholly below the diagonal and inside the one document of these rows need no mask.
    n_full = tl.where(tl.load(bounds_ptr + last_row) == low, (first_row + 1 - low) // BLOCK_N, 0)
    middle = low + n_full * BLOCK_N
    for start in tl.range(low, middle, BLOCK_N, num_stages=STAGES):
        k = k_desc.load([start, kv_head * k_head])
        scores = tl.dot(q, k.T)
        new_max = tl.maximum(row_max, tl.max(scores, 1) * scale_log2)
        p = tl.exp2(scores * scale_log2 - new_max[:, None])
        alpha = tl.exp2(row_max - new_max)
        row_sum = row_sum * alpha + tl.sum(p, 1)
        row_max = new_max
        v = v_desc.load([start, kv_head * v_head])
        acc = tl.dot(p.to(v.dtype), v, acc * alpha[:, None])
    for start in tl.range(middle, last_row + 1, BLOCK_N, num_stages=STAGES):
        k = k_desc.load([start, kv_head * k_head])
        scores = tl.dot(q, k.T)
        keys = start + columns
        visible = (keys[None, :] <= rows[:, None]) & (keys[None, :] >= row_start[:, None])
        scores = tl.where(visible, scores * scale_log2, float("-inf"))
        new_max = tl.maximum(row_max, tl.max(scores, 1))
        # A row that has seen no key of its own yet: exp2(-inf - -inf) would be NaN.
        base = tl.where(new_max == float("-inf"), 0.0, new_max)
        p = tl.exp2(scores - base[:, None])
        alpha = tl.exp2(row_max - base)
        row_sum = row_sum * alpha + tl.sum(p, 1)
        row_max = new_max
        v = v_desc.load([start, kv_head * v_head])
        acc = tl.dot(p.to(v.dtype), v, acc * alpha[:, None])

    acc = acc / row_sum[:, None]
    inside = rows < n_tokens
    tl.store(lse_ptr + head.to(tl.int64) * lse_row + rows, row_max + tl.log2(row_sum), mask=inside)
    depth = tl.arange(0, BLOCK_D)
    out = out_ptr + (rows[:, None].to(tl.int64) * n_heads + head) * HEAD_DIM + depth[None, :]
    tl.store(out, acc.to(out_ptr.dtype.element_ty), mask=inside[:, None] & (depth[None, :] < HEAD_DIM))
