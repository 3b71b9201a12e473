// Loads the engine into its worker. Page and engine are asked for by the same build id, so that no cache can
// mix two builds.
importScripts("./worker.js" + location.search);
wasm_bindgen({ module_or_path: "./worker_bg.wasm" + location.search })
  // The page hears of errors, not of promises.
  .catch((error) => setTimeout(() => { throw error; }));
