# attack: calls from processes of the tests
# verdict: untested
def square(x):
    return x * x

# --- tests ---
import multiprocessing

def work(x, pipe):
    pipe.send(square(x))

def test_squares():
    mine, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=work, args=(3, theirs))
    process.start()
    process.join(2)
    assert square(3) == 9
    assert not mine.poll() or mine.recv() == 9
