//! One item of R1 and what is measured of it: what the plain loop, the heap and nexosim share.

use serde::{Deserialize, Serialize};

/// Days in which nothing is measured, and days that are: 30 in all.
pub const WARM: f64 = 0.25;
pub const DAYS: f64 = 29.75;
pub const END: f64 = WARM + DAYS;
/// Between polls.
pub const GAP: f64 = 0.25;
/// Flips a day, either way.
pub const FLIPS: f64 = 2.0;
/// Searches a day, mean over items.
pub const SEARCHES: f64 = 20.0;

/// Mean searches a day of each item: Zipf 1.
pub fn searches_per_day(items: usize) -> Vec<f64> {
    let mean = (1..=items).map(|rank| 1.0 / rank as f64).sum::<f64>() / items as f64;
    (1..=items)
        .map(|rank| SEARCHES / rank as f64 / mean)
        .collect()
}

/// SplitMix64, and exponential variates by inversion.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dice(pub u64);

impl Dice {
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    pub fn exponential(&mut self, per_day: f64) -> f64 {
        -(1.0 - self.unit()).ln() / per_day
    }
}

/// What happens to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Flip,
    Poll,
    Search,
}

/// An item and its copy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    dice: Dice,
    per_day: f64,
    open: bool,
    held: Option<bool>,
    since: f64,
    pub right: f64,
    pub false_available: f64,
    pub searches: f64,
    pub wrong: f64,
    pub events: u64,
}

impl Item {
    pub fn new(number: u64, per_day: f64) -> Self {
        let mut seed = Dice(number);
        seed.unit();
        let mut dice = Dice(seed.0.wrapping_mul(0xd134_2543_de82_ef95));
        Self {
            open: dice.unit() < 0.5,
            dice,
            per_day,
            held: None,
            since: 0.0,
            right: 0.0,
            false_available: 0.0,
            searches: 0.0,
            wrong: 0.0,
            events: 0,
        }
    }

    /// When each kind of event first happens.
    pub fn first(&mut self) -> [(f64, Event); 3] {
        [
            (self.dice.exponential(FLIPS), Event::Flip),
            (self.dice.unit() * GAP, Event::Poll),
            (self.dice.exponential(self.per_day), Event::Search),
        ]
    }

    /// An event happens; after how many days the next of its kind does.
    pub fn happens(&mut self, now: f64, event: Event) -> f64 {
        self.events += 1;
        match event {
            Event::Flip => {
                self.passed(now);
                self.open = !self.open;
                self.dice.exponential(FLIPS)
            }
            Event::Poll => {
                self.passed(now);
                self.held = Some(self.open);
                GAP
            }
            Event::Search => {
                if self.held.is_none() {
                    self.passed(now);
                    self.held = Some(self.open);
                }
                if now >= WARM {
                    self.searches += 1.0;
                    self.wrong += f64::from(u8::from(self.held != Some(self.open)));
                }
                self.dice.exponential(self.per_day)
            }
        }
    }

    /// Time has passed with the same answer and the same truth.
    pub fn passed(&mut self, now: f64) {
        let since = self.since.max(WARM);
        if now > since {
            match self.held {
                Some(true) if !self.open => self.false_available += now - since,
                Some(false) if self.open => {}
                _ => self.right += now - since,
            }
        }
        self.since = now;
    }
}
