//! What must hold to the last bit on every platform: run natively by `cargo test`, and in a browser by
//! `cargo test --target wasm32-unknown-unknown`.

mod durations;
mod golden;
