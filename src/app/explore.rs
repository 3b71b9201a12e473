//! What was asked beside the run, and what was found: a break-even, what a difference rests on, a sweep. One
//! question is answered at a time, in a worker of its own, so that the run stays instant.

use std::rc::Rc;

use super::protocol::Pace;
use crate::report::breakeven::BreakEvenResults;
use crate::report::sensitivity::SensitivityResults;
use crate::report::sweep::{Point, SweepResults};
use crate::scenario::text;
use crate::scenario::{BOUNDS, Scenario};
use crate::study::question::{Kind, Question};
use crate::study::sweep;

/// All questions and answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explorations {
    /// The question that is being answered.
    pub running: Option<Running>,
    /// The worker in use: a new number asks for a new worker.
    pub worker: u32,
    /// By [`Kind`].
    slots: [Slot; 3],
    job: u32,
}

/// What became of the last question of a kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slot {
    /// What was found, perhaps not all of it.
    pub shown: Option<Shown>,
    /// Why it was not found, if it was not.
    pub failed: Option<Rc<str>>,
}

/// An answer on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// What was found.
    pub found: Found,
    /// The text that was asked about.
    pub text: Rc<str>,
    /// The scenario in it.
    pub scenario: Rc<Scenario>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Where two designs change places.
    BreakEven(Rc<BreakEvenResults>),
    /// What a difference rests on.
    Sensitivity(Rc<SensitivityResults>),
    /// The points of a sweep that are there.
    Sweep(Rc<SweepResults>),
}

/// A question that is being answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// The job's number.
    pub job: u32,
    /// The question.
    pub question: Rc<Question>,
    /// What it is about: the page's text, with bounds where there is nothing else to compare with.
    pub text: Rc<str>,
    /// How far it has come.
    pub pace: Pace,
    page: Rc<str>,
    scenario: Rc<Scenario>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A question is asked.
    Ask(Question),
    /// The answer is waited for no longer.
    Stop,
    /// It has come so far.
    Pace(u32, Pace),
    /// A point of a sweep is there.
    Point(u32, Rc<Point>),
    /// The answer is there.
    Found(u32, Found),
    /// There is no answer, for this reason.
    Failed(u32, Rc<str>),
    /// The worker is gone.
    Broken(Rc<str>),
}

/// The designs that can be compared: with the bounds, where there is but one.
#[must_use]
pub fn comparable(scenario: &Scenario) -> Vec<String> {
    let designs = scenario.compared().into_iter().map(|design| design.name);
    let bounds = needs_bounds(scenario).then_some(BOUNDS);
    let bounds = bounds.into_iter().flatten().map(str::to_owned);
    designs.chain(bounds).collect()
}

fn needs_bounds(scenario: &Scenario) -> bool {
    scenario.compared().len() < 2
}

impl Found {
    /// How many of a sweep's points are there, and how many there will be.
    #[must_use]
    pub fn points(&self) -> Option<(usize, usize)> {
        match self {
            Self::Sweep(swept) => Some((swept.points.len(), sweep::points(&swept.over))),
            Self::BreakEven(_) | Self::Sensitivity(_) => None,
        }
    }

    /// Whether it is all there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.points().is_none_or(|(found, all)| found == all)
    }
}

impl Explorations {
    /// What became of the last question of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &Slot {
        &self.slots[kind as usize]
    }

    /// The question of this kind that is being answered.
    #[must_use]
    pub fn running(&self, kind: Kind) -> Option<&Running> {
        let running = self.running.as_ref();
        running.filter(|running| running.question.kind() == kind)
    }

    /// What happens, to a page that holds this text and the scenario in it.
    pub fn take(&mut self, event: Event, text: &Rc<str>, scenario: &Rc<Scenario>) {
        match event {
            Event::Ask(question) => {
                self.stop();
                self.job += 1;
                self.slots[question.kind() as usize].failed = None;
                let is_alone = question.kind() != Kind::Sweep && needs_bounds(scenario);
                let bounded = is_alone.then(|| text::set(text, "/bounds", "true").ok());
                self.running = Some(Running {
                    job: self.job,
                    question: Rc::new(question),
                    text: bounded.flatten().map_or_else(|| Rc::clone(text), Rc::from),
                    page: Rc::clone(text),
                    scenario: Rc::clone(scenario),
                    pace: Pace::default(),
                });
            }
            Event::Stop => self.stop(),
            Event::Pace(job, pace) => {
                if let Some(running) = self.awaited(job) {
                    running.pace = pace;
                }
            }
            Event::Point(job, point) => self.point(job, &point),
            Event::Found(job, found) => {
                if self.awaited(job).is_some() {
                    self.show(found);
                    self.running = None;
                }
            }
            Event::Failed(job, message) => {
                if self.awaited(job).is_some() {
                    self.fail(message);
                }
            }
            Event::Broken(message) => {
                self.worker += 1;
                self.fail(message);
            }
        }
    }

    /// The question that is being answered, if it is that one.
    fn awaited(&mut self, job: u32) -> Option<&mut Running> {
        self.running.as_mut().filter(|running| running.job == job)
    }

    /// Ends the worker, if it is at work: what it is doing knows no other end.
    fn stop(&mut self) {
        if self.running.take().is_some() {
            self.worker += 1;
        }
    }

    fn fail(&mut self, message: Rc<str>) {
        if let Some(running) = self.running.take() {
            self.slots[running.question.kind() as usize].failed = Some(message);
        }
    }

    fn show(&mut self, found: Found) {
        let Some(running) = &self.running else {
            return;
        };
        self.slots[running.question.kind() as usize].shown = Some(Shown {
            found,
            text: Rc::clone(&running.page),
            scenario: Rc::clone(&running.scenario),
        });
    }

    fn point(&mut self, job: u32, point: &Point) {
        let Some(Running { question, text, .. }) = self.awaited(job).cloned() else {
            return;
        };
        let Question::Sweep { axes } = &*question else {
            return;
        };
        let before = match &self.of(Kind::Sweep).shown {
            // The first point takes the place of what was found before.
            Some(Shown {
                found: Found::Sweep(before),
                ..
            }) if point.index > 0 => Some(Rc::clone(before)),
            _ => None,
        };
        let (scenario, mut points) = match before {
            Some(before) => (before.scenario.clone(), before.points.clone()),
            None => match text::parse(&text) {
                Ok(document) => (text::resolved(&document), Vec::new()),
                // The worker has read it, so this does not happen.
                Err(_) => return,
            },
        };
        points.push(point.clone());
        let is_last = points.len() == sweep::points(axes);
        let swept = sweep::results(scenario, axes, points);
        self.show(Found::Sweep(Rc::new(swept)));
        if is_last {
            self.running = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::PRESETS;
    use crate::scenario::vary::Axis;
    use serde_json::json;

    fn asked() -> (Explorations, Rc<str>, Rc<Scenario>) {
        let text: Rc<str> = PRESETS[0].text.into();
        let scenario = Rc::new(PRESETS[0].read().expect("reads").scenario);
        let mut all = Explorations::default();
        let sweep = Question::Sweep {
            axes: vec![Axis {
                over: "/seed".to_owned(),
                values: vec![json!(1), json!(2)],
            }],
        };
        all.take(Event::Ask(sweep), &text, &scenario);
        (all, text, scenario)
    }

    fn point(index: u32) -> Rc<Point> {
        Rc::new(
            serde_json::from_value(json!({
                "index": index, "set": { "/seed": index + 1 },
                "scenario_hash": "s", "results_hash": format!("r{index}"),
                "results": {
                    "stayfresh": { "version": "0", "results": 1 },
                    "scenario": {}, "scenario_hash": "s", "results_hash": "r",
                    "replicates": 1, "designs": [], "differences": []
                }
            }))
            .expect("is a point"),
        )
    }

    fn swept(all: &Explorations) -> Option<(usize, usize)> {
        all.of(Kind::Sweep).shown.as_ref()?.found.points()
    }

    #[test]
    fn points_come_one_by_one_and_the_last_ends_it() {
        let (mut all, text, scenario) = asked();
        assert!(all.running(Kind::Sweep).is_some() && all.running(Kind::BreakEven).is_none());
        all.take(Event::Point(1, point(0)), &text, &scenario);
        assert_eq!(swept(&all), Some((1, 2)));
        assert!(all.running.is_some());
        all.take(Event::Point(1, point(1)), &text, &scenario);
        assert_eq!(swept(&all), Some((2, 2)));
        assert!(all.running.is_none());
        assert_eq!(all.worker, 0, "a worker that is done serves again");
    }

    #[test]
    fn what_was_found_before_a_stop_stays() {
        let (mut all, text, scenario) = asked();
        all.take(Event::Point(1, point(0)), &text, &scenario);
        all.take(Event::Stop, &text, &scenario);
        assert_eq!((swept(&all), all.worker), (Some((1, 2)), 1));
        // What was on its way comes too late.
        all.take(Event::Point(1, point(1)), &text, &scenario);
        assert_eq!(swept(&all), Some((1, 2)));
        // The next question begins anew.
        let (again, ..) = asked();
        let question = again.running.map(|running| (*running.question).clone());
        all.take(Event::Ask(question.expect("asked")), &text, &scenario);
        all.take(Event::Point(2, point(0)), &text, &scenario);
        assert_eq!(swept(&all), Some((1, 2)));
    }

    #[test]
    fn one_design_alone_is_compared_with_the_bounds() {
        let (all, text, scenario) = asked();
        assert_eq!(
            all.running.map(|running| running.text),
            Some(Rc::clone(&text))
        );
        assert!(comparable(&scenario).len() >= 2);
        let text: Rc<str> = r#"{ "version": 1, "world": { "two_state": { "stays": 9, "sells_out_per_day": 1,
            "reopens_per_day": 1, "searches_per_stay_per_day": 1 } }, "designs": [{ "name": "a" }] }"#
            .into();
        let one = Rc::new(text::parse(&text).expect("reads").scenario);
        assert_eq!(comparable(&one), ["a", BOUNDS[0], BOUNDS[1]]);
        let mut all = Explorations::default();
        let question = Question::Sensitivity {
            pair: crate::study::question::Pair::default(),
            assumptions: Vec::new(),
        };
        all.take(Event::Ask(question), &text, &one);
        let asked = all.running.expect("is asked").text;
        assert!(text::parse(&asked).expect("reads").scenario.bounds);
    }

    #[test]
    fn a_failure_is_said_at_its_question() {
        let (mut all, text, scenario) = asked();
        all.take(Event::Failed(9, "of another".into()), &text, &scenario);
        assert!(all.running.is_some());
        all.take(Event::Failed(1, "no".into()), &text, &scenario);
        assert_eq!(all.of(Kind::Sweep).failed.as_deref(), Some("no"));
        assert!(all.of(Kind::BreakEven).failed.is_none() && all.running.is_none());
        let (mut all, ..) = asked();
        all.take(Event::Broken("gone".into()), &text, &scenario);
        assert_eq!(
            (all.of(Kind::Sweep).failed.as_deref(), all.worker),
            (Some("gone"), 1)
        );
    }
}
