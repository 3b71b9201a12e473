"""A release, made here: what the workflow's steps say is done, with a stand-in for the host that would take it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ["STAYFRESH"]
JOBS = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]
VERSION = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
TAG = f"v{VERSION}"
TOLD = "\n### Added\n\n- Something.\n\n"

# Says what it was asked for, and releases nothing.
GH = """#!/bin/sh
printf '%s\\n' "$@" > "$ASKED"
"""


def script(job, name):
    """What a job's step of that name runs."""
    (step,) = [step for step in JOBS[job]["steps"] if step.get("name") == name]
    return step["run"]


@unittest.skipUnless(sys.platform == "linux", "the workflow publishes from Linux")
class Release(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE"]:
            shutil.copy(ROOT / name, self.folder)
        changelog = (ROOT / "CHANGELOG.md").read_text()
        self.assertIn("## [Unreleased]", changelog)
        # As `docs/releasing.md` has it, with another version before.
        sections = f"## [Unreleased]\n\n## [{VERSION}] - 2000-01-01\n{TOLD}## [0.0.9] - 1999-01-01\n\n- Older.\n"
        (self.folder / "CHANGELOG.md").write_text(changelog.split("## [Unreleased]")[0] + sections)

    def run_step(self, job, name, tag=TAG, **more):
        # As the host runs it: it ends at the first command that fails.
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script(job, name)],
            cwd=self.folder,
            env={**os.environ, "GITHUB_REF_NAME": tag, "RUNNER_OS": "Linux", **more},
            capture_output=True,
            text=True,
        )

    def done(self, *step, **more):
        ran = self.run_step(*step, **more)
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_a_tag_that_is_not_the_version_ends_it(self):
        self.done("notes", "The tag is the version")
        for tag in ["v999.0.0", VERSION, f"{TAG}-rc"]:
            self.assertNotEqual(self.run_step("notes", "The tag is the version", tag).returncode, 0, tag)

    def test_its_text_is_the_changelogs_part(self):
        self.done("notes", "What the changelog has of it")
        self.assertEqual((self.folder / "notes.md").read_text(), TOLD)
        changelog = self.folder / "CHANGELOG.md"
        changelog.write_text(changelog.read_text().replace(TOLD, "\n"))
        self.assertNotEqual(self.run_step("notes", "What the changelog has of it").returncode, 0, "nothing is told of it")

    def test_what_is_packed_runs_and_what_is_published_has_its_checksums(self):
        self.done("notes", "What the changelog has of it")
        release = self.folder / "target" / "release"
        release.mkdir(parents=True)
        shutil.copy(PROGRAM, release / "stayfresh")
        self.done("cli", "Pack it")
        (packed,) = self.folder.glob("stayfresh-v*.tar.gz")
        (self.folder / "got").mkdir()
        subprocess.run(["tar", "-xzf", packed, "-C", "got"], cwd=self.folder, check=True)
        (got,) = (self.folder / "got").iterdir()
        self.assertEqual(packed.name, f"{got.name}.tar.gz")
        self.assertEqual(
            sorted(path.name for path in got.iterdir()),
            ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "stayfresh"],
        )
        said = subprocess.run([got / "stayfresh", "--version"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(said.strip(), f"stayfresh {VERSION}")

        # What the jobs before hand on.
        files = self.folder / "files"
        files.mkdir()
        shutil.move(packed, files)
        shutil.copy(self.folder / "notes.md", files)
        (files / "stayfresh.html").write_text("<!doctype html>")
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "gh").write_text(GH)
        (programs / "gh").chmod(0o755)
        asked = self.folder / "asked"
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        self.done("publish", "Make the release", PATH=path, ASKED=str(asked))
        words = asked.read_text().split("\n")[:-1]
        self.assertEqual(words[:3], ["release", "create", TAG])
        self.assertIn("--verify-tag", words)
        published = sorted(words[words.index("--") + 1 :])
        self.assertEqual(published, ["SHA256SUMS", packed.name, "stayfresh.html"])
        self.assertEqual((files / words[words.index("--notes-file") + 1]).read_text(), TOLD)
        subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=files, check=True, capture_output=True)
        summed = sorted(line.split("  ")[1] for line in (files / "SHA256SUMS").read_text().splitlines())
        self.assertEqual(summed, [packed.name, "stayfresh.html"])


if __name__ == "__main__":
    unittest.main()
