//! No copy at all: every stay is called the same.

use super::setting::Setting;
use super::{Known, Said};
use crate::design::serving::OnMiss;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let calls_available = match setting.design.serving.on_miss {
        OnMiss::AskLive => return None,
        OnMiss::SayAvailable => true,
        OnMiss::SaySoldOut => false,
    };
    if !setting.design.feeds.is_empty() {
        return None;
    }
    let available = setting.truth.available();
    let (wrongly_available, wrongly_sold_out) = if calls_available {
        (1.0 - available, 0.0)
    } else {
        (0.0, available)
    };
    let right = 1.0 - wrongly_available - wrongly_sold_out;
    let mut said = Said::new("equilibrium of the two-state process");
    let formula = "π = b/(a+b) is available at any time";
    said.say("accuracy", right, formula)
        .say("false_available", wrongly_available, formula)
        .say("false_sold_out", wrongly_sold_out, formula)
        .say("coverage", 0.0, "nothing is held");
    if setting.is_some(setting.stays * setting.days * setting.truth.changes()) {
        let recall = if calls_available { 1.0 } else { 0.0 };
        said.say("available_recall", recall, "all are called the same");
    }
    if calls_available {
        said.say("shown_precision", available, formula);
    }
    let reads = setting.stays * setting.reads();
    if setting.is_some(setting.days * reads) {
        said.say("search_accuracy", right, formula)
            .say("search_false_available", wrongly_available, formula)
            .say("search_false_sold_out", wrongly_sold_out, formula)
            .say("hit_ratio", 0.0, "nothing is held")
            .say(
                "counts_per_day/searches",
                reads,
                "stays × searches of each a day",
            );
    }
    Some(Ok(said.all))
}
