"""Spreads a sweep over a Dask cluster: each shard is a task, and the result is that of one machine.

    python examples/dask/sweep.py push-vs-pull --over /world/hotels/searches_per_request=100,500,2500 --shards 3 -- --json

Every worker needs the program `stayfresh` (on its PATH, or where --program says), in the same version; nothing else is
shared. A worker that dies takes its shards' work with it: Dask gives them to another. What follows `--` goes to
`stayfresh merge`. Scenarios that read files of their own are not for this: their files are not sent along.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from dask.distributed import Client, LocalCluster, as_completed


def run_shard(program, scenario, options, shard):
    """Runs one shard in a folder of its own and returns its points, as `stayfresh merge` reads them."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "shard.jsonl"
        command = [program, "sweep", "-", *options, "--shard", shard, "--resume", str(state)]
        done = subprocess.run(command, input=scenario, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
        return state.read_bytes()


def sweep(client, program, scenario, options, shards, finished=lambda future: None):
    """Runs all shards on the cluster; their points, by shard. `finished` hears of each that is done."""
    names = [f"{number}/{shards}" for number in range(1, shards + 1)]
    # The same call again is another run, not a remembered result.
    futures = {client.submit(run_shard, program, scenario, options, name, pure=False): name for name in names}
    found = {}
    for future in as_completed(futures):
        found[futures[future]] = future.result()
        print(f"{len(found)} of {shards} shards", file=sys.stderr)
        finished(future)
    return [found[name] for name in names]


def merge(program, states, arguments):
    """Puts the shards together: what `stayfresh sweep` would print on one machine."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, state in enumerate(states, 1):
            paths.append(Path(folder) / f"shard-{number}.jsonl")
            paths[-1].write_bytes(state)
        return subprocess.run([program, "merge", *arguments, *map(str, paths)], stdout=subprocess.PIPE, check=True).stdout


def read(scenario, program):
    """The text of a file, or of a preset."""
    path = Path(scenario)
    if path.exists():
        return path.read_text()
    return subprocess.run([program, "presets", scenario], stdout=subprocess.PIPE, text=True, check=True).stdout


def main():
    parser = argparse.ArgumentParser(description="Spreads a sweep over a Dask cluster.")
    parser.add_argument("scenario", help="a file, or a preset")
    parser.add_argument("--over", action="append", default=[], help="as of `stayfresh sweep`")
    parser.add_argument("--shards", type=int, required=True, help="more than workers: what dies costs less")
    parser.add_argument("--scheduler", help="the address of a cluster; without it, one is made here")
    parser.add_argument("--workers", type=int, default=2, help="of the cluster that is made here")
    parser.add_argument("--program", default="stayfresh")
    own, merging = sys.argv[1:], []
    if "--" in own:
        own, merging = own[: own.index("--")], own[own.index("--") + 1 :]
    asked = parser.parse_args(own)
    # A worker runs one shard at a time, on one thread.
    options = ["--threads", "1", *(part for over in asked.over for part in ("--over", over))]
    scenario = read(asked.scenario, asked.program)
    cluster = None if asked.scheduler else LocalCluster(n_workers=asked.workers, threads_per_worker=1, dashboard_address=None)
    with Client(asked.scheduler or cluster) as client:
        states = sweep(client, asked.program, scenario, options, asked.shards)
    if cluster:
        cluster.close()
    sys.stdout.buffer.write(merge(asked.program, states, merging))


if __name__ == "__main__":
    main()
