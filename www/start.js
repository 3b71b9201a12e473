// Loads the page's program. A file of its own, so that the content security policy needs no exception for
// inline scripts; Trunk says which build in the attributes of its tag.
const { script, program } = document.querySelector("script[data-program]").dataset;
const { default: init } = await import(script);
await init({ module_or_path: program });

// Kept for when there is no network, once there is nothing more urgent; where that is forbidden, the page works too.
const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 3000));
idle(() => navigator.serviceWorker?.register("./sw.js").catch(() => {}));
