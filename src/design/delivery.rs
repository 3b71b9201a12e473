//! How what a source reads arrives.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trouble::Troubles;
use crate::sim::clock::Time;
use crate::sim::random::{Key, Purpose};
use crate::world::group::ChangeStream;

pub mod delay;
pub mod line;
pub mod pull;
pub mod push;
pub mod window;

pub use delay::Delay;
pub use line::Line;
pub use pull::{Order, Pull};
pub use push::Push;
pub use window::Window;

/// The registered deliveries: one line each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Each message is sent when it happens.
    Push(Box<Push>),
    /// The reader asks, again and again.
    Pull(Pull),
}

impl Delivery {
    /// The push delivery, if it is one.
    #[must_use]
    pub fn push(&self) -> Option<&Push> {
        match self {
            Self::Push(push) => Some(push),
            Self::Pull(_) => None,
        }
    }
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives (at the copy, or at the line of consumers before it).
    Arrives(Time),
    /// It never does; until this moment it was still to be seen waiting.
    Lost(Time),
    /// It waits in a log that is not read again before the end of the run.
    Waits,
}

impl Fate {
    /// When it arrives, if it does.
    #[must_use]
    pub fn arrives(self) -> Option<Time> {
        match self {
            Self::Arrives(at) => Some(at),
            Self::Lost(_) | Self::Waits => None,
        }
    }
}

/// How the messages of a log (row changes, observations, hints) get to the copy, or to the line before it.
#[derive(Debug)]
pub struct Carrier<'a> {
    way: Way<'a>,
    troubles: Troubles,
}

#[derive(Debug)]
enum Way<'a> {
    /// Each by itself.
    Push(&'a Push),
    /// With the first poll of the log that succeeds.
    Pull(pull::LogReads),
}

impl<'a> Carrier<'a> {
    /// The carrier of a feed. `key` is the feed's own; a log is read until `end`.
    #[must_use]
    pub fn new(delivery: &'a Delivery, key: Key, end: Time, troubles: Troubles) -> Self {
        let way = match delivery {
            Delivery::Push(push) => Way::Push(push),
            Delivery::Pull(pull) => Way::Pull(pull::LogReads::new(pull, key, end, &troubles)),
        };
        Self { way, troubles }
    }

    /// What goes wrong on the way.
    #[must_use]
    pub fn troubles(&self) -> &Troubles {
        &self.troubles
    }

    /// How changes are coalesced before they are sent, if they are.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        match &self.way {
            Way::Push(push) => push.window.as_ref(),
            Way::Pull(_) => None,
        }
    }

    /// Whether each message arrives as it is sent.
    #[must_use]
    pub fn is_immediate(&self) -> bool {
        match &self.way {
            Way::Push(push) => {
                let takes_none = !push.latency.takes_time() && push.window.is_none();
                takes_none && push.loss.get() == 0.0 && !push.has_line() && self.troubles.is_empty()
            }
            Way::Pull(_) => false,
        }
    }

    /// What becomes of a message sent at `at`. `key` is the message's own.
    #[must_use]
    pub fn send(&self, key: Key, at: Time, stream: Option<ChangeStream>) -> Fate {
        let troubles = &self.troubles;
        if troubles.leaks(key, at, stream) {
            return Fate::Lost(at);
        }
        match &self.way {
            Way::Push(push) => {
                if key.purpose(Purpose::Loss).happens(push.loss.get()) {
                    return Fate::Lost(at);
                }
                let transit = push.latency.sample(key.purpose(Purpose::Latency));
                self.arrival(push, at, transit, stream)
            }
            Way::Pull(reads) => {
                let from = troubles.resumes(at, stream);
                reads.arrives(from).map_or(Fate::Waits, Fate::Arrives)
            }
        }
    }

    /// When what is sent at `at` would arrive if delivery never stopped; none if it is lost on the way.
    #[must_use]
    pub fn transit(&self, key: Key, at: Time) -> Option<Time> {
        match &self.way {
            Way::Push(push) => {
                let lost = self.troubles.leaks(key, at, None)
                    || key.purpose(Purpose::Loss).happens(push.loss.get());
                let takes = push.latency.sample(key.purpose(Purpose::Latency));
                let slowed = (takes as f64 * self.troubles.slowed(at, None)) as Time;
                (!lost).then(|| at.saturating_add(slowed))
            }
            Way::Pull(_) => self.send(key, at, None).arrives(),
        }
    }

    /// What becomes of the duplicate of a message sent at `at`, if it has one.
    #[must_use]
    pub fn send_again(&self, key: Key, at: Time, stream: Option<ChangeStream>) -> Option<Fate> {
        let Way::Push(push) = &self.way else {
            return None;
        };
        let key = key.purpose(Purpose::Duplicate);
        key.happens(push.duplicates.get()).then(|| {
            let transit = push.latency.sample(key.purpose(Purpose::Latency));
            self.arrival(push, at, transit, stream)
        })
    }

    fn arrival(&self, push: &Push, at: Time, transit: Time, stream: Option<ChangeStream>) -> Fate {
        if self.troubles.is_empty() {
            return Fate::Arrives(at.saturating_add(transit));
        }
        let slowed = self.troubles.slowed(at, stream);
        let transit = if slowed == 1.0 {
            transit
        } else {
            (transit as f64 * slowed) as Time
        };
        let arrival = at.saturating_add(transit);
        let resumes = self.troubles.resumes(arrival, stream);
        let kept =
            resumes - at <= push.retention.micros() && push.start_at == push::StartAt::Earliest;
        if resumes > arrival && !kept {
            return Fate::Lost(resumes);
        }
        Fate::Arrives(if push.has_line() {
            self.troubles.reaches_line(arrival, stream)
        } else {
            resumes
        })
    }
}
