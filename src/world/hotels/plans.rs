//! Rate plans and what they restrict.
//!
//! Nights come in blocks of as many nights as a change touches. In each block, each kind of restriction is on
//! or off, for all rate plans of the hotel together and for each plan of its own; a night is restricted where
//! either is. Each of these is a two-state process in equilibrium, and all of them forget at one rate, which
//! gives the wanted number of changes a day. What is in force as the run starts was in force all the time
//! before.

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::requests::unit;
use crate::scenario::limits;
use crate::scenario::quantity::{Count, Share};
use crate::sim::clock::{DAY, Time};
use crate::sim::distribution::Exponential;
use crate::sim::random::{Key, Stream};
use crate::world::group::{ChangeStream, RowState};

/// Rate plans of a hotel, and how much of what they restrict. All shares are of a rate plan's nights and
/// assumed; how often they change is a share of all supplier changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RatePlans {
    /// Rate plans of a hotel; each sells all of its room types. Assumed: 3, such as flexible, non-refundable
    /// and with breakfast.
    #[schemars(range(max = limits::MOST_RATE_PLANS))]
    pub count: Count,
    /// Share of a plan's nights on which it is not sold. Assumed: 0.02.
    pub closed_share: Share,
    /// Share of a plan's nights from which a stay must have 2 nights at least, or more: 2 (half of them), 3,
    /// 4, 5 or 7. Assumed: 0.1.
    pub min_nights_share: Share,
    /// Share of a plan's nights on which nobody may arrive. Assumed: 0.03.
    pub closed_to_arrival_share: Share,
    /// Share of a plan's nights for which a stay that arrives then must be booked 1 day ahead or more: 1 (a
    /// third of them), 2, 3, 7, 14 or 21. Assumed: 0.1.
    pub min_lead_share: Share,
    /// Share of restrictions that a hotel makes for all of its plans at once. Assumed: 0.5.
    pub for_all_share: Share,
}

impl Default for RatePlans {
    fn default() -> Self {
        Self {
            count: Count::of(3),
            closed_share: Share::of(0.02),
            min_nights_share: Share::of(0.1),
            closed_to_arrival_share: Share::of(0.03),
            min_lead_share: Share::of(0.1),
            for_all_share: Share::of(0.5),
        }
    }
}

/// What a restriction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Closed,
    MinNights,
    ClosedToArrival,
    MinLead,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [
        Self::Closed,
        Self::MinNights,
        Self::ClosedToArrival,
        Self::MinLead,
    ];

    /// The stream its changes travel in.
    pub(super) fn stream(self) -> ChangeStream {
        match self {
            Self::Closed => ChangeStream::RatePlans,
            Self::MinNights => ChangeStream::MinNights,
            Self::ClosedToArrival => ChangeStream::ArrivalRules,
            Self::MinLead => ChangeStream::LeadRules,
        }
    }

    /// What it asks for, above 0.
    fn draw(self, random: &mut Stream) -> u8 {
        let table: &[(f64, u8)] = match self {
            Self::Closed | Self::ClosedToArrival => return 1,
            Self::MinNights => &[(0.5, 2), (0.75, 3), (0.85, 4), (0.92, 5), (1.0, 7)],
            Self::MinLead => &[
                (0.35, 1),
                (0.5, 2),
                (0.65, 3),
                (0.85, 7),
                (0.95, 14),
                (1.0, 21),
            ],
        };
        let point = unit(random);
        let row = table.iter().find(|(below, _)| point < *below);
        row.or(table.last()).map_or(1, |(_, value)| *value)
    }
}

/// The row of a night whose restrictions ask for so much, by kind; 0 is nothing.
pub(super) fn row(asks: [u8; 4]) -> RowState {
    RowState {
        closed: asks[Kind::Closed as usize] > 0,
        min_nights: asks[Kind::MinNights as usize].max(1),
        closed_to_arrival: asks[Kind::ClosedToArrival as usize] > 0,
        min_lead_days: u16::from(asks[Kind::MinLead as usize]),
        ..RowState::with_rooms(1)
    }
}

/// A restriction is made, changed or lifted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Restriction {
    /// When; before 0 for what is in force at the start.
    pub(super) at: Time,
    /// The rate plan; `None` for all of them together.
    pub(super) plan: Option<u32>,
    pub(super) kind: Kind,
    /// The first night.
    pub(super) first: i64,
    /// How many nights.
    pub(super) nights: u32,
    /// What it asks for from now on; 0 is nothing.
    pub(super) asks: u8,
}

/// The habits of hotels with their rate plans.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plans {
    /// How many.
    pub(super) count: u32,
    /// By kind, the shares of nights that are restricted for all plans together, and for a plan of its own.
    shares: [[f64; 2]; 4],
    /// Nights of a block.
    block: u32,
    /// How often a day each block forgets its state and draws a new one.
    forgets_per_day: f64,
}

impl Plans {
    /// So many changes a day that touch nights which can be searched, of `reach` nights at any time.
    pub(super) fn new(knobs: &RatePlans, block: u32, changes_per_day: f64, reach: u32) -> Self {
        let share_for_all = knobs.for_all_share.get();
        let shares = [
            knobs.closed_share,
            knobs.min_nights_share,
            knobs.closed_to_arrival_share,
            knobs.min_lead_share,
        ]
        .map(|share| {
            let for_all = share.get() * share_for_all;
            // What is missing to the share, among the nights that are not restricted for all.
            let own = if for_all < 1.0 {
                (share.get() - for_all) / (1.0 - for_all)
            } else {
                0.0
            };
            [for_all, own]
        });
        let count = knobs.count.get();
        let blocks = f64::from(reach) / f64::from(block);
        let turns = |share: f64| 2.0 * share * (1.0 - share);
        let a_forgetting: f64 = shares
            .iter()
            .map(|[for_all, own]| turns(*for_all) + f64::from(count) * turns(*own))
            .sum();
        let forgets_per_day = if a_forgetting > 0.0 {
            changes_per_day / (blocks * a_forgetting)
        } else {
            0.0
        };
        Self {
            count,
            shares,
            block,
            forgets_per_day,
        }
    }

    /// What is in force at the start and all changes before `end`, for nights `first` to `last`; not in the
    /// order of time.
    pub(super) fn draw(
        &self,
        key: Key,
        (first, last): (i64, i64),
        end: Time,
        scratch: &mut PlansScratch,
        into: &mut Vec<Restriction>,
    ) {
        into.clear();
        let block = i64::from(self.block);
        for (kind, [for_all, own]) in Kind::ALL.into_iter().zip(self.shares) {
            for level in 0..=self.count {
                let (plan, share) = match level.checked_sub(1) {
                    None => (None, for_all),
                    plan => (plan, own),
                };
                if share <= 0.0 {
                    continue;
                }
                let key = key.at(kind as u64).at(u64::from(level));
                let mut random = key.stream();
                // Where blocks begin differs from one to the other.
                let offset = (unit(&mut random) * f64::from(self.block)) as i64;
                let from = first - offset;
                let blocks = (last - from) / block + 1;
                let restriction = |at, index: u32, asks| Restriction {
                    at,
                    plan,
                    kind,
                    first: from + i64::from(index) * block,
                    nights: self.block,
                    asks,
                };
                scratch.start(blocks as usize);
                for index in 0..blocks as u32 {
                    if unit(&mut random) < share {
                        scratch.turn_on(index);
                        into.push(restriction(-1, index, kind.draw(&mut random)));
                    }
                }
                let mut days = 0.0;
                loop {
                    let on = scratch.on.len() as f64;
                    let lifted = on * self.forgets_per_day * (1.0 - share);
                    let made = (blocks as f64 - on) * self.forgets_per_day * share;
                    if lifted + made <= 0.0 {
                        break;
                    }
                    days += Exponential.sample(&mut random) / (lifted + made);
                    let at = (days * DAY as f64) as Time;
                    if at >= end {
                        break;
                    }
                    let is_lifted = unit(&mut random) * (lifted + made) < lifted;
                    let index = scratch.pick(is_lifted, &mut random);
                    let asks = if is_lifted { 0 } else { kind.draw(&mut random) };
                    into.push(restriction(at, index, asks));
                }
            }
        }
    }
}

/// Which blocks are restricted, while they are drawn.
#[derive(Debug, Default)]
pub(super) struct PlansScratch {
    /// By block.
    is_on: Vec<bool>,
    /// The blocks that are.
    on: Vec<u32>,
}

impl PlansScratch {
    fn start(&mut self, blocks: usize) {
        self.on.clear();
        self.is_on.clear();
        self.is_on.resize(blocks, false);
    }

    fn turn_on(&mut self, block: u32) {
        self.is_on[block as usize] = true;
        self.on.push(block);
    }

    /// Picks one of the blocks that are on, or of those that are off, all alike, and turns it over.
    fn pick(&mut self, is_on: bool, random: &mut Stream) -> u32 {
        if is_on {
            let place = (unit(random) * self.on.len() as f64) as usize;
            let block = self.on.swap_remove(place);
            self.is_on[block as usize] = false;
            return block;
        }
        loop {
            let block = (unit(random) * self.is_on.len() as f64) as u32;
            if !self.is_on[block as usize] {
                self.turn_on(block);
                return block;
            }
        }
    }
}
