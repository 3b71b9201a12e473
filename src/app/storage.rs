//! What the browser keeps between visits, where it is allowed to and has room.

use gloo::utils::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::Storage;

/// The browser's storage. To ask for it is an error where it is forbidden.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was kept under a name, if it can still be read.
pub(super) fn get<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = storage()?.get_item(key).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Keeps a value under a name; whether it is kept.
pub(super) fn set(key: &str, value: &impl Serialize) -> bool {
    let kept = || {
        let text = serde_json::to_string(value).ok()?;
        storage()?.set_item(key, &text).ok()
    };
    kept().is_some()
}

/// Forgets what was kept under a name.
pub(super) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
