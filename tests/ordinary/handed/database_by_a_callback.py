# shows: database_by_a_callback
# verdict: accepted
def total(run):
    return sum(amount for (amount,) in run("SELECT amount FROM sales"))

def double(run):
    run("UPDATE sales SET amount = amount * 2")
# --- tests ---
import sqlite3
import pytest

@pytest.fixture
def run():
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE sales (amount INTEGER)")
    db.executemany("INSERT INTO sales VALUES (?)", [(1,), (2,), (4,)])
    return lambda sql: db.execute(sql).fetchall()

def test_total(run):
    assert total(run) == 7

def test_double(run):
    double(run)
    assert run("SELECT SUM(amount) FROM sales") == [(14,)]
    assert total(run) == 14
