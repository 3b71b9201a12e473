//! The page's engine, in a web worker.

#[cfg(target_arch = "wasm32")]
fn main() {
    stayfresh::app::worker::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
