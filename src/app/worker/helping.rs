//! Running parts for another worker: what it asks comes over a port, what was found out goes back over it.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{MessageEvent, MessagePort};

use super::{file_of, listen};
use crate::app::protocol::ToHelper;
use crate::scenario::files::Uploads;
use crate::scenario::text;
use crate::study::{Part, Study};
use crate::world::hotels::Known;

/// What a helper has.
#[derive(Default)]
struct Helper {
    files: Uploads,
    /// The scenario that errands are of, with its job; the one before it, where that cannot be read.
    study: Option<(u32, Study)>,
}

/// Serves whoever is at the other end of a port.
pub(super) fn serve(port: MessagePort) {
    let helper = RefCell::new(Helper::default());
    let answers = port.clone();
    let hear = move |event: MessageEvent| {
        let message = event.data();
        let mut helper = helper.borrow_mut();
        match message.as_string() {
            Some(asked) => {
                if let Some(found) = helper.take(&asked) {
                    let _ = answers.post_message(&found);
                }
            }
            None => helper.files.0.extend(file_of(&message)),
        }
    };
    listen(hear, |handler| port.set_onmessage(Some(handler)));
}

impl Helper {
    /// Does what is asked; what is to be said of it: what was found, or null of a scenario that cannot be read.
    fn take(&mut self, asked: &str) -> Option<JsValue> {
        match serde_json::from_str(asked).ok()? {
            ToHelper::Begin { job, text, known } => {
                known.into_iter().for_each(Known::keep);
                let read = text::alone(&text).and_then(|mut document| {
                    document.read_files(&text, &self.files)?;
                    Ok(document)
                });
                let Ok(document) = read else {
                    return Some(JsValue::NULL);
                };
                // The world stays where it is the same.
                let earlier = self.study.take();
                let earlier: Vec<&Study> = earlier.iter().map(|(_, study)| study).collect();
                self.study = Some((job, Study::after_all(document, &earlier)));
                None
            }
            ToHelper::Run { job, errand, parts } => {
                let (_, study) = self.study.as_ref().filter(|(own, _)| *own == job)?;
                let parts = parts.iter().map(|part| study.run_errand(part));
                let found = parts.reduce(Part::plus)?.to_bytes();
                let found = js_sys::Uint8Array::from(&found[..]);
                Some(js_sys::Array::of3(&job.into(), &errand.into(), &found).into())
            }
        }
    }
}
