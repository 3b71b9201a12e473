//! What moves through a pipeline in a day: streams of small events, each along a way of the drawing.

use super::timeline::Timeline;
use crate::report::reel::Take;
use crate::sim::clock::{DAY, NEVER, Time};
use crate::sim::film::Seen;

/// A way through the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the world, or from answers that are observed, to a feed.
    Into(usize),
    /// From a feed to the cache; what is lost falls out on the way.
    OutOf(usize),
    /// A search's answer out of the cache.
    Answer,
    /// A live ask of the domain service.
    Ask,
}

/// What becomes of what moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost.
    Lost,
    /// A search that is told the truth from the cache.
    Right,
    /// A search that is told wrongly.
    Wrong,
    /// A search that finds nothing.
    Miss,
}

/// All that moves along a way in a day, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// The way.
    pub way: Way,
    /// When each sets out, and what becomes of it.
    pub events: Vec<(Time, Fate)>,
}

/// An answer that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write {
    /// When.
    pub at: Time,
    /// Of which stay.
    pub stay: u32,
    /// By which feed, or after a live ask of the cache's own.
    pub from: Option<u8>,
    /// When the truth behind it was read.
    pub read: Time,
}

/// A day of a film.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    from: Time,
    /// What moves.
    pub streams: Vec<Stream>,
    /// What was written, in the order of time.
    writes: Vec<Write>,
}

/// A dot is on its way for so long, in seconds of the reader's time.
pub const TRAVEL: f64 = 0.9;
/// About so many dots are on a way at once, at most.
pub const MOST: f64 = 8.0;

impl Day {
    /// Makes a day of a film ready.
    #[must_use]
    pub fn new(film: &Timeline, take: &Take) -> Self {
        let feeds = film.reel.feeds.len();
        let has_messages = |feed: usize| take.messages.get(feed).is_some_and(|all| !all.is_empty());
        let (mut answers, mut asks, mut writes) = (Vec::new(), Vec::new(), Vec::new());
        let mut written = vec![Vec::new(); feeds];
        for scene in &take.scenes {
            match scene.seen {
                Seen::Searched(None) => answers.push((scene.at, Fate::Miss)),
                Seen::Searched(Some(told)) => {
                    let state = film.state(scene.stay as usize, scene.at);
                    let is_right = state.is_none_or(|state| state.available == told);
                    let fate = if is_right { Fate::Right } else { Fate::Wrong };
                    answers.push((scene.at, fate));
                }
                Seen::Asked => asks.push((scene.at, Fate::Arrives)),
                Seen::Wrote { from, read, .. } => {
                    let (at, stay) = (scene.at, scene.stay);
                    writes.push(Write {
                        at,
                        stay,
                        from,
                        read,
                    });
                    if let Some(written) = from.and_then(|feed| written.get_mut(usize::from(feed)))
                    {
                        written.push((at, Fate::Arrives));
                    }
                }
                Seen::Truth(_) | Seen::Holds(_) => {}
            }
        }
        let mut streams = Vec::with_capacity(2 * feeds + 2);
        for (feed, written) in written.into_iter().enumerate() {
            let (sent, ended) = if has_messages(feed) {
                let all = &take.messages[feed];
                let sent = all
                    .iter()
                    .map(|message| (message.sent, Fate::Arrives))
                    .collect();
                let ended = all.iter().filter(|message| message.ends < NEVER);
                let ended = ended.map(|message| {
                    let fate = if message.is_lost {
                        Fate::Lost
                    } else {
                        Fate::Arrives
                    };
                    (message.ends, fate)
                });
                let mut ended: Vec<(Time, Fate)> = ended.collect();
                ended.sort_by_key(|(at, _)| *at);
                (sent, ended)
            } else {
                // A poll, or an observation that does not wait: what it read is written at once.
                (written.clone(), written)
            };
            streams.push(Stream {
                way: Way::Into(feed),
                events: sent,
            });
            streams.push(Stream {
                way: Way::OutOf(feed),
                events: ended,
            });
        }
        streams.push(Stream {
            way: Way::Answer,
            events: answers,
        });
        streams.push(Stream {
            way: Way::Ask,
            events: asks,
        });
        Self {
            from: take.from,
            streams,
            writes,
        }
    }

    /// Which day it is, from the start of the warm-up.
    #[must_use]
    pub fn number(&self) -> u32 {
        u32::try_from(self.from / DAY).unwrap_or(0)
    }

    /// Whether a moment is in it.
    #[must_use]
    pub fn holds(&self, at: Time) -> bool {
        at.div_euclid(DAY) == self.from.div_euclid(DAY)
    }

    /// How many a dot stands for at most, when so much simulated time passes in a second.
    #[must_use]
    pub fn each(&self, per_second: Time) -> usize {
        let each = self.streams.iter().map(|stream| stream.each(per_second));
        each.max().unwrap_or(1)
    }

    /// The last answer that was written for a stay until a moment.
    #[must_use]
    pub fn last_write(&self, stay: usize, at: Time) -> Option<Write> {
        let until = self.writes.partition_point(|write| write.at <= at);
        let mut before = self.writes[..until].iter().rev();
        before.find(|write| write.stay as usize == stay).copied()
    }
}

impl Stream {
    /// How many each dot stands for, when so much simulated time passes in a second.
    #[must_use]
    pub fn each(&self, per_second: Time) -> usize {
        let a_second = self.events.len() as f64 * per_second as f64 / DAY as f64;
        round_up(a_second * TRAVEL / MOST)
    }

    /// What sets out after one moment, until another: of each so many, one.
    pub fn setting_out(&self, after: Time, until: Time, each: usize) -> impl Iterator<Item = Fate> {
        let from = self.events.partition_point(|(at, _)| *at <= after);
        let to = self
            .events
            .partition_point(|(at, _)| *at <= until)
            .max(from);
        let first = from.next_multiple_of(each);
        (first..to).step_by(each).map(|index| self.events[index].1)
    }
}

/// To the next of 1, 2, 5, 10, 20, 50, ….
fn round_up(number: f64) -> usize {
    let mut step = 1;
    loop {
        for times in [1, 2, 5] {
            if (step * times) as f64 >= number || step >= 1_000_000 {
                return step * times;
            }
        }
        step *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::super::timeline::tests::timeline;
    use super::*;
    use crate::sim::clock::HOUR;
    use crate::sim::film::{Message, Scene};

    fn day() -> Day {
        let scene = |at, seen| Scene { at, stay: 1, seen };
        let wrote = |at| {
            scene(
                at,
                Seen::Wrote {
                    from: Some(0),
                    answer: true,
                    read: at - 2,
                },
            )
        };
        let message = |sent, ends, is_lost| Message {
            sent,
            ends,
            is_lost,
        };
        let take = Take {
            from: 0,
            scenes: vec![
                scene(2, Seen::Searched(None)),
                wrote(6),
                scene(7, Seen::Searched(Some(true))),
                scene(8, Seen::Asked),
                scene(10, Seen::Searched(Some(true))),
            ],
            messages: vec![vec![
                message(1, 9, false),
                message(2, 3, true),
                message(4, NEVER, false),
            ]],
        };
        Day::new(&timeline(), &take)
    }

    #[test]
    fn what_moves_is_told_by_its_fate() {
        let day = day();
        let events = |way: Way| {
            let stream = day.streams.iter().find(|stream| stream.way == way);
            stream.expect("is there").events.clone()
        };
        assert_eq!(events(Way::Into(0)).len(), 3);
        assert_eq!(events(Way::OutOf(0)), [(3, Fate::Lost), (9, Fate::Arrives)]);
        let answers = [(2, Fate::Miss), (7, Fate::Right), (10, Fate::Wrong)];
        assert_eq!(events(Way::Answer), answers);
        assert_eq!(events(Way::Ask), [(8, Fate::Arrives)]);
        assert_eq!(
            day.last_write(1, 20).map(|write| (write.at, write.read)),
            Some((6, 4))
        );
        assert_eq!((day.last_write(1, 5), day.last_write(0, 20)), (None, None));
    }

    #[test]
    fn a_dot_stands_for_more_when_there_are_more() {
        let events: Vec<(Time, Fate)> = (0..24_000)
            .map(|at| (at * DAY / 24_000, Fate::Right))
            .collect();
        let stream = Stream {
            way: Way::Answer,
            events,
        };
        // A thousand an hour.
        assert_eq!(stream.each(HOUR), 200);
        assert_eq!(stream.each(HOUR / 1_000), 1);
        let each = stream.each(HOUR);
        let whole = stream.setting_out(-1, DAY, each).count();
        let halves =
            stream.setting_out(-1, 999, each).count() + stream.setting_out(999, DAY, each).count();
        assert_eq!(
            (whole, halves),
            (120, 120),
            "frames neither lose nor repeat a dot"
        );
    }
}
