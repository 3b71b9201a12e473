//! Other workers that run parts of this one's run. Which of them runs what changes no bit of the results.

use std::collections::BTreeMap;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessagePort;

use super::Work;
use crate::app::protocol::ToHelper;
use crate::scenario::files::Uploads;
use crate::study::Part;

/// So many parts are given to each ahead: this worker hears of it only between two parts of its own.
const AHEAD: usize = 2;

/// The helpers, by their numbers.
#[derive(Default)]
pub(super) struct Pool(BTreeMap<u32, Helper>);

struct Helper {
    port: MessagePort,
    /// The job that it has the scenario of.
    job: Option<u32>,
    /// The parts of it that it was given.
    given: Vec<usize>,
    /// The files that it has: how long each is.
    files: BTreeMap<String, usize>,
}

/// What a helper says.
pub(super) enum Said {
    /// What it found out for this job.
    Found(u32, Part),
    /// That it cannot help.
    Unable,
    /// Something that is wanted no longer.
    Late,
}

impl Pool {
    /// A helper came.
    pub(super) fn join(&mut self, number: u32, port: MessagePort) {
        let helper = Helper {
            port,
            job: None,
            given: Vec::new(),
            files: BTreeMap::new(),
        };
        self.0.insert(number, helper);
    }

    /// A helper is gone: the parts that it had are free again.
    pub(super) fn leave(&mut self, number: u32, work: Option<&mut Work>) {
        let gone = self.0.remove(&number);
        if let (Some(gone), Some(work)) = (gone, work)
            && gone.job == Some(work.job)
        {
            work.open.extend(gone.given.iter().rev());
        }
    }

    /// A part of this job that was given away, back from whoever has most: its answer comes too late.
    pub(super) fn take_back(&mut self, job: u32) -> Option<usize> {
        let busy = self.0.values_mut().filter(|of| of.job == Some(job));
        busy.max_by_key(|of| of.given.len())?.given.pop()
    }

    /// A file is there, or another of its name: who has the old one needs it again.
    pub(super) fn forget_file(&mut self, name: &str) {
        for helper in self.0.values_mut() {
            helper.files.remove(name);
        }
    }

    /// Gives parts to whoever has too few.
    pub(super) fn hand_out(&mut self, work: &mut Work, text: &str, files: &Uploads) {
        for helper in self.0.values_mut() {
            if helper.job != Some(work.job) {
                helper.given.clear();
            }
            while helper.given.len() < AHEAD {
                let Some(index) = work.open.pop() else {
                    return;
                };
                helper.begin(work.job, text, files);
                helper.given.push(index);
                helper.say(&ToHelper::Run {
                    job: work.job,
                    part: index as u32,
                    errand: work.study.errand(index),
                });
            }
        }
    }

    /// Understands what a helper says.
    pub(super) fn hear(&mut self, number: u32, message: &JsValue) -> Said {
        let Some(said) = message.dyn_ref::<js_sys::Array>() else {
            return Said::Unable;
        };
        let number_at = |place| said.get(place).as_f64().unwrap_or(-1.0) as u32;
        let (job, index) = (number_at(0), number_at(1) as usize);
        let helper = self.0.get_mut(&number).filter(|of| of.job == Some(job));
        let Some(helper) = helper else {
            return Said::Late;
        };
        let Some(place) = helper.given.iter().position(|given| *given == index) else {
            return Said::Late;
        };
        match Part::from_bytes(&js_sys::Uint8Array::new(&said.get(2)).to_vec()) {
            Some(part) => {
                helper.given.remove(place);
                Said::Found(job, part)
            }
            None => Said::Unable,
        }
    }
}

impl Helper {
    fn say(&self, what: &ToHelper) {
        if let Ok(text) = serde_json::to_string(what) {
            let _ = self.port.post_message(&JsValue::from_str(&text));
        }
    }

    /// Sees to it that it has the scenario, and the files that this names.
    fn begin(&mut self, job: u32, text: &str, files: &Uploads) {
        if self.job == Some(job) {
            return;
        }
        for (name, bytes) in &files.0 {
            if self.files.get(name) == Some(&bytes.len()) {
                continue;
            }
            let file = js_sys::Uint8Array::from(&bytes[..]);
            let file = js_sys::Array::of2(&JsValue::from_str(name), &file);
            if self.port.post_message(&file).is_ok() {
                self.files.insert(name.clone(), bytes.len());
            }
        }
        self.job = Some(job);
        self.say(&ToHelper::Begin {
            job,
            text: text.to_owned(),
        });
    }
}
