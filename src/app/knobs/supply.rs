//! What suppliers do: rooms, close-outs, restrictions, rate plans; and who is searched, for all worlds.

use serde_json::json;

use super::make::{
    COUNTS, FEW, NIGHTS, PERCENTS, SPANS, duration, number, number_or, optional, rate, share,
    share_or, variant, whole,
};
use super::{Knob, Section};
use crate::scenario::limits;
use crate::scenario::quantity::Count;
use crate::world::LiveService;
use crate::world::hotels::Supply;
use crate::world::two_state::Popularity;

const AT: &str = "/world/hotels/supply";

pub(super) fn sections(supply: &Supply) -> Vec<Section> {
    let at = |key: &str| format!("{AT}/{key}");
    let percent = |key: &str, label, help, of: f64| share(at(key), label, help, of, PERCENTS);
    let plans = &supply.rate_plans;
    let usual = Supply::default();
    let usual_plans = usual.rate_plans.clone();
    let rooms = vec![
        whole(
            at("room_types"),
            "Room types",
            "Room types of a hotel, each with its own number of rooms.",
            supply.room_types.get(),
            FEW,
        )
        .at_most(limits::MOST_ROOM_TYPES),
        share_or(
            at("sold_out_share"),
            "Sold out",
            "Share of stays that are sold out: hotels get as many rooms as make it so.",
            (supply.sold_out_share != usual.sold_out_share).then(|| supply.sold_out_share.get()),
            "a sixth",
            PERCENTS,
        ),
        percent(
            "rooms_spread",
            "Rooms differ",
            "How hotels of the same demand differ in rooms: the standard deviation of their logarithm.",
            supply.rooms_spread.get(),
        ),
        percent(
            "close_out_share",
            "Close-outs",
            "Share of supplier changes that close nights of a room type or reopen them.",
            supply.close_out_share.get(),
        ),
        percent(
            "restriction_share",
            "Restrictions",
            "Share of supplier changes that set or lift restrictions; the rest are rate updates.",
            supply.restriction_share.get(),
        ),
        duration(
            at("close_out_lasts"),
            "Close-out lasts",
            "How long nights stay closed, on average.",
            supply.close_out_lasts,
            &SPANS[1..],
        ),
        whole(
            at("nights_per_change"),
            "Nights a change",
            "Nights that one supplier change is about.",
            supply.nights_per_change.get(),
            NIGHTS,
        ),
    ];
    let rates = vec![
        whole(
            at("rate_plans/count"),
            "Rate plans",
            "Rate plans of a hotel.",
            plans.count.get(),
            FEW,
        )
        .at_most(limits::MOST_RATE_PLANS),
        percent(
            "rate_plans/closed_share",
            "Closed",
            "Share of a rate plan’s nights that are closed.",
            plans.closed_share.get(),
        ),
        percent(
            "rate_plans/min_nights_share",
            "Minimum nights",
            "Share of a rate plan’s nights that ask for a least number of nights.",
            plans.min_nights_share.get(),
        ),
        percent(
            "rate_plans/closed_to_arrival_share",
            "Closed to arrival",
            "Share of a rate plan’s nights on which nobody may arrive.",
            plans.closed_to_arrival_share.get(),
        ),
        percent(
            "rate_plans/min_lead_share",
            "Minimum lead",
            "Share of rate plans that have to be booked some days ahead.",
            plans.min_lead_share.get(),
        ),
        percent(
            "rate_plans/for_all_share",
            "For all rooms",
            "Share of restrictions that hold for all rate plans of a hotel at once.",
            plans.for_all_share.get(),
        ),
    ];
    let with_usual_plans = Supply {
        rate_plans: usual_plans.clone(),
        ..supply.clone()
    };
    vec![
        Section::new("Rooms and changes", with_usual_plans != usual, rooms),
        Section::new("Rate plans", *plans != usual_plans, rates),
    ]
}

/// What every world has: who is searched, how many it stands for, what the live service bears.
pub(super) fn common(
    at: &str,
    popularity: Option<Popularity>,
    represents: Option<Count>,
    live: Option<LiveService>,
) -> Vec<Knob> {
    let at = |key: &str| format!("{at}/{key}");
    let mut knobs = Vec::new();
    if let Some(popularity) = popularity {
        let chosen = usize::from(popularity != Popularity::Uniform);
        let options = vec![
            ("all alike", json!("uniform")),
            ("a few most", json!({ "zipf": 0.9 })),
        ];
        knobs.push(variant(
            at("popularity"),
            "Popularity",
            "How searches spread: over all alike, or most over a few (Zipf).",
            &popularity,
            chosen,
            options,
        ));
        if let Popularity::Zipf(exponent) = popularity {
            let stops: &[f64] = &[
                0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0,
            ];
            knobs.push(number(at("popularity/zipf"), "Zipf exponent", "The exponent of Zipf’s law: the i-th is searched in proportion to 1/i to this power.", exponent.get(), "", stops));
        }
    }
    knobs.push(number_or(
        at("represents"),
        "Real size",
        "How many the simulated ones stand for: money is shown for that size, too.",
        represents.map(|count| f64::from(count.get())),
        "as simulated",
        COUNTS,
    ));
    knobs.push(optional(
        at("live_service"),
        "Live service",
        "Whether a design is warned about that asks more a second than the domain service bears.",
        &live,
        "no limit",
        ("has a limit", json!({ "capacity_per_second": 100 })),
    ));
    if let Some(live) = live {
        knobs.push(rate(
            at("live_service/capacity_per_second"),
            "Its limit",
            "Live asks a second above which a design is warned about.",
            live.capacity_per_second.get(),
            "/s",
        ));
    }
    knobs
}
