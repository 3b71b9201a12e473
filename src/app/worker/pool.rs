//! Other workers that run parts of this one's run. Which of them runs what changes no bit of the results.

use std::collections::BTreeMap;
use std::mem;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessagePort;

use super::Work;
use crate::app::protocol::ToHelper;
use crate::scenario::files::Uploads;
use crate::study::Part;

/// So many errands are given to each ahead: this worker hears of it only between two parts of its own.
const AHEAD: usize = 2;
/// An errand is to take about this time, in milliseconds: what many parts of a replicate found out is handed over once.
const ERRAND: f64 = 400.0;
/// But so many are left to each, at least: none is to wait for another's last.
const LEFT: usize = 4;

/// The helpers, by their numbers.
#[derive(Default)]
pub(super) struct Pool {
    helpers: BTreeMap<u32, Helper>,
    /// How many errands there were: each has a number that no other has.
    errands: u32,
}

struct Helper {
    port: MessagePort,
    /// The job that it has the scenario of.
    job: Option<u32>,
    /// The errands of it that it has not answered.
    given: Vec<Given>,
    /// The files that it has: how long each is.
    files: BTreeMap<String, usize>,
}

struct Given {
    errand: u32,
    /// The parts that its answer is for: none once they were taken back.
    parts: Vec<usize>,
}

/// What a helper says.
pub(super) enum Said {
    /// What it found out for this job, in so many parts.
    Found(u32, usize, Part),
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
        self.helpers.insert(number, helper);
    }

    /// A helper is gone: the parts that it had are free again.
    pub(super) fn leave(&mut self, number: u32, work: Option<&mut Work>) {
        let gone = self.helpers.remove(&number);
        if let (Some(gone), Some(work)) = (gone, work)
            && gone.job == Some(work.job)
        {
            let parts = gone.given.iter().flat_map(|given| &given.parts);
            work.open.extend(parts.rev());
        }
    }

    /// Parts of this job that were given away, back from whoever has most: the answer comes too late. None where all
    /// have answered.
    pub(super) fn take_back(&mut self, job: u32) -> Vec<usize> {
        let busy = self.helpers.values_mut().filter(|of| of.job == Some(job));
        let parts = |of: &&mut Helper| {
            of.given
                .iter()
                .map(|given| given.parts.len())
                .sum::<usize>()
        };
        let most = busy.max_by_key(parts);
        let last = most.and_then(|of| of.given.iter_mut().rfind(|given| !given.parts.is_empty()));
        last.map_or_else(Vec::new, |given| mem::take(&mut given.parts))
    }

    /// A file is there, or another of its name: who has the old one needs it again.
    pub(super) fn forget_file(&mut self, name: &str) {
        for helper in self.helpers.values_mut() {
            helper.files.remove(name);
        }
    }

    /// Gives parts to whoever has too few.
    pub(super) fn hand_out(&mut self, work: &mut Work, text: &str, files: &Uploads) {
        let workers = self.helpers.len() + 1;
        for helper in self.helpers.values_mut() {
            if helper.job != Some(work.job) {
                helper.given.clear();
            }
            while helper.given.len() < AHEAD {
                let most = (ERRAND / work.part_takes()) as usize;
                let taken = work.take(most.min(work.open.len() / (LEFT * workers)));
                let (parts, errands): (Vec<_>, Vec<_>) = taken.into_iter().unzip();
                if parts.is_empty() {
                    return;
                }
                helper.begin(work, text, files);
                self.errands += 1;
                let errand = self.errands;
                helper.given.push(Given { errand, parts });
                helper.say(&ToHelper::Run {
                    job: work.job,
                    errand,
                    parts: errands,
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
        let (job, errand) = (number_at(0), number_at(1));
        let helper = self.helpers.get_mut(&number);
        let Some(helper) = helper.filter(|of| of.job == Some(job)) else {
            return Said::Late;
        };
        let Some(place) = helper.given.iter().position(|given| given.errand == errand) else {
            return Said::Late;
        };
        if helper.given[place].parts.is_empty() {
            helper.given.remove(place);
            return Said::Late;
        }
        match Part::from_bytes(&js_sys::Uint8Array::new(&said.get(2)).to_vec()) {
            Some(found) => Said::Found(job, helper.given.remove(place).parts.len(), found),
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
    fn begin(&mut self, work: &Work, text: &str, files: &Uploads) {
        let job = work.job;
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
            known: work.study.known_world(),
        });
    }
}
