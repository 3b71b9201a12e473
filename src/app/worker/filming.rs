//! Films of a scenario's designs, one by one: what is for the whole run is said at once, days when they are
//! asked for.

use std::collections::BTreeMap;

use super::Engine;
use crate::app::protocol::FromWorker;
use crate::report::reel::Take;
use crate::scenario::Scenario;
use crate::scenario::text;
use crate::sim::film::Cast;
use crate::study::Study;
use crate::world::World;

/// Textbook items lie in blocks of hundreds.
const BLOCKS: u64 = 2;

/// The films of one job.
pub(super) struct Films {
    job: u32,
    study: Study,
    /// The designs that are not filmed yet, the next one last.
    designs: Vec<String>,
    cast: Cast,
    /// By day, then design: what happens, as JSON, which is smaller.
    days: BTreeMap<u32, Vec<(String, String)>>,
}

impl Engine {
    /// Begins to film a scenario.
    pub(super) fn film(&mut self, job: u32, text: &str, hotels: u64, nights: u32) {
        self.films = None;
        let read = text::parse(text).and_then(|document| {
            let (study, _) = self.study(text)?;
            Ok((document.scenario, study))
        });
        match read {
            Ok((scenario, study)) => {
                let most = most(&scenario, hotels);
                let mut designs: Vec<String> =
                    (scenario.compared().into_iter().map(|design| design.name)).collect();
                designs.reverse();
                self.films = Some(Films {
                    job,
                    cast: Cast::of(study.groups(), most, Some(nights)),
                    study,
                    designs,
                    days: BTreeMap::new(),
                });
                self.call();
            }
            Err(problems) => {
                let message = problems.to_string();
                self.say(&FromWorker::Refused { job, message });
            }
        }
    }

    /// Films the next design, if there is one.
    pub(super) fn film_next(&mut self) {
        let Some(films) = &mut self.films else {
            return;
        };
        let Some(design) = films.designs.pop() else {
            return;
        };
        let job = films.job;
        let Some(reel) = films.study.film(&design, 0, films.cast.clone()) else {
            return;
        };
        let (reel, takes) = reel.cut();
        for (day, take) in (0..).zip(takes) {
            if let Ok(take) = serde_json::to_string(&take) {
                let designs = films.days.entry(day).or_default();
                designs.push((design.clone(), take));
            }
        }
        self.say(&FromWorker::Filmed {
            job,
            reel: Box::new(reel),
        });
        self.call();
    }

    /// Says what happens in a day, of each design.
    pub(super) fn hand_out(&self, job: u32, day: u32) {
        let films = self.films.as_ref().filter(|films| films.job == job);
        for (design, take) in films
            .and_then(|films| films.days.get(&day))
            .into_iter()
            .flatten()
        {
            if let Ok(take) = serde_json::from_str::<Take>(take) {
                self.say(&FromWorker::Day {
                    job,
                    design: design.clone(),
                    take: Box::new(take),
                });
            }
        }
    }
}

fn most(scenario: &Scenario, hotels: u64) -> u64 {
    match scenario.world {
        World::TwoState(_) => BLOCKS,
        World::Hotels(_) | World::Trace(_) => hotels,
    }
}
