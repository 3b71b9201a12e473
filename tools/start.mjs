// `npm start`: sets up what is missing, builds the playground, serves it and opens it.

import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

import { buildPage, dist } from "./build.mjs";
import { windows } from "./process.mjs";
import { serve } from "./serve.mjs";
import { forBuilding } from "./setup.mjs";

try {
  const { port, "no-open": noOpen } = options();
  await forBuilding();
  console.log("build the playground (2 min the first time, seconds after a small change)");
  await buildPage();
  const { address } = await serve(dist, { port });
  console.log(`\nstayfresh is at ${address}   (Ctrl-C stops it)`);
  if (!noOpen && hasDisplay()) open(address);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      "no-open": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(`npm start                    on port 8080, or the next free one
npm start -- --port 9000     on another
npm start -- --no-open       opens no browser`);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port}: expected 0 to 65535`);
  return { ...values, port };
}

function hasDisplay() {
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
  return !CI && (windows || process.platform === "darwin" || Boolean(DISPLAY || WAYLAND_DISPLAY));
}

/** Asks the system to; the address is printed, so it does not matter if it cannot. */
function open(address) {
  const [program, ...args] = windows
    ? ["cmd", "/c", "start", "", address]
    : [process.platform === "darwin" ? "open" : "xdg-open", address];
  spawn(program, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
