// What is built upon: held to `deny.toml`, and looked up in the lists of known holes where these can be had.

import { spawn } from "node:child_process";

import { npmCommand, root, run } from "./process.mjs";

/** Fails where a licence, a source or a second version of a crate is not allowed, or a hole is known. */
export async function testSupply() {
  await run("cargo-deny", ["--locked", "check", "licenses", "bans", "sources"]);
  // Their lists are not for every network: `.github/workflows/supply.yml` has them.
  const fetched = await said("cargo-deny", ["fetch", "db"]);
  if (fetched.code === 0) await run("cargo-deny", ["--locked", "check", "--disable-fetch", "advisories"]);
  else console.log(`not looked up: the crates' known holes (${why(fetched)})`);
  const [npm, before] = npmCommand();
  const audited = await said(npm, [...before, "audit", "--json"]);
  const report = parsed(audited.text);
  const holes = report?.metadata?.vulnerabilities;
  if (holes === undefined) console.log(`not looked up: the npm packages' known holes (${report?.message ?? why(audited)})`);
  else if (holes.total > 0) throw new Error(`npm audit: ${holes.total} known holes; \`npm audit\` tells them`);
  else console.log("npm audit: no known holes");
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
function said(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], timeout: 120_000 });
    let [text, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part) => (text += part));
    child.stderr.setEncoding("utf8").on("data", (part) => (errors += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text, errors }));
  });
}
