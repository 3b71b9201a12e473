// The end of the program in a page that is a single file: unpacks what stands in the page and starts it. The engine
// comes from memory, since a page from a disk may ask for no other file.
{
  const packed = (name) => document.getElementById(`packed-${name}`).textContent;
  const unpacked = (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };
  const engine = `
const unpacked = ${unpacked};
unpacked("${packed("engine")}")
  .then((bytes) => wasm_bindgen({ module_or_path: bytes }))
  .catch((error) => setTimeout(() => { throw error; }));`;
  const loader = new Blob([await unpacked(packed("worker")), engine], { type: "text/javascript" });
  const editor = new Blob([await unpacked(packed("editor"))], { type: "text/javascript" });
  document.documentElement.dataset.editor = URL.createObjectURL(editor);
  document.documentElement.dataset.engine = URL.createObjectURL(loader);
  await __wbg_init({ module_or_path: await unpacked(packed("program")) });
}
