//! The films that are shown: asked for together, there one by one.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Same;
use super::flow::Day;
use super::timeline::Timeline;
use crate::report::reel::{Reel, Take};
use crate::scenario::Scenario;

/// What is filmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The scenario's text.
    pub text: Rc<str>,
    /// The scenario in it.
    pub scenario: Rc<Scenario>,
    /// Stays for so many nights.
    pub nights: u32,
}

/// The films of a scenario's designs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Films {
    /// The number of what was last asked for.
    pub job: u32,
    /// What that was.
    pub asked: Option<Asked>,
    /// Why there is none, if there is none.
    pub failed: Option<Rc<str>>,
    /// In the scenario's order: the last film of each design, and what it was asked for as.
    shown: Vec<(u32, Same<Timeline>)>,
    /// By day, then design: what happens in it.
    days: BTreeMap<(u32, usize), Same<Day>>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Films are wanted.
    Ask(Asked),
    /// One is there.
    Filmed(u32, Rc<Reel>),
    /// A day of one is there.
    Day(u32, String, Rc<Take>),
    /// There will be none, for this reason.
    Failed(u32, Rc<str>),
    /// The worker is gone.
    Broken(Rc<str>),
}

/// So many days are kept.
const DAYS: u32 = 3;

impl Films {
    /// The names of the designs that are filmed, in order.
    #[must_use]
    pub fn designs(&self) -> Vec<String> {
        let scenario = self.asked.as_ref().map(|asked| asked.scenario.compared());
        scenario
            .into_iter()
            .flatten()
            .map(|design| design.name)
            .collect()
    }

    /// What is shown, in order.
    pub fn shown(&self) -> impl Iterator<Item = &Same<Timeline>> {
        self.shown.iter().map(|(_, film)| film)
    }

    /// How many of those that were asked for are there, and how many will be.
    #[must_use]
    pub fn pace(&self) -> (usize, usize) {
        let done = self.shown.iter().filter(|(job, _)| *job == self.job);
        (done.count(), self.designs().len())
    }

    /// Whether all are there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let (done, all) = self.pace();
        self.job > 0 && done == all
    }

    /// Whether they are still being made.
    #[must_use]
    pub fn is_filming(&self) -> bool {
        self.job > 0 && self.failed.is_none() && !self.is_whole()
    }

    /// What happens to a design in a day, once it is there.
    #[must_use]
    pub fn day(&self, day: u32, design: usize) -> Option<&Same<Day>> {
        self.days.get(&(day, design))
    }

    /// The films after something happened.
    #[must_use]
    pub fn after(&self, event: Event) -> Self {
        let mut next = self.clone();
        next.take(event);
        next
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Ask(asked) => {
                self.job += 1;
                self.asked = Some(asked);
                self.failed = None;
                self.days.clear();
                let designs = self.designs();
                self.shown
                    .retain(|(_, film)| designs.contains(&film.reel.design));
            }
            Event::Filmed(job, reel) if job == self.job => self.show(&reel),
            Event::Day(job, design, take) if job == self.job => {
                let place = self
                    .shown
                    .iter()
                    .position(|(_, film)| film.reel.design == design);
                let Some(place) = place else {
                    return;
                };
                let day = Day::new(&self.shown[place].1, &take);
                let number = day.number();
                self.days.insert((number, place), Same::new(day));
                self.days.retain(|(of, _), _| of.abs_diff(number) < DAYS);
            }
            Event::Failed(job, message) if job == self.job => self.failed = Some(message),
            Event::Broken(message) => self.failed = Some(message),
            Event::Filmed(..) | Event::Day(..) | Event::Failed(..) => {}
        }
    }

    fn show(&mut self, reel: &Reel) {
        let designs = self.asked.as_ref().map(|asked| asked.scenario.compared());
        let designs = designs.unwrap_or_default();
        let place = |name: &str| designs.iter().position(|design| design.name == name);
        let Some(design) = place(&reel.design).and_then(|place| designs.get(place)) else {
            return;
        };
        self.shown
            .retain(|(_, film)| film.reel.design != reel.design);
        let film = Timeline::new(reel.clone(), design.serving.on_miss);
        self.shown.push((self.job, Same::new(film)));
        self.shown.sort_by_key(|(_, film)| place(&film.reel.design));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::PRESETS;
    use crate::sim::clock::DAY;

    fn asked() -> (Films, Vec<String>) {
        let scenario = Rc::new(PRESETS[0].read().expect("reads").scenario);
        let asked = Asked {
            text: PRESETS[0].text.into(),
            scenario,
            nights: 1,
        };
        let films = Films::default().after(Event::Ask(asked));
        let designs = films.designs();
        (films, designs)
    }

    fn reel(design: &str) -> Rc<Reel> {
        let mut reel = super::super::timeline::tests::timeline().reel;
        design.clone_into(&mut reel.design);
        Rc::new(reel)
    }

    #[test]
    fn films_stand_in_the_scenarios_order_and_stay_until_others_come() {
        let (mut films, designs) = asked();
        for design in designs.iter().rev() {
            assert!(films.is_filming());
            films = films.after(Event::Filmed(1, reel(design)));
        }
        assert!(films.is_whole() && !films.is_filming());
        assert!(films.shown().map(|film| &film.reel.design).eq(&designs));
        let again = films.asked.clone().expect("was asked");
        let films = films.after(Event::Ask(again));
        assert_eq!(
            films.shown().count(),
            designs.len(),
            "those before stay meanwhile"
        );
        let films = films.after(Event::Filmed(1, reel(&designs[0])));
        assert_eq!(
            films.pace(),
            (0, designs.len()),
            "what was asked before comes too late"
        );
        let films = films.after(Event::Failed(2, "no".into()));
        assert!(!films.is_filming() && films.failed.is_some());
    }

    #[test]
    fn days_are_kept_around_the_clock() {
        let (films, designs) = asked();
        let mut films = films.after(Event::Filmed(1, reel(&designs[0])));
        for day in 0..6_u32 {
            let take = Take {
                from: i64::from(day) * DAY,
                scenes: Vec::new(),
                messages: vec![Vec::new()],
            };
            films = films.after(Event::Day(1, designs[0].clone(), Rc::new(take)));
        }
        let kept: Vec<u32> = (0..6).filter(|day| films.day(*day, 0).is_some()).collect();
        assert_eq!(kept, [3, 4, 5]);
    }
}
