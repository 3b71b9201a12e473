//! A question about a scenario, answered in one go, with word on how long it will take yet.

use std::cell::RefCell;

use super::{Engine, SENT_EVERY, now};
use crate::app::protocol::{FromWorker, Pace};
use crate::scenario::problem::Problem;
use crate::scenario::text;
use crate::study::question::{Question, Told};
use crate::study::varied::{Failed, Varied};
use crate::study::{Study, pace};

/// Answers a question, and says what comes of it.
pub(super) fn explore(engine: &Engine, job: u32, text: &str, question: &Question) {
    let clock = RefCell::new(Clock::new(engine, job));
    let mut run = |study: &mut Study| {
        let parts = study.parts();
        for index in 0..parts {
            let part = study.run_part(index);
            study.absorb(part);
            clock.borrow_mut().part((index + 1) as f64 / parts as f64);
        }
        clock.borrow_mut().done();
    };
    let mut tell = |told| {
        engine.say(&match told {
            Told::Begun(studies) => return clock.borrow_mut().begin(studies),
            Told::Point(point) => FromWorker::Point { job, point },
            Told::BreakEven(found) => FromWorker::BreakEven { job, found },
            Told::Sensitivity(found) => FromWorker::Sensitivity { job, found },
        });
    };
    let answered = text::parse(text)
        .map_err(Failed::from)
        .and_then(|document| {
            let varied = Varied::new(text, &engine.files, &mut run);
            question.answer(varied, &document, &mut tell)
        });
    match answered {
        Ok(()) => {}
        Err(Failed::Scenario(problems)) => {
            let message = problems.iter().next().map(Problem::said);
            let message = message.unwrap_or_default();
            engine.say(&FromWorker::Refused { job, message });
        }
        Err(Failed::Defect(broken)) => {
            let message = broken.to_string();
            engine.say(&FromWorker::Defect { job, message });
        }
    }
}

/// How long it took, and how far it has come.
struct Clock<'a> {
    engine: &'a Engine,
    job: u32,
    since: f64,
    /// When the first study was done; what comes after it takes over much of it.
    first: Option<f64>,
    said: f64,
    done: usize,
    of: Option<usize>,
}

impl<'a> Clock<'a> {
    fn new(engine: &'a Engine, job: u32) -> Self {
        let now = now(&engine.scope);
        Self {
            engine,
            job,
            since: now,
            first: None,
            said: now,
            done: 0,
            of: None,
        }
    }

    fn begin(&mut self, studies: Option<usize>) {
        self.of = studies;
        self.say(0.0);
    }

    /// A study has come this far, of 1.
    fn part(&mut self, share: f64) {
        if now(&self.engine.scope) - self.said >= SENT_EVERY {
            self.say(share);
        }
    }

    fn done(&mut self) {
        self.done += 1;
        let now = now(&self.engine.scope);
        self.first.get_or_insert(now);
        if now - self.said >= SENT_EVERY {
            self.say(0.0);
        }
    }

    fn say(&mut self, share: f64) {
        let now = now(&self.engine.scope);
        self.said = now;
        let done = self.done as f64 + share;
        let seconds = |since: f64| (now - since) / 1_000.0;
        let left_s = self.of.and_then(|of| {
            pace::left(
                seconds(self.since),
                self.first.map(seconds),
                done,
                of as f64 - done,
            )
        });
        self.engine.say(&FromWorker::Pace {
            job: self.job,
            pace: Pace {
                done,
                of: self.of,
                left_s,
            },
        });
    }
}
