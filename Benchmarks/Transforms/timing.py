"""CPU time of a function in this process."""
import time


def timed(function, runs=5):
    """Seconds, the least of several runs, and what the last one gave."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        result = function()
        best = min(best, time.process_time() - start)
    return best, result
