//! A film as files: what is true and what is held, for the whole run; and day by day all else, which is much more.
//! Columns of small whole numbers, so that a hundred thousand scenes take a megabyte.

use serde::{Deserialize, Serialize};

use super::results::Happened;
use crate::sim::clock::{DAY, Horizon, NEVER, Time};
use crate::sim::film::{Actor, Message, Scene, Seen};

/// What happened to a few stays with one design. Times are in microseconds since the start of the warm-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reel {
    /// The design.
    pub design: String,
    /// Which replicate of the run, from 0.
    pub replicate: u32,
    /// The end of the warm-up.
    pub warm: Time,
    /// The end of the run.
    pub end: Time,
    /// The feeds' names.
    pub feeds: Vec<String>,
    /// Who is shown.
    pub actors: Vec<Actor>,
    /// When their truth changed, and what was held for them, in the order of time; once it is cut, nothing else.
    #[serde(with = "columns")]
    pub scenes: Vec<Scene>,
    /// Messages, by feed; none once it is cut.
    #[serde(skip)]
    pub messages: Vec<Vec<Message>>,
    /// By feed: the most messages that were on their way or waited in each of [`SLICES`] equal slices of the run.
    pub waiting: Vec<Vec<u32>>,
    /// What happened to the design as a whole.
    pub events: Vec<Happened>,
}

/// Into so many slices a run is cut where messages on their way are counted.
pub const SLICES: usize = 2_000;

/// A day of a film: writes, searches and live asks, and the messages that were sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Take {
    /// Its start, in microseconds since the start of the warm-up.
    pub from: Time,
    /// What happened, in the order of time.
    #[serde(with = "columns")]
    pub scenes: Vec<Scene>,
    /// Messages, by feed.
    pub messages: Vec<Vec<Message>>,
}

impl Reel {
    /// The part of the run that is simulated, and that which is measured.
    #[must_use]
    pub fn horizon(&self) -> Horizon {
        Horizon {
            warm: self.warm,
            end: self.end,
        }
    }

    /// Cuts all that is not for the whole run, day by day.
    #[must_use]
    pub fn cut(mut self) -> (Self, Vec<Take>) {
        let days = (self.end + DAY - 1) / DAY;
        let mut takes: Vec<Take> = (0..days)
            .map(|day| Take {
                from: day * DAY,
                scenes: Vec::new(),
                messages: vec![Vec::new(); self.messages.len()],
            })
            .collect();
        let day = |at: Time| (at / DAY) as usize;
        let is_kept = |scene: &Scene| matches!(scene.seen, Seen::Truth(_) | Seen::Holds(_));
        let (kept, cut): (Vec<Scene>, Vec<Scene>) = self.scenes.into_iter().partition(is_kept);
        self.scenes = kept;
        for scene in cut {
            if let Some(take) = takes.get_mut(day(scene.at)) {
                take.scenes.push(scene);
            }
        }
        for (feed, messages) in self.messages.drain(..).enumerate() {
            for message in messages {
                if let Some(take) = takes.get_mut(day(message.sent)) {
                    take.messages[feed].push(message);
                }
            }
        }
        (self, takes)
    }
}

/// The most messages that were on their way or waited in each slice of a run.
#[must_use]
pub fn waiting(messages: &[Message], end: Time) -> Vec<u32> {
    let mut steps: Vec<(Time, i32)> = Vec::with_capacity(2 * messages.len());
    for message in messages {
        steps.push((message.sent, 1));
        if message.ends < NEVER {
            steps.push((message.ends, -1));
        }
    }
    // Of one instant, what ends first.
    steps.sort_unstable();
    let mut most = vec![0_u32; SLICES];
    let (mut now, mut steps) = (0_i32, steps.into_iter().peekable());
    for (slice, most) in most.iter_mut().enumerate() {
        let until = (i128::from(end) * (slice as i128 + 1) / SLICES as i128) as Time;
        let mut here = now;
        while let Some((_, step)) = steps.next_if(|(at, _)| *at < until) {
            now += step;
            here = here.max(now);
        }
        *most = here.max(0).unsigned_abs();
    }
    most
}

/// Scenes as columns: how long after the one before, whose, what; and how old what was written then was.
mod columns {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::{Scene, Seen};

    #[derive(Serialize, Deserialize)]
    struct Columns {
        after: Vec<i64>,
        stay: Vec<u32>,
        seen: Vec<u16>,
        age: Vec<i64>,
    }

    /// Codes below are of what is seen; from here on, of what is written, by layer and answer.
    const WROTE: u16 = 9;

    fn code(seen: Seen) -> u16 {
        let held = |held: Option<bool>| held.map_or(0, |answer| 1 + u16::from(answer));
        match seen {
            Seen::Truth(available) => u16::from(available),
            Seen::Holds(answer) => 2 + held(answer),
            Seen::Searched(found) => 5 + held(found),
            Seen::Asked => 8,
            Seen::Wrote { from, answer, .. } => {
                let layer = from.map_or(0, |feed| 1 + u16::from(feed));
                WROTE + 2 * layer + u16::from(answer)
            }
        }
    }

    pub(super) fn serialize<S: Serializer>(scenes: &[Scene], to: S) -> Result<S::Ok, S::Error> {
        let mut columns = Columns {
            after: Vec::with_capacity(scenes.len()),
            stay: scenes.iter().map(|scene| scene.stay).collect(),
            seen: scenes.iter().map(|scene| code(scene.seen)).collect(),
            age: Vec::new(),
        };
        let mut at = 0;
        for scene in scenes {
            columns.after.push(scene.at - at);
            at = scene.at;
            if let Seen::Wrote { read, .. } = scene.seen {
                columns.age.push(at - read);
            }
        }
        columns.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Scene>, D::Error> {
        let columns = Columns::deserialize(from)?;
        let mut ages = columns.age.into_iter();
        let mut at = 0_i64;
        let each = columns
            .after
            .into_iter()
            .zip(columns.stay)
            .zip(columns.seen);
        each.map(|((after, stay), code)| {
            at = at.saturating_add(after);
            let held = |code: u16| (code > 0).then_some(code == 2);
            let seen = match code {
                0 | 1 => Seen::Truth(code == 1),
                2..=4 => Seen::Holds(held(code - 2)),
                5..=7 => Seen::Searched(held(code - 5)),
                8 => Seen::Asked,
                _ => {
                    let age = ages.next();
                    let age = age.ok_or_else(|| de::Error::custom("an age is missing"))?;
                    let layer = (code - WROTE) / 2;
                    Seen::Wrote {
                        from: layer.checked_sub(1).map(|feed| feed as u8),
                        answer: (code - WROTE) % 2 == 1,
                        read: at.saturating_sub(age),
                    }
                }
            };
            Ok(Scene { at, stay, seen })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reel_is_read_as_it_was_written() {
        let held = [None, Some(false), Some(true)];
        let mut seen: Vec<Seen> = [false, true].map(Seen::Truth).to_vec();
        seen.extend(held.map(Seen::Holds));
        seen.extend(held.map(Seen::Searched));
        seen.push(Seen::Asked);
        for from in [None, Some(0), Some(7)] {
            for answer in [false, true] {
                let read = 3;
                seen.push(Seen::Wrote { from, answer, read });
            }
        }
        let scenes = seen.into_iter().enumerate();
        let reel = Reel {
            design: "a".to_owned(),
            replicate: 2,
            warm: 5,
            end: 100,
            feeds: vec!["f".to_owned()],
            actors: Vec::new(),
            scenes: scenes
                .map(|(index, seen)| Scene {
                    at: 4 + 2 * index as Time,
                    stay: index as u32 % 3,
                    seen,
                })
                .collect(),
            messages: Vec::new(),
            waiting: vec![vec![1, 2]],
            events: Vec::new(),
        };
        let text = serde_json::to_string(&reel).unwrap();
        assert_eq!(serde_json::from_str::<Reel>(&text).unwrap(), reel);
        let short = text.replace("\"age\":[", "\"age\":[1],\"other\":[");
        assert!(serde_json::from_str::<Reel>(&short).is_err());
    }

    #[test]
    fn what_waits_is_counted() {
        let message = |sent, ends| Message {
            sent,
            ends,
            is_lost: false,
        };
        let end = SLICES as Time * 10;
        // One takes no time, one ends as a slice begins, and one never ends.
        let all = [
            message(0, 25),
            message(5, 5),
            message(12, 30),
            message(95, NEVER),
        ];
        let found = waiting(&all, end);
        assert_eq!(found[..5], [1, 2, 2, 1, 0]);
        assert_eq!((found[8], found[9], found[SLICES - 1]), (0, 1, 1));
    }
}
