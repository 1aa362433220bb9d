"""Interleaves made-up contenders and prints who ran with whom.

  take_turns.py BENCH_FOLDER OUTPUT_FOLDER COMPILER
"""
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, sys.argv[1])
import timing  # noqa: E402

options = SimpleNamespace(output=Path(sys.argv[2]), cc=sys.argv[3])
peak = timing.build_peak(options)
print("peaks", *(peak(threads) > 0 for threads in (1, 2, 3)))

timing.PAUSE = 0
for counts in ([1], [1, 2]):
    log = []
    keys = [(name, threads) for name in "ab" for threads in counts]
    runs = {key: lambda key=key: log.append(key) for key in keys}

    def toy_peak(threads):
        log.append(threads)
        return threads

    first, every, peaks = timing.interleave(runs, counts, toy_peak, 0)
    turn = len(log) // len(keys)
    print("turn", *("run" if isinstance(entry, tuple) else f"peak({entry})"
                    for entry in log[:turn]))
    print("one contender a turn",
          all(len(set(log[i:i + turn - len(counts)])) == 1
              for i in range(0, len(log), turn)))
    print("all take part", {entry for entry in log
                            if isinstance(entry, tuple)} == set(keys))
    print("times", *({len(times[key]) for key in keys}
                     for times in (first, every)))
    print("peaks", peaks)
