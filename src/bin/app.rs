//! The page.

#[cfg(target_arch = "wasm32")]
fn main() {
    stayfresh::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
