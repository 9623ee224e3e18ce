"""``python -m bench [--quick] [--only PART] [--write]``: measures, and prints tables."""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from bench import machine, results
from bench.crowd import raise_limit_of_files
from bench.figures import HEADING, Figure
from bench.parts import PARTS
from bench.scale import FULL, QUICK, Scale


async def measure(scale: Scale, names: Sequence[str]) -> dict[str, list[Figure]]:
    """Print each figure as soon as it is known; return them all."""
    found: dict[str, list[Figure]] = {}
    yardsticks = [machine.yardstick()]
    for name in names:
        print(f"\n{name}\n{HEADING}", flush=True)
        began = time.monotonic()
        found[name] = []
        async for figure in PARTS[name](scale):
            print(figure, flush=True)
            found[name].append(figure)
        print(f"({time.monotonic() - began:.0f} s)", flush=True)
        yardsticks.append(machine.yardstick())
    print(Figure("\nyardstick: CPU of a million additions, now and then", "ms", yardsticks))
    return found


def main() -> None:
    """Measure, print, and keep the results if told to."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small; shows only that it runs")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be repeated")
    parser.add_argument(
        "--write", action="store_true", help="rewrite results.json, the plot and bench/README.md"
    )
    parser.add_argument("--rounds", type=int, help="of the contestants of `peers` (3)")
    asked = parser.parse_args()
    if asked.quick and asked.write:
        parser.error("--quick means nothing, so it is never written down.")
    raise_limit_of_files()
    began = time.monotonic()
    described = machine.described()
    print(described)
    if asked.quick:
        print("Quick: far too small to mean anything. It shows that the bench runs.")
    scale = QUICK if asked.quick else FULL
    if asked.rounds:
        scale = replace(scale, peers_rounds=asked.rounds)
    found = asyncio.run(measure(scale, asked.only or [*PARTS]))
    print(f"\n{time.monotonic() - began:.0f} s; load at the end {machine.load()}")
    if asked.write:
        results.write(found, described)


if __name__ == "__main__":
    main()
