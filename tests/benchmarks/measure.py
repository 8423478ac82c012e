"""Time and memory of a function, in a process of its own."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Measured:
    """Best wall time and CPU time of several runs, and the peak memory of the whole process."""

    wall: float
    cpu: float
    peak_mb: int
    result: str


def _child(work: Callable[[], object], repeats: int, pipe: Connection) -> None:
    best_wall = best_cpu = float("inf")
    result: object = None
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        best_wall = min(best_wall, time.perf_counter() - wall)
        best_cpu = min(best_cpu, time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    pipe.send(Measured(best_wall, best_cpu, peak, str(result)))


def measure(work: Callable[[], object], repeats: int = 3) -> Measured:
    """Run `work` several times in a fresh process; `work` must be importable and takes no arguments."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(work, repeats, theirs))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()
