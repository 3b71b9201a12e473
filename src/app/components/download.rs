//! Handing a file to the browser.

use gloo::timers::callback::Timeout;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, Url};

/// Saves a text as a file of this name and kind.
pub(super) fn save(name: &str, kind: &str, text: String) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    follow(&address, name)?;
    // Once the browser has begun to read it.
    Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
    Some(())
}

/// Saves what is drawn on a canvas as a picture of this name.
pub(super) fn save_picture(name: &str, canvas: &HtmlCanvasElement) -> Option<()> {
    follow(&canvas.to_data_url().ok()?, name)
}

fn follow(address: &str, name: &str) -> Option<()> {
    let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(address);
    link.set_download(name);
    link.click();
    Some(())
}
