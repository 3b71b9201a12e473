//! What the browser keeps between visits, where it is allowed to and has room.

use gloo::utils::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::Storage;

/// The browser's storage. To ask for it is an error where it is forbidden.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The storage of this tab alone, which outlives a reload: two tabs do not take each other's work away.
fn tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// What was kept under a name, if it can still be read.
pub(super) fn get<T: DeserializeOwned>(key: &str) -> Option<T> {
    read(&storage()?, key)
}

/// What this tab kept under a name; what any tab did, where this one is new.
pub(super) fn get_own<T: DeserializeOwned>(key: &str) -> Option<T> {
    let own = tab().and_then(|tab| read::<Option<T>>(&tab, key));
    own.unwrap_or_else(|| get(key))
}

fn read<T: DeserializeOwned>(storage: &Storage, key: &str) -> Option<T> {
    let text = storage.get_item(key).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Keeps a value under a name; whether it is kept.
pub(super) fn set(key: &str, value: &impl Serialize) -> bool {
    write(storage(), key, value).is_some()
}

/// Keeps for this tab what it has under a name, or that it has nothing.
pub(super) fn set_own<T: Serialize>(key: &str, value: Option<&T>) {
    let is_kept = write(tab(), key, &value).is_some();
    // What is older must not go before what all tabs have.
    if let Some(tab) = tab().filter(|_| !is_kept) {
        let _ = tab.remove_item(key);
    }
}

fn write(storage: Option<Storage>, key: &str, value: &impl Serialize) -> Option<()> {
    let text = serde_json::to_string(value).ok()?;
    storage?.set_item(key, &text).ok()
}

/// Forgets what was kept under a name.
pub(super) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
