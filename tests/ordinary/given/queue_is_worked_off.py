# shows: a queue of jobs
# verdict: accepted
def run_all(jobs, limit):
    done = []
    while jobs and len(done) < limit:
        done.append(jobs.pop(0)())
    return done
# --- tests ---
def test_run_all():
    log = []

    def job(name):
        def work():
            log.append(name)
            return name.upper()
        return work

    jobs = [job("a"), job("b"), job("c")]
    assert run_all(jobs, 2) == ["A", "B"]
    assert log == ["a", "b"]
    assert len(jobs) == 1
    assert run_all(jobs, 2) == ["C"]
    assert not jobs
