//! A change log that is read every so often: what it last held is what a poll would have found.

use super::aged::{self, Aged};
use super::law::days;
use super::reader::{self, Reader};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::Pull;
use crate::design::source::deltas::{Action, Deltas};
use crate::design::{Delivery, Source};

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let feed = setting.feed()?;
    match (&feed.source, &feed.delivery) {
        (Source::Deltas(deltas), Delivery::Pull(pull)) => Some(known(setting, deltas, pull)),
        _ => None,
    }
}

fn known(setting: &Setting<'_>, deltas: &Deltas, pull: &Pull) -> Known {
    demand(deltas.bootstrap, "it starts empty")?;
    demand(
        deltas.action == Action::Update,
        "entries are dropped where they change",
    )?;
    let reader = Reader::new(pull, days(pull.interval()), setting)?;
    setting.demand_kept(None)?;
    let mut said = Said::new(reader::SOURCE);
    let aged = Aged::of(&setting.truth, |_, _| reader.age());
    aged::say(&mut said, setting, &aged, &aged);
    aged::all_held(&mut said, setting);
    Ok(said.all)
}
