// The README's picture: made here, so that it shows what there is.

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../tools/process.mjs";
import { SHOTS, playground } from "./harness.mjs";

const open = playground();

test("the README's screenshot can be made", () =>
  open(
    async (view) => {
      await view.shot("playground");
      // Browsers differ in their pixels, so it is replaced only when asked for.
      if (process.env.STAYFRESH_UPDATE) await copyFile(join(SHOTS, "playground.png"), join(root, "www", "playground.png"));
    },
    { preset: "push-vs-pull" },
  ));
