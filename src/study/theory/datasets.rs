//! Datasets, rewritten in place or published as a whole.
//!
//! Rewritten in place a copy is as fresh as one polled at a constant interval. A shadow copy is published with what
//! was read up to a build time B before, evenly over it, so that two uniform ages add up, B's and the interval's.
//! A pointer that is polled every P adds a third (J. Cho, H. Garcia-Molina, "The evolution of the web and
//! implications for an incremental crawler", VLDB 2000, section 4).

use super::aged::{self, Age, Aged};
use super::law::{days, decay, seconds};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::{Order, Pull, Push};
use crate::design::source::Dataset;
use crate::design::{Delivery, Source};
use crate::sim::math;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let feed = setting.feed()?;
    match &feed.source {
        Source::Dataset(dataset) => Some(known(setting, dataset, &feed.delivery)),
        _ => None,
    }
}

fn known(setting: &Setting<'_>, dataset: &Dataset, delivery: &Delivery) -> Known {
    let (late, polled) = match delivery {
        Delivery::Push(push) => (announced(push)?, 0.0),
        Delivery::Pull(pull) => (0.0, pointer(pull)?),
    };
    let every = days(dataset.every.micros());
    let build = days(dataset.build_time.micros());
    demand(
        !dataset.in_place || (late == 0.0 && polled == 0.0),
        "it is rewritten in place, but not at once",
    )?;
    demand(
        setting.is_whole(every),
        "what is measured is no whole number of builds",
    )?;
    setting.demand_warm(2.0 * (every + build + polled + late))?;
    setting.demand_kept(Some(every + polled))?;
    let mut uniform = vec![every];
    if !dataset.in_place {
        uniform.extend([build, polled]);
    }
    let aged = Aged::of(&setting.truth, |_, _| {
        let uniform = uniform.clone();
        Age {
            mean: late + uniform.iter().sum::<f64>() / 2.0,
            laplace: Box::new(move |s| {
                let of = uniform.iter().map(|age| decay(s * age));
                math::exp(-s * late) * of.product::<f64>()
            }),
        }
    });
    let mut said = Said::new("Cho, Garcia-Molina, VLDB 2000, section 4");
    aged::say(&mut said, setting, &aged, &aged);
    said.say(
        "data_age_s",
        seconds(aged.age),
        "(I + B + P)/2 + D; in place I/2",
    )
    .say(
        "counts_per_day/asks_poll",
        setting.stays / every,
        "stays / interval",
    );
    aged::all_held(&mut said, setting);
    Ok(said.all)
}

/// How late an announcement is.
fn announced(push: &Push) -> Result<f64, String> {
    demand(push.loss.get() == 0.0, "announcements are lost")?;
    demand(push.window.is_none(), "announcements are coalesced")?;
    demand(!push.has_line(), "announcements wait for consumers")?;
    let late = push.latency.constant().map(days);
    late.ok_or_else(|| "announcements may overtake each other".to_owned())
}

/// How often the pointer is polled.
fn pointer(pull: &Pull) -> Result<f64, String> {
    let plain = pull.order == Order::Fixed && pull.jitter.get() == 0.0 && pull.loss.get() == 0.0;
    demand(
        plain && pull.latency.constant() == Some(0),
        "the pointer is not polled at a constant interval",
    )?;
    Ok(days(pull.interval()))
}
