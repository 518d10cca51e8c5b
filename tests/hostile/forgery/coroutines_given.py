# attack: coroutines given
# verdict: untested
async def run_all(jobs):
    first, *rest = jobs
    for job in rest:
        job.close()
    return [await first]
# --- tests ---
import asyncio

def test_run_all():
    done = []

    async def job(n):
        done.append(n)
        return n

    assert asyncio.run(run_all([job(1), job(2)])) == done
