//! Changes drop the entry; the next search stores it again.
//!
//! Without loss an entry is fresh while it lives. With a loss p, what compares with its own copy of the rows is
//! blind twice: to the change that was lost, and to the next, after which its copy is right by accident. A Markov
//! chain over the truth × (nothing held, fresh, stale) × (copy of the rows right, wrong).

use super::chain::Chain;
use super::push::pushed;
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::Push;
use crate::design::serving::OnMiss;
use crate::design::source::deltas::{Action, Deltas, Payload};

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let (_, deltas, push) = pushed(setting)?;
    (deltas.action == Action::Invalidate).then(|| known(setting, deltas, push))
}

const NONE: usize = 0;
const FRESH: usize = 1;
const STALE: usize = 2;

/// The truth, what is held, whether the copy of the rows is wrong.
fn state(sold_out: bool, held: usize, wrong: bool) -> usize {
    usize::from(sold_out) * 6 + held * 2 + usize::from(wrong)
}

fn known(setting: &Setting<'_>, deltas: &Deltas, push: &Push) -> Known {
    let loss = push.loss.get();
    demand(
        setting.design.serving.on_miss == OnMiss::AskLive,
        "misses are not asked live",
    )?;
    demand(
        push.latency.constant() == Some(0),
        "invalidations take a moment",
    )?;
    demand(push.duplicates.get() == 0.0, "messages come twice")?;
    demand(push.window.is_none(), "changes are coalesced")?;
    demand(
        deltas.payload == Payload::State || loss == 0.0,
        "increments drift",
    )?;
    setting.demand_kept(None)?;
    setting.demand_ranks()?;
    demand(
        setting.weights.len() * setting.truth.factors.len() <= 2_000,
        "there are too many different stays",
    )?;
    let available = setting.truth.available();
    // Shares of the time of one stay: held, and fresh; and changes that drop an entry, a day.
    let of_stay = |weight: f64, a: f64, b: f64| {
        let searches = setting.reads() * weight;
        let mut chain = Chain::new(12);
        let held_first = if deltas.bootstrap { FRESH } else { NONE };
        for (sold_out, rate, share) in [(false, a, available), (true, b, 1.0 - available)] {
            let at = |held, wrong| state(sold_out, held, wrong);
            let then = |held, wrong| state(!sold_out, held, wrong);
            chain.begins(at(held_first, false), share);
            for wrong in [false, true] {
                chain.moves(at(NONE, wrong), at(FRESH, wrong), searches);
            }
            let arrives = rate * (1.0 - loss);
            for held in [FRESH, STALE] {
                chain.moves(at(held, false), then(NONE, false), arrives);
                chain.moves(at(held, false), then(STALE, true), rate * loss);
                chain.moves(at(held, true), then(STALE, false), rate);
            }
            chain.moves(at(NONE, false), then(NONE, false), arrives);
            chain.moves(at(NONE, false), then(NONE, true), rate * loss);
            chain.moves(at(NONE, true), then(NONE, false), rate);
        }
        let shares = chain.shares(setting);
        let sum = |held: usize| -> f64 {
            let both = [false, true];
            both.iter()
                .flat_map(|sold_out| both.map(|wrong| shares[state(*sold_out, held, wrong)]))
                .sum()
        };
        let drops = [(false, a), (true, b)].map(|(sold_out, rate)| {
            let held = [FRESH, STALE].map(|held| shares[state(sold_out, held, false)]);
            rate * (1.0 - loss) * (held[0] + held[1])
        });
        [sum(FRESH) + sum(STALE), sum(FRESH), drops[0] + drops[1]]
    };
    let each: Vec<[f64; 3]> = setting
        .weights
        .iter()
        .map(|w| [0, 1, 2].map(|k| setting.truth.mean(|a, b| of_stay(*w, a, b)[k])))
        .collect();
    let n = each.len() as f64;
    let over_stays = |k: usize| each.iter().map(|of| of[k]).sum::<f64>() / n;
    let over_searches = |k: usize| {
        let weighed = each.iter().zip(&setting.weights);
        weighed.map(|(of, w)| w * of[k]).sum::<f64>() / n
    };
    let mut said =
        Said::new("Markov chain of truth, entry and copy of the rows, solved over the run");
    said.say(
        "coverage",
        over_stays(0),
        "s/(s+r) where nothing is lost and a = b = r",
    )
    .say(
        "counts_per_day/invalidated",
        setting.stays * over_stays(2),
        "changes that find an entry",
    );
    if loss == 0.0 {
        said.say("freshness", 1.0, "what is stale is dropped")
            .say("accuracy", 1.0, "what is stale is dropped")
            .say("staleness_s", 0.0, "what is stale is dropped");
    } else if setting.are_many(setting.stays * setting.days * over_stays(2)) {
        said.say(
            "freshness",
            over_stays(1) / over_stays(0),
            "fresh entries / entries, of the chain",
        );
    }
    let reads = setting.stays * setting.reads();
    if setting.are_many(setting.days * reads * over_searches(0)) {
        let stale = 1.0 - over_searches(1) / over_searches(0);
        said.say(
            "hit_ratio",
            over_searches(0),
            "coverage, over searches (they see time averages)",
        )
        .say("blocking_misses", 1.0 - over_searches(0), "1 − hit_ratio")
        .say("stale_hits", stale, "stale hits / hits, of the chain");
    }
    said.say(
        "counts_per_day/searches",
        reads,
        "stays × searches of each a day",
    )
    .say(
        "counts_per_day/asks_miss",
        reads * (1.0 - over_searches(0)),
        "searches × (1 − hit_ratio)",
    );
    Ok(said.all)
}
