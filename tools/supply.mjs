// What is built upon: held to `deny.toml`, and looked up in the lists of known holes where these can be had.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { npmCommand, root, run } from "./process.mjs";

/** Fails where a licence, a source or a second version of a crate is not allowed, or a hole is known. */
export async function testSupply() {
  await run("cargo-deny", ["--locked", "check", "licenses", "bans", "sources"]);
  // What is never given to anybody may be under any licence.
  for (const beside of BESIDE) await deny(beside, "sources");
  // That none is found says something only where one would be.
  if (!(await inTemporary(crateIsFound))) throw new Error("cargo-deny does not find a hole that was planted");
  const planted = await withServer({ [NPM_PLANTED]: [HOLE] }, (at) => npmHoles(["--registry", at]));
  const clean = await withServer({}, (at) => npmHoles(["--registry", at]));
  if (planted.total !== 1 || clean.total !== 0) throw new Error("npm audit does not find what was planted, and that alone");
  console.log("planted holes are found, of a crate and of an npm package");
  const fetched = await said("cargo-deny", ["fetch", "db"]);
  if (fetched.code === 0) for (const of of [".", ...BESIDE]) await deny(of, "--disable-fetch", "advisories");
  else unread(`the crates' known holes (${why(fetched)})`);
  const { total, missing } = await npmHoles();
  if (total === undefined) unread(`the npm packages' known holes (${missing})`);
  else if (total > 0) throw new Error(`npm audit: ${total} known holes; \`npm audit\` tells them`);
  else console.log("npm audit: no known holes");
}

/** The lists are not for every network. Where the project is at home they are: there it is a failure. */
function unread(what) {
  if (process.env.GITHUB_ACTIONS) throw new Error(`cannot be looked up: ${what}`);
  console.log(`not looked up: ${what}`);
}

/** Programs beside the program, with lock files of their own. */
const BESIDE = ["fuzz", "examples/bench-peers"];

/** Checks one of the programs. */
const deny = (of, ...what) =>
  run("cargo-deny", ["--locked", "--config", "deny.toml", "--manifest-path", join(of, "Cargo.toml"), "check", ...what]);

/** How many holes `npm audit` knows of; or why it cannot say. */
async function npmHoles(more = []) {
  const [npm, before] = npmCommand();
  const audited = await said(npm, [...before, "audit", "--json", ...more]);
  const report = parsed(audited.text);
  return { total: report?.metadata?.vulnerabilities?.total, missing: report?.message ?? why(audited) };
}

/** What the page is tested with, and a hole that it has not. */
const NPM_PLANTED = "playwright-core";
const HOLE = { id: 1, url: "https://example.org/planted", title: "planted", severity: "high", vulnerable_versions: ">=0" };

/** Hands `work` the address of a server that knows of `holes`, by package, and of nothing else. */
async function withServer(holes, work) {
  const server = createServer((request, response) => {
    const isAsked = request.url.endsWith("/advisories/bulk");
    response.writeHead(isAsked ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isAsked ? holes : {}));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    return await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
  }
}

/** A hole of a crate that the program has, as the list of holes would have it. */
const CRATE_PLANTED = "serde";
const PLANTED = `\`\`\`toml
[advisory]
id = "RUSTSEC-2000-0001"
package = "${CRATE_PLANTED}"
date = "2000-01-01"

[versions]
patched = []
\`\`\`

# Planted

To see that it is found.
`;

/** Whether a planted hole ends the check of crates, by its name. */
async function crateIsFound(folder) {
  const list = join(folder, "list");
  await mkdir(join(list, "crates", CRATE_PLANTED), { recursive: true });
  await writeFile(join(list, "crates", CRATE_PLANTED, "RUSTSEC-2000-0001.md"), PLANTED);
  const git = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-C", list];
  for (const step of [["init", "--quiet", "--initial-branch", "main"], ["add", "."], ["commit", "--quiet", "--message", "planted"]]) {
    await run("git", [...git, ...step]);
  }
  const rules = await readFile(join(root, "deny.toml"), "utf8");
  const address = "https://example.org/planted";
  const paths = `db-path = ${JSON.stringify(join(folder, "got"))}\ndb-urls = [${JSON.stringify(address)}]`;
  const here = `[advisories]\ngit-fetch-with-cli = true\n${paths}`;
  // Whoever asks for that address is given the folder.
  const instead = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: `url.file://${list}.insteadOf`, GIT_CONFIG_VALUE_0: address };
  const config = join(folder, "deny.toml");
  await writeFile(config, rules.replace("[advisories]", here));
  const checked = await said("cargo-deny", ["--locked", "--config", config, "check", "advisories"], instead);
  const isFound = checked.code !== 0 && checked.errors.includes("RUSTSEC-2000-0001");
  if (!isFound) console.log(checked.errors);
  return isFound;
}

async function inTemporary(work) {
  const folder = await mkdtemp(join(tmpdir(), "stayfresh-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The last that a program said of its failure. */
const why = ({ code, errors }) => errors.trim().split("\n").at(-1) || `exit code ${code}`;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a program says, however it ends. */
function said(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], timeout: 120_000 });
    let [text, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part) => (text += part));
    child.stderr.setEncoding("utf8").on("data", (part) => (errors += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text, errors }));
  });
}
