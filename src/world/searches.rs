//! When travellers search: one Poisson process a stay, the same for every design, made only as finely as
//! somebody looks.
//!
//! The searches of a stay in a piece of the run are one Poisson count. The count is split over days by exact
//! binomials, and within a day by fair coins over halves, quarters and so on, until so few are left that they are
//! placed at once, in their order (a Poisson process given its count is uniform; over a day with its hours, uniform
//! in the share of the day's mass). Each split is keyed by its place, so that whoever looks, in whatever detail and
//! order, finds the same searches: counting them and walking them gives the same numbers.

use std::ops::Range;
use std::sync::Arc;

use super::day_curve::DayCurve;
use crate::sim::clock::{DAY, Horizon, NEVER, Time};
use crate::sim::distribution::{Exponential, Poisson, ReadyPoisson};
use crate::sim::math;
use crate::sim::random::{Key, binomial, half};

/// How the mean number of searches spreads over time, for stays of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchShape {
    /// Before and after the end of the warm-up.
    pieces: [Piece; 2],
    /// How searches spread over a day; evenly, where there is none.
    hours: Option<Arc<DayCurve>>,
    /// Searches that are known one by one, in time order: nothing is drawn then.
    told: Vec<Time>,
    /// How many of them come before the end of the warm-up.
    told_early: usize,
    /// From then on nobody searches.
    ends: Time,
}

#[derive(Debug, Clone, PartialEq)]
struct Piece {
    /// Mean searches of a stay of weight 1.
    mass: f64,
    /// Stretches of constant rate, in time order.
    spans: Vec<Span>,
    /// Mass before each span, and in all.
    cumulative: Vec<f64>,
    /// How points of the mass find their moments, span by span.
    ways: Vec<Way>,
    /// By the nearest part of the mass: the first span that is near it.
    guide: [u16; GUIDE + 1],
}

/// A guide to spans has so many parts, one less than a power of two: few of them have more than one span.
const GUIDE: usize = 127;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Span {
    from: Time,
    to: Time,
    /// Where nothing of it has passed, and by how much that grows until all of it has: microseconds after it starts;
    /// with hours, shares of its day's mass.
    low: f64,
    length: f64,
    /// Its start, or the midnight before it, with hours.
    origin: Time,
}

/// What a search needs to know of its span, and no more: a hotel's stays come by all shapes, and what is read of
/// each is to stay near the processor.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Way {
    /// The span's `low` and `length`, as if they were for all of the piece's mass.
    low: f64,
    length: f64,
    /// The share of the piece's mass at its end; nothing comes after the last.
    upto: f64,
    /// Its origin,
    origin: Time,
    /// and its first and its last microsecond, from there.
    first: f64,
    last: f64,
}

impl SearchShape {
    /// A shape from stretches `(from, to, searches per day)` of constant rate, in time order and apart.
    #[must_use]
    pub fn new(horizon: Horizon, stretches: &[(Time, Time, f64)]) -> Self {
        let pieces = pieces(horizon, stretches, None);
        Self {
            ends: ends(&pieces),
            pieces,
            hours: None,
            told: Vec::new(),
            told_early: 0,
        }
    }

    /// The same with hours: a stretch's rate is a day's mean. No stretch goes on over midnight.
    #[must_use]
    pub fn with_hours(
        horizon: Horizon,
        stretches: &[(Time, Time, f64)],
        hours: &Arc<DayCurve>,
    ) -> Self {
        let pieces = pieces(horizon, stretches, Some(hours));
        Self {
            ends: ends(&pieces),
            pieces,
            hours: Some(Arc::clone(hours)),
            told: Vec::new(),
            told_early: 0,
        }
    }

    /// Searches at these moments, in time order, whatever a stay's weight.
    #[must_use]
    pub fn told(horizon: Horizon, moments: Vec<Time>) -> Self {
        Self {
            told_early: moments.partition_point(|at| *at < horizon.warm),
            ends: moments.last().map_or(0, |last| last + 1),
            told: moments,
            ..Self::new(horizon, &[])
        }
    }

    /// Makes ready to draw how many searches a stay of this weight has. `key` is the stay's own in the world.
    #[must_use]
    #[inline]
    pub fn counts(&self, key: Key, scale: f64) -> ReadyCounts {
        let count = |piece: usize| {
            let mean = self.pieces[piece].mass * scale;
            Poisson { mean }.ready(key.at(piece as u64).at(COUNT))
        };
        ReadyCounts {
            drawn: [count(0), count(1)],
            told: [self.told_early, self.told.len() - self.told_early],
        }
    }

    /// Mean searches a day of a stay of weight 1, on the day of this moment.
    #[must_use]
    pub fn per_day(&self, at: Time) -> f64 {
        if !self.told.is_empty() {
            let midnight = at.div_euclid(DAY) * DAY;
            let before = |end: Time| self.told.partition_point(|told| *told < end);
            return (before(midnight + DAY) - before(midnight)) as f64;
        }
        for piece in &self.pieces {
            let index = piece.spans.partition_point(|span| span.to <= at);
            if let Some(span) = piece.spans.get(index).filter(|span| span.from <= at) {
                let mass = piece.cumulative[index + 1] - piece.cumulative[index];
                let days = span.days(self.hours.is_some());
                return if days > 0.0 { mass / days } else { 0.0 };
            }
        }
        0.0
    }

    /// Mean searches of a stay of weight 1 before this moment.
    #[must_use]
    pub fn mass_before(&self, at: Time) -> f64 {
        let told = self.told.partition_point(|told| *told < at) as f64;
        let drawn = self.pieces.iter().map(|piece| {
            let index = piece.spans.partition_point(|span| span.to <= at);
            let before = piece.cumulative[index];
            match piece.spans.get(index) {
                Some(span) if span.from < at => {
                    let passed = match &self.hours {
                        Some(hours) => hours.below(at - span.origin),
                        None => (at - span.origin) as f64,
                    };
                    let share = (passed - span.low) / span.length;
                    before + share * (piece.cumulative[index + 1] - before)
                }
                _ => before,
            }
        });
        told + drawn.sum::<f64>()
    }

    /// Mean searches of a stay of weight 1 in the measured part of the run.
    #[must_use]
    pub fn measured_mass(&self) -> f64 {
        self.pieces[1].mass + (self.told.len() - self.told_early) as f64
    }

    /// The moment from which on nobody searches.
    #[must_use]
    #[inline]
    pub fn ends(&self) -> Time {
        self.ends
    }

    /// Mean searches of a stay of weight 1 in the whole run.
    #[must_use]
    pub fn mass(&self) -> f64 {
        self.pieces[0].mass + self.pieces[1].mass + self.told.len() as f64
    }
}

fn ends(pieces: &[Piece]) -> Time {
    let last = pieces.iter().filter_map(|piece| piece.spans.last());
    last.map(|span| span.to).max().unwrap_or(0)
}

fn pieces(
    horizon: Horizon,
    stretches: &[(Time, Time, f64)],
    hours: Option<&DayCurve>,
) -> [Piece; 2] {
    let piece = |from: Time, to: Time| {
        let mut piece = Piece {
            mass: 0.0,
            spans: Vec::new(),
            cumulative: vec![0.0],
            ways: Vec::new(),
            guide: [0; GUIDE + 1],
        };
        for &(start, end, per_day) in stretches {
            let span = Span::new(start.max(from), end.min(to), hours);
            // Nobody searches in hours without weight: a stretch of nothing else is none.
            if span.from < span.to && per_day * span.days(hours.is_some()) > 0.0 {
                piece.mass += per_day * span.days(hours.is_some());
                piece.spans.push(span);
                piece.cumulative.push(piece.mass);
            }
        }
        piece.index();
        piece
    };
    [piece(0, horizon.warm), piece(horizon.warm, horizon.end)]
}

impl Piece {
    /// Makes ready to find the span of a point of the mass.
    fn index(&mut self) {
        let spans = self.spans.iter().zip(self.cumulative.windows(2));
        let ways = spans.map(|(span, mass)| {
            let own = mass[1] - mass[0];
            // A span of too little mass to make a difference is never found.
            let length = if own > 0.0 {
                span.length * self.mass / own
            } else {
                0.0
            };
            let [first, last] = [span.from, span.to - 1].map(|at| (at - span.origin) as f64);
            Way {
                low: span.low - mass[0] / self.mass * length,
                length,
                upto: mass[1] / self.mass,
                origin: span.origin,
                first,
                last,
            }
        });
        self.ways = ways.collect();
        if let Some(last) = self.ways.last_mut() {
            last.upto = f64::INFINITY;
        }
        self.guide = std::array::from_fn(|part| {
            let span = self.span_of((part as f64 - 0.5) / GUIDE as f64);
            // Of more spans than that, those beyond are found from there on.
            span.min(usize::from(u16::MAX)) as u16
        });
    }

    /// The span of a share of the mass.
    fn span_of(&self, share: f64) -> usize {
        self.ways.partition_point(|way| way.upto <= share)
    }

    /// The instant before which this share of the mass lies, as `moment` of its span says.
    // Each search comes by here: a call took as long as what is done.
    #[inline(always)]
    fn at(&self, share: f64, moment: impl Fn(f64) -> f64) -> Time {
        let part = math::nearest_bits(share * GUIDE as f64, GUIDE);
        let mut index = usize::from(self.guide[part]);
        // Nearly always it is this one or the next, which is as good as random: not jumped to.
        index += usize::from(self.ways[index].upto <= share);
        let mut way = &self.ways[index];
        while way.upto <= share {
            index += 1;
            way = &self.ways[index];
        }
        let at = math::least(moment(way.low + share * way.length), way.last);
        way.origin
            .wrapping_add(math::nearest(math::greatest(at, way.first)))
    }
}

impl Span {
    fn new(from: Time, to: Time, hours: Option<&DayCurve>) -> Self {
        let mut span = Self {
            from,
            to,
            length: (to - from) as f64,
            origin: from,
            ..Self::default()
        };
        if let Some(hours) = hours {
            span.origin = from.div_euclid(DAY) * DAY;
            span.low = hours.below(from - span.origin);
            span.length = hours.below(to - span.origin) - span.low;
        }
        span
    }

    /// How many days' mass it has.
    fn days(&self, has_hours: bool) -> f64 {
        if has_hours {
            self.length
        } else {
            self.length / DAY as f64
        }
    }

    /// When so much has passed, from its `low` on.
    // Each search comes by here: a call took as long as what is done.
    #[inline(always)]
    fn at(&self, passed: f64, hours: Option<&DayCurve>) -> Time {
        let since = match hours {
            Some(hours) => hours.at(passed),
            None => math::nearest(passed),
        };
        // Without a look for overflows, of which there are none, some are placed at once.
        self.origin.wrapping_add(since)
    }
}

/// How many searches a stay has, about to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct ReadyCounts {
    drawn: [ReadyPoisson; 2],
    /// Those that are known one by one.
    told: [usize; 2],
}

impl ReadyCounts {
    /// Draws them.
    #[must_use]
    #[inline]
    pub fn draw(&self) -> SearchCounts {
        let count = |piece: usize| self.drawn[piece].draw() + self.told[piece] as u64;
        SearchCounts([count(0), count(1)])
    }
}

/// Searches of a stay before and after the end of the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCounts([u64; 2]);

impl SearchCounts {
    /// Those after the end of the warm-up.
    #[must_use]
    #[inline]
    pub fn measured(self) -> u64 {
        self.0[1]
    }

    /// All of them.
    #[must_use]
    #[inline]
    pub fn all(self) -> u64 {
        self.0[0] + self.0[1]
    }
}

/// Searches that share a place: days of a piece, or a dyadic part of one span.
#[derive(Debug, Clone, Copy)]
struct Node {
    count: u64,
    /// The key of the splits below this place.
    key: Key,
    /// Its searches are then or later,
    from: Time,
    /// and before.
    to: Time,
    place: Place,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// Spans `from..to` of a piece.
    Spans { piece: u8, from: u32, to: u32 },
    /// The part of a span of a piece that starts at `low` / 2^64 of it and is 2^-`level` of it long.
    Part {
        piece: u8,
        span: u32,
        low: u64,
        level: u8,
    },
}

/// The key of a count, which is of no place.
const COUNT: u64 = 1 << 61;

/// At most so many searches are placed at once: with fewer, splits take longer than what is placed in vain.
const LEAF: usize = 96;

/// So many of those that are placed are looked at together.
const AT_ONCE: usize = 4;

/// A forward cursor over one stay's searches.
#[derive(Debug)]
pub struct Searches<'a> {
    shape: &'a SearchShape,
    memory: Box<Memory>,
    /// So many are placed.
    count: usize,
    /// So many of them are past.
    taken: usize,
    /// What lies ahead of searches that are known one by one.
    told: &'a [Time],
    /// No search is before it of those that are not placed.
    later: Time,
}

/// What a cursor works with.
#[derive(Debug)]
struct Memory {
    /// What lies ahead, the nearest last.
    ahead: Vec<Node>,
    /// The nearest searches, placed, in the order of time, and some [`NEVER`] after the last.
    placed: [Time; LEAF + AT_ONCE],
    /// Where they lie among all of them, while they are placed.
    moments: [f64; LEAF],
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            ahead: Vec::new(),
            placed: [NEVER; LEAF + AT_ONCE],
            moments: [0.0; LEAF],
        }
    }
}

/// Working memory of a cursor, kept between stays.
#[derive(Debug, Default)]
pub struct SearchScratch(Option<Box<Memory>>);

impl<'a> Searches<'a> {
    /// The searches of a stay. `key` is the stay's own in the world; `counts` what
    /// [`SearchShape::counts`] drew for it.
    #[must_use]
    pub fn new(
        shape: &'a SearchShape,
        key: Key,
        counts: SearchCounts,
        scratch: SearchScratch,
    ) -> Self {
        let mut memory = scratch.0.unwrap_or_default();
        let Memory { ahead, placed, .. } = &mut *memory;
        ahead.clear();
        placed[..AT_ONCE].fill(NEVER);
        let mut add = |piece: u8| {
            let count = counts.0[usize::from(piece)];
            if count > 0
                && let spans = &shape.pieces[usize::from(piece)].spans[..]
                && let [first, ..] = spans
                && let [.., last] = spans
            {
                ahead.push(Node {
                    count,
                    key: key.at(u64::from(piece)),
                    from: first.from,
                    to: last.to,
                    place: Place::Spans {
                        piece,
                        from: 0,
                        to: spans.len() as u32,
                    },
                });
            }
        };
        if shape.told.is_empty() {
            add(1);
            add(0);
        }
        let mut searches = Self {
            shape,
            memory,
            count: 0,
            taken: 0,
            told: &shape.told,
            later: NEVER,
        };
        searches.look_ahead();
        searches
    }

    /// Gives the working memory back.
    #[must_use]
    pub fn into_scratch(self) -> SearchScratch {
        SearchScratch(Some(self.memory))
    }

    /// Counts the searches before `until` and moves there.
    #[inline(always)]
    pub fn take_until(&mut self, until: Time) -> u64 {
        let count = self.take_placed(until);
        if self.taken < self.count || until <= self.later {
            return count;
        }
        count + self.count_until(until)
    }

    /// Counts the searches before `until`, where some that are not placed may be.
    #[inline(never)]
    fn count_until(&mut self, until: Time) -> u64 {
        let mut count = 0;
        while self.later < until && self.taken == self.count {
            let Some(node) = self.memory.ahead.last() else {
                let told = self.told.partition_point(|at| *at < until);
                self.told = &self.told[told..];
                self.look_ahead();
                return count + told as u64;
            };
            if node.to <= until {
                count += node.count;
                self.memory.ahead.pop();
                self.look_ahead();
            } else {
                count += self.open::<true>(until);
                count += self.take_placed(until);
            }
        }
        count
    }

    /// Meets each search before `until`, in the order of time, and moves there.
    #[inline(always)]
    pub fn each_until(&mut self, until: Time, mut meet: impl FnMut(Time)) {
        loop {
            // In one loop: where it ends is as good as random, and a processor guesses wrong once, not once for what is
            // found and once more for what is made of it.
            let mut taken = self.taken;
            let placed = &self.memory.placed;
            while let Some(at) = placed.get(taken)
                && *at < until
            {
                meet(*at);
                taken += 1;
            }
            self.taken = taken;
            if self.taken < self.count || until <= self.later {
                return;
            }
            self.open::<false>(until);
        }
    }

    /// Sets when the first may be of those that are not placed.
    #[inline]
    fn look_ahead(&mut self) {
        let ahead = self.memory.ahead.last().map(|node| node.from);
        self.later = ahead.or(self.told.first().copied()).unwrap_or(NEVER);
    }

    /// Takes those that are placed and before `until`: how many they are.
    #[inline(always)]
    fn take_placed(&mut self, until: Time) -> u64 {
        let first = self.taken;
        // Where many lie between two changes, most often all of them.
        if self.memory.placed[..self.count]
            .last()
            .is_some_and(|last| *last < until)
        {
            self.taken = self.count;
            return (self.count - first) as u64;
        }
        loop {
            // Some at once, as how many there are is never the same twice.
            let mut early = 0;
            for at in &self.memory.placed[self.taken..self.taken + AT_ONCE] {
                early += usize::from(*at < until);
            }
            self.taken += early;
            if early < AT_ONCE {
                return (self.taken - first) as u64;
            }
        }
    }

    /// When the nearest search ahead is; [`NEVER`] if there is none.
    #[inline]
    pub fn peek(&mut self) -> Time {
        loop {
            if let Some(at) = self.memory.placed[..self.count].get(self.taken) {
                return *at;
            }
            if self.memory.ahead.is_empty() && self.told.is_empty() {
                return NEVER;
            }
            self.open::<false>(NEVER);
        }
    }

    /// Takes the nearest search; after [`Self::peek`] said that there is one.
    #[inline]
    pub fn take(&mut self) {
        self.taken += usize::from(self.taken < self.count);
    }

    /// Splits the nearest node, and that of its halves which is nearest, until it is few searches, which are placed, or
    /// what is nearest begins at `until` or later. To count, a half before `until` is not looked into: how many searches
    /// such halves have.
    fn open<const COUNTS: bool>(&mut self, until: Time) -> u64 {
        let mut counted = 0;
        let Some(mut node) = self.memory.ahead.pop() else {
            let (next, later) = self.told.split_at(self.told.len().min(LEAF));
            self.memory.placed[..next.len()].copy_from_slice(next);
            self.told = later;
            self.are_placed(next.len());
            return 0;
        };
        while let Some([first, second]) = self.halves(&node) {
            if first.count > 0 && !(COUNTS && first.to <= until) {
                if second.count > 0 {
                    self.memory.ahead.push(second);
                }
                node = first;
                continue;
            }
            counted += first.count;
            if second.from >= until {
                self.later = second.from;
                self.memory.ahead.push(second);
                return counted;
            }
            node = second;
        }
        counted
    }

    /// The halves of a node, in the order of time; none where it is few searches, which are placed then.
    #[inline(always)]
    fn halves(&mut self, node: &Node) -> Option<[Node; 2]> {
        match node.place {
            Place::Spans { piece, from, to } => {
                let of_piece = &self.shape.pieces[usize::from(piece)];
                if node.count <= LEAF as u64 {
                    let key = node.key.at(u64::from(from) << 32 | u64::from(to) | 1 << 62);
                    self.place_in_spans(of_piece, from..to, node, key);
                    return None;
                }
                if to - from == 1 {
                    let key = node.key.at(u64::from(from));
                    let place = Place::Part {
                        piece,
                        span: from,
                        low: 0,
                        level: 0,
                    };
                    let whole = Node {
                        key,
                        place,
                        ..*node
                    };
                    return Some([whole, Node { count: 0, ..*node }]);
                }
                let middle = from + (to - from) / 2;
                let mass = |a: u32, b: u32| {
                    of_piece.cumulative[b as usize] - of_piece.cumulative[a as usize]
                };
                let chance = chance(mass(from, middle) / mass(from, to));
                let split_key = node.key.at(u64::from(from) << 32 | u64::from(to) | 1 << 63);
                let early = binomial(split_key, node.count, chance);
                let [first, second] = [(from, middle), (middle, to)];
                let place = |(from, to)| Place::Spans { piece, from, to };
                let bounds = (
                    of_piece.spans[middle as usize - 1].to,
                    of_piece.spans[middle as usize].from,
                );
                Some(node.split(early, bounds, place(first), place(second)))
            }
            Place::Part {
                piece,
                span: index,
                low,
                level,
            } => {
                let span = &self.shape.pieces[usize::from(piece)].spans[index as usize];
                // A part is named by its level and its first point; levels stop where a microsecond is
                // finer than the part could be.
                let key = node.key.at(low | u64::from(level));
                if node.count <= LEAF as u64 || level >= LEVELS {
                    if node.count > LEAF as u64 {
                        // So many searches within so small a part: one handful at a time is fine.
                        let count = node.count - LEAF as u64;
                        self.memory.ahead.push(Node {
                            count,
                            key,
                            ..*node
                        });
                    }
                    self.place_in_part(span, (low, level), node, key.at(1 << 63));
                    return None;
                }
                let early = half(key, node.count);
                let middle = low + (1 << (63 - level));
                let passed = span.low + share(middle) * span.length;
                let at = span.at(passed, self.shape.hours.as_deref());
                let at = at.max(node.from).min(node.to - 1);
                let level = level + 1;
                let place = |low| Place::Part {
                    piece,
                    span: index,
                    low,
                    level,
                };
                // What is just before the middle may share its microsecond.
                Some(node.split(early, (at + 1, at), place(low), place(middle)))
            }
        }
    }

    // Apart, so that what each search comes by has the processor's registers for itself.
    #[inline(never)]
    fn place_in_spans(&mut self, of_piece: &Piece, spans: Range<u32>, node: &Node, key: Key) {
        let hours = self.shape.hours.as_deref();
        let upto = |span: u32| of_piece.ways[span as usize].upto;
        let low = spans.start.checked_sub(1).map_or(0.0, upto);
        // After the last nothing comes.
        let reach = (low, math::least(upto(spans.end - 1), 1.0) - low);
        let mut last = node.from;
        match hours {
            Some(hours) => self.place(node, key, reach, |share| {
                last = last.max(of_piece.at(share, |passed| hours.moment(passed)));
                last
            }),
            None => self.place(node, key, reach, |share| {
                last = last.max(of_piece.at(share, |passed| passed));
                last
            }),
        }
    }

    #[inline(never)]
    fn place_in_part(&mut self, span: &Span, (low, level): (u64, u8), node: &Node, key: Key) {
        let low = span.low + share(low) * span.length;
        let reach = (low, span.length / (1_u64 << level) as f64);
        let Some(hours) = self.shape.hours.as_deref() else {
            return self.place(node, key, reach, |passed| span.at(passed, None));
        };
        let mut last = node.from;
        self.place(node, key, reach, |passed| {
            last = last.max(span.at(passed, Some(hours)));
            last
        });
    }

    /// Places a node's few searches, of which `at` says in their order when so much has passed: from so much on, and so
    /// much more. As uniform ones in their order: sums of exponential gaps over the sum of all of them and one more (L. Devroye,
    /// "Non-Uniform Random Variate Generation", 1986, section V.2.2).
    #[inline(always)]
    fn place(
        &mut self,
        node: &Node,
        key: Key,
        (low, length): (f64, f64),
        mut at: impl FnMut(f64) -> Time,
    ) {
        let count = (node.count as usize).min(LEAF);
        let Memory {
            placed, moments, ..
        } = &mut *self.memory;
        let (placed, moments) = (&mut placed[..count], &mut moments[..count]);
        let of_all = length / Exponential.process(key, moments);
        for (slot, moment) in placed.iter_mut().zip(moments) {
            *slot = at(low + *moment * of_all);
        }
        // Rounding may bring the last of them to the node's end.
        let end = node.to - 1;
        for slot in placed.iter_mut().rev().take_while(|at| **at > end) {
            *slot = end;
        }
        self.are_placed(count);
    }

    /// The first so many of those that are placed are the nearest now.
    #[inline]
    fn are_placed(&mut self, count: usize) {
        self.memory.placed[count..count + AT_ONCE].fill(NEVER);
        (self.count, self.taken) = (count, 0);
        self.look_ahead();
    }
}

impl Node {
    /// Its halves, of which the first has `early` searches and the bounds between them are the first's end and the
    /// second's start.
    #[inline(always)]
    fn split(&self, early: u64, bounds: (Time, Time), first: Place, second: Place) -> [Self; 2] {
        [
            Self {
                count: early,
                to: bounds.0,
                place: first,
                ..*self
            },
            Self {
                count: self.count - early,
                from: bounds.1,
                place: second,
                ..*self
            },
        ]
    }
}

/// Parts of a span are not split more often.
const LEVELS: u8 = 48;

/// `low` / 2^64.
fn share(low: u64) -> f64 {
    low as f64 / 18_446_744_073_709_551_616.0
}

/// A share as a chance out of 2^64.
fn chance(share: f64) -> u64 {
    // The cast saturates at the ends.
    (share * 18_446_744_073_709_551_616.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::clock::HOUR;

    const HORIZON: Horizon = Horizon {
        warm: 2 * DAY,
        end: 9 * DAY,
    };

    fn shape() -> SearchShape {
        let days: Vec<(Time, Time, f64)> = (0..9)
            .map(|day| (day * DAY, (day + 1) * DAY, 1.0 + day as f64))
            .collect();
        SearchShape::new(HORIZON, &days)
    }

    fn begin(shape: &SearchShape, key: Key, scale: f64) -> Searches<'_> {
        Searches::new(
            shape,
            key,
            shape.counts(key, scale).draw(),
            SearchScratch::default(),
        )
    }

    fn walked(shape: &SearchShape, key: Key, scale: f64) -> Vec<Time> {
        let mut searches = begin(shape, key, scale);
        let mut times = Vec::new();
        while searches.peek() != NEVER {
            times.push(searches.peek());
            searches.take();
        }
        times
    }

    /// With hours, and a stretch that is cut within a day.
    fn shape_with_hours() -> SearchShape {
        let mut days: Vec<(Time, Time, f64)> = (0..9)
            .map(|day| (day * DAY, (day + 1) * DAY, 1.0 + day as f64))
            .collect();
        let last = days.pop().expect("nine days");
        days.push((last.0, last.0 + 5 * HOUR, last.2));
        days.push((last.0 + 5 * HOUR, last.1, 2.0 * last.2));
        let horizon = Horizon {
            warm: 2 * DAY + 7 * HOUR,
            ..HORIZON
        };
        SearchShape::with_hours(horizon, &days, &Arc::new(DayCurve::typical()))
    }

    #[test]
    fn counting_in_any_steps_finds_what_walking_finds() {
        counting_finds_what_walking_finds(&shape());
        counting_finds_what_walking_finds(&shape_with_hours());
        // More than are placed at once.
        let told = (0..250).map(|i| i * i * DAY / 7_000).collect();
        counting_finds_what_walking_finds(&SearchShape::told(HORIZON, told));
    }

    fn counting_finds_what_walking_finds(shape: &SearchShape) {
        for (i, scale) in [0.1, 1.0, 30.0, 900.0].into_iter().enumerate() {
            for replicate in 0..20 {
                let key = Key::replicate(i as u64, replicate);
                let times = walked(shape, key, scale);
                assert!(times.is_sorted());
                // To the microsecond of a search, and just after it.
                for at in times.iter().step_by(1 + times.len() / 40) {
                    let before = times.partition_point(|time| time < at);
                    let with = times.partition_point(|time| time <= at);
                    let mut searches = begin(shape, key, scale);
                    assert_eq!(searches.take_until(*at), before as u64);
                    assert_eq!(searches.take_until(at + 1), (with - before) as u64);
                    let mut searches = begin(shape, key, scale);
                    let mut met = 0;
                    searches.each_until(*at, |_| met += 1);
                    assert_eq!(met, before);
                    searches.each_until(at + 1, |_| met += 1);
                    assert_eq!(met, with);
                }
                for step in [DAY / 3, 5 * HOUR, 9 * DAY] {
                    let mut searches = begin(shape, key, scale);
                    let mut until = 0;
                    while until < HORIZON.end {
                        let from = until;
                        until = (until + step).min(HORIZON.end);
                        // Looking ahead before counting must change nothing.
                        if replicate % 2 == 0 {
                            let next = times.iter().find(|t| **t >= from).copied().unwrap_or(NEVER);
                            assert_eq!(searches.peek(), next);
                        }
                        let mut counted = 0;
                        // Meeting each, or some before the others are counted.
                        let met_until =
                            [from, until, from + (until - from) / 2][(replicate % 3) as usize];
                        searches.each_until(met_until, |at| {
                            assert!((from..met_until).contains(&at));
                            counted += 1;
                        });
                        counted += searches.take_until(until);
                        let within = times.iter().filter(|t| (from..until).contains(*t)).count();
                        assert_eq!(counted, within as u64);
                    }
                }
            }
        }
    }

    /// In hours without weight, between stretches and where a span is all but nothing, nobody searches; what is placed
    /// is in order.
    #[test]
    fn searches_are_where_there_is_mass() {
        let half: Vec<(Time, Time, f64)> = (0..24)
            .map(|hour| (hour * HOUR, (hour + 1) * HOUR, (hour % 2) as f64))
            .collect();
        let hours = Arc::new(DayCurve::new(&half).0);
        let stretches = [
            (DAY / 3, DAY, 3.0),
            (3 * DAY, 4 * DAY, 5.0),
            (5 * DAY, 5 * DAY + 7 * HOUR, 1e-15),
            (5 * DAY + 7 * HOUR, 6 * DAY, 4.0),
            (8 * DAY + 11 * HOUR, 9 * DAY, 1e-16),
        ];
        for shape in [
            SearchShape::with_hours(HORIZON, &stretches, &hours),
            SearchShape::new(HORIZON, &stretches),
        ] {
            for (i, scale) in [1.0, 20.0, 900.0].into_iter().enumerate() {
                for replicate in 0..40 {
                    let times = walked(&shape, Key::replicate(70 + i as u64, replicate), scale);
                    assert!(times.is_sorted());
                    for at in times {
                        let mut within = stretches.iter();
                        assert!(
                            within.any(|(from, to, _)| (*from..*to).contains(&at)),
                            "{at}"
                        );
                        assert!(shape.hours.is_none() || at / HOUR % 2 == 1, "{at}");
                    }
                }
            }
        }
    }

    /// Counts per day are Poisson with the day's mean: |z| < 4 for mean and variance over 4,000 stays.
    #[test]
    fn days_are_poisson_with_their_own_means() {
        let (shape, scale) = (shape(), 20.0);
        let stays = 4_000_u32;
        for day in [0_i64, 3, 8] {
            let mean = (1 + day) as f64 * scale;
            let (mut first, mut second) = (0.0, 0.0);
            for stay in 0..stays {
                let key = Key::replicate(99, stay);
                let mut searches = begin(&shape, key, scale);
                searches.take_until(day * DAY);
                let d = searches.take_until((day + 1) * DAY) as f64 - mean;
                first += d;
                second += d * d;
            }
            let n = f64::from(stays);
            let z_mean = first / (mean * n).sqrt();
            let z_variance = (second / n - mean) * n.sqrt() / (mean + 2.0 * mean * mean).sqrt();
            assert!(z_mean.abs() < 4.0, "day {day}: mean, z = {z_mean}");
            assert!(
                z_variance.abs() < 4.0,
                "day {day}: variance, z = {z_variance}"
            );
        }
    }

    /// With hours, each hour has its share of a day's searches, cut by the end of the warm-up or not, and
    /// twice its share where the rate is: |z| < 4.5 for each of the 216 hours.
    #[test]
    fn hours_have_their_shares() {
        let shape = shape_with_hours();
        let hours = DayCurve::typical();
        let (stays, scale) = (400, 30.0);
        let mut counts = vec![0.0; 9 * 24];
        for stay in 0..stays {
            for time in walked(&shape, Key::replicate(6, stay), scale) {
                counts[(time / HOUR) as usize] += 1.0;
            }
        }
        for (hour, count) in (0_i64..).zip(counts) {
            let (day, of_day) = (hour / 24, hour % 24 * HOUR);
            let doubled = if hour >= 8 * 24 + 5 { 2.0 } else { 1.0 };
            let share = hours.below(of_day + HOUR) - hours.below(of_day);
            let mean = f64::from(stays) * scale * (1 + day) as f64 * doubled * share;
            let z = (count - mean) / mean.sqrt();
            assert!(z.abs() < 4.5, "hour {hour}: {count}, expected {mean}");
        }
    }

    /// Within a day searches are uniform: chi-squared over 24 hours stays below its 1e-5 quantile (66.0).
    #[test]
    fn within_a_day_searches_are_uniform() {
        let shape = SearchShape::new(HORIZON, &[(0, 9 * DAY, 1.0)]);
        let mut hours = [0_u32; 24];
        for stay in 0..200 {
            for time in walked(&shape, Key::replicate(5, stay), 40.0) {
                hours[((time % DAY) / HOUR) as usize] += 1;
            }
        }
        let mean = f64::from(hours.iter().sum::<u32>()) / 24.0;
        let chi: f64 = hours
            .iter()
            .map(|n| (f64::from(*n) - mean) * (f64::from(*n) - mean) / mean)
            .sum();
        assert!(chi < 66.0, "chi-squared {chi}");
    }
}
