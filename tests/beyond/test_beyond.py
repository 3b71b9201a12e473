"""Sweeps beyond one machine: over a Dask cluster of which a worker dies, and as a job of Kubernetes."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import kubernetes_validate
import yaml
from dask.distributed import Client, LocalCluster

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ["STAYFRESH"]
sys.path.insert(0, str(ROOT / "examples" / "dask"))

import sweep  # noqa: E402

SHARDS = 8
OVER = ["--over", "/world/two_state/searches_per_stay_per_day=1,2,5,10,20", "--over", "/seed=1,2,3,4"]
SCENARIO = json.dumps(
    {
        "version": 1,
        "title": "Beyond",
        "run": {"warmup": "1d", "length": "30d", "replicates": 8},
        "world": {"two_state": {"stays": 4000, "sells_out_per_day": 1, "reopens_per_day": 2, "searches_per_stay_per_day": 5}},
        "designs": [{"name": "misses", "cache": {"ttl": {"sliding": "6h"}}}],
    }
)


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], input=SCENARIO.encode(), stdout=subprocess.PIPE, check=True).stdout


class OverACluster(unittest.TestCase):
    def test_a_worker_dies_half_way_and_the_sweep_is_that_of_one_machine(self):
        cluster = LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None)
        with cluster, Client(cluster) as client:
            ran = []
            killed = []

            def finished(future):
                ran.append(future)
                if len(ran) == SHARDS // 4:
                    # A worker that is in the middle of a shard.
                    busy = [address for address, keys in client.processing().items() if keys]
                    self.assertTrue(busy, "nobody was at work")
                    process = client.run(os.getpid)[busy[0]]
                    os.kill(process, signal.SIGKILL)
                    killed.append(process)

            options = ["--threads", "1", *OVER]
            states = sweep.sweep(client, PROGRAM, SCENARIO, options, SHARDS, finished)
            self.assertEqual(len(killed), 1)
            survivors = client.run(os.getpid).values()
            self.assertNotIn(killed[0], survivors, "it was not killed")
        one = run("sweep", "-", "--json", *OVER)
        merged = sweep.merge(PROGRAM, states, ["--json"])
        self.assertEqual(json.loads(merged)["sweep_hash"], json.loads(one)["sweep_hash"])
        self.assertEqual(merged, one)


class AsAJob(unittest.TestCase):
    manifest = yaml.safe_load((ROOT / "examples" / "kubernetes" / "sweep.yaml").read_text())

    def test_the_manifest_is_one(self):
        kubernetes_validate.validate(self.manifest, kubernetes_validate.latest_version(), strict=True)

    def test_its_pods_run_the_whole_sweep(self):
        spec = self.manifest["spec"]
        container = spec["template"]["spec"]["containers"][0]
        arguments = container["args"]
        self.assertIn(f"auto/{spec['completions']}", arguments)
        over = arguments[arguments.index("--over") + 1].partition("=")[2].split(",")
        self.assertEqual(len(over), spec["completions"])
        # As pods run them, in a folder of this machine's.
        with tempfile.TemporaryDirectory() as folder:
            for index in range(spec["completions"]):
                def local(argument):
                    argument = argument.replace("$(JOB_COMPLETION_INDEX)", str(index))
                    argument = argument.replace("/scenario/scenario.json", "-").replace("/sweep/", f"{folder}/")
                    return argument.replace("/world/hotels/searches_per_request", "/seed")

                environment = {**os.environ, "JOB_COMPLETION_INDEX": str(index)}
                command = [PROGRAM, *map(local, arguments)]
                small = json.loads(SCENARIO)
                small["world"]["two_state"]["stays"] = 50
                subprocess.run(command, input=json.dumps(small).encode(), env=environment, check=True, capture_output=True)
            files = sorted(map(str, Path(folder).glob("shard-*.jsonl")))
            self.assertEqual(len(files), spec["completions"])
            merged = json.loads(run("merge", "--json", *files))
        self.assertEqual([point["index"] for point in merged["points"]], list(range(len(over))))

    def test_the_image_is_of_this_version(self):
        version = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]
        container = self.manifest["spec"]["template"]["spec"]["containers"][0]
        self.assertEqual(container["image"], f"stayfresh:{version}")


if __name__ == "__main__":
    unittest.main()
