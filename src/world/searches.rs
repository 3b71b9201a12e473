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

use super::day_curve::{DayCurve, share_of};
use crate::sim::clock::{DAY, Horizon, NEVER, Time};
use crate::sim::distribution::{Exponential, Poisson};
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
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Piece {
    /// Mean searches of a stay of weight 1.
    mass: f64,
    /// Stretches of constant rate, in time order.
    spans: Vec<Span>,
    /// Mass before each span, and in all.
    cumulative: Vec<f64>,
    /// The same out of 2^64 of all of it.
    bounds: Vec<u64>,
    /// By parts of the mass, all alike: in which span each begins.
    guide: Vec<u32>,
}

/// A guide to spans has so many parts: few of them have more than one span.
const GUIDE_BITS: u32 = 7;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Span {
    from: Time,
    to: Time,
    /// Midnight before it; and of its day's mass, what lies before it and what within it, out of 2^64.
    midnight: Time,
    before: u64,
    within: u64,
    /// Its share of the piece's mass, as what to multiply by to divide by it, once shifted to the left.
    inverse: u64,
    shift: u32,
}

impl SearchShape {
    /// A shape from stretches `(from, to, searches per day)` of constant rate, in time order and apart.
    #[must_use]
    pub fn new(horizon: Horizon, stretches: &[(Time, Time, f64)]) -> Self {
        Self {
            pieces: pieces(horizon, stretches, None),
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
        Self {
            pieces: pieces(horizon, stretches, Some(hours)),
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
            told: moments,
            ..Self::new(horizon, &[])
        }
    }

    /// How many searches a stay of this weight has. `key` is the stay's own in the world.
    #[must_use]
    #[inline]
    pub fn counts(&self, key: Key, scale: f64) -> SearchCounts {
        if !self.told.is_empty() {
            let early = self.told_early as u64;
            return SearchCounts([early, self.told.len() as u64 - early]);
        }
        let count = |piece: usize| {
            let mean = self.pieces[piece].mass * scale;
            if mean > 0.0 {
                Poisson { mean }.at(key.at(piece as u64).at(COUNT))
            } else {
                0
            }
        };
        SearchCounts([count(0), count(1)])
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
                let days = span.days(self.hours.as_deref());
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
                    let share = match &self.hours {
                        Some(hours) => {
                            let (low, high) = span.shares(hours);
                            (hours.below(at - span.midnight) - low) / (high - low)
                        }
                        None => (at - span.from) as f64 / (span.to - span.from) as f64,
                    };
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
    pub fn ends(&self) -> Time {
        let last = self.pieces.iter().filter_map(|piece| piece.spans.last());
        let drawn = last.map(|span| span.to).max().unwrap_or(0);
        self.told.last().map_or(drawn, |last| drawn.max(last + 1))
    }

    /// Mean searches of a stay of weight 1 in the whole run.
    #[must_use]
    pub fn mass(&self) -> f64 {
        self.pieces[0].mass + self.pieces[1].mass + self.told.len() as f64
    }
}

fn pieces(
    horizon: Horizon,
    stretches: &[(Time, Time, f64)],
    hours: Option<&DayCurve>,
) -> [Piece; 2] {
    let piece = |from: Time, to: Time| {
        let mut piece = Piece {
            cumulative: vec![0.0],
            ..Piece::default()
        };
        for &(start, end, per_day) in stretches {
            let span = Span::new(start.max(from), end.min(to), hours);
            // Nobody searches in hours without weight: a stretch of nothing else is none.
            if span.from < span.to && per_day * span.days(hours) > 0.0 {
                piece.mass += per_day * span.days(hours);
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
        let bounds = self.cumulative.iter();
        self.bounds = bounds.map(|mass| chance(mass / self.mass)).collect();
        if let Some(last) = self.bounds.last_mut() {
            *last = u64::MAX;
        }
        for (span, bounds) in self.spans.iter_mut().zip(self.bounds.windows(2)) {
            let share = (bounds[1] - bounds[0]).max(1);
            span.shift = share.leading_zeros();
            // What is less than the share, shifted, times the inverse, is below 2^127.
            let inverse = ((1_u128 << 127) - 1) / u128::from(share << span.shift);
            span.inverse = inverse as u64;
        }
        let parts = (0_u64..1 << GUIDE_BITS).map(|part| self.span_of(part << (64 - GUIDE_BITS)));
        self.guide = parts.map(|span| span as u32).collect();
    }

    /// The span of a point of the mass.
    fn span_of(&self, point: u64) -> usize {
        let last = self.spans.len().saturating_sub(1);
        let ends = self.bounds.get(1..=last).unwrap_or_default();
        ends.partition_point(|end| *end <= point)
    }

    /// The instant before which `point` / 2^64 of the mass lies.
    #[inline]
    fn at(&self, point: u64, hours: Option<&DayCurve>) -> Time {
        let mut index = self.guide[(point >> (64 - GUIDE_BITS)) as usize] as usize;
        // Nearly always none or one.
        while self.bounds[index + 1] <= point {
            index += 1;
        }
        let span = &self.spans[index];
        let within = share_of(span.inverse, (point - self.bounds[index]) << span.shift);
        span.at(within << 1, hours)
    }
}

impl Span {
    fn new(from: Time, to: Time, hours: Option<&DayCurve>) -> Self {
        let midnight = from.div_euclid(DAY) * DAY;
        let span = Self {
            from,
            to,
            midnight,
            ..Self::default()
        };
        let Some(hours) = hours else {
            return span;
        };
        let (low, high) = span.shares(hours);
        let before = chance(low);
        Self {
            before,
            within: chance(high).saturating_sub(before),
            ..span
        }
    }

    /// How many days' mass it has.
    fn days(&self, hours: Option<&DayCurve>) -> f64 {
        match hours {
            Some(hours) => {
                let (low, high) = self.shares(hours);
                high - low
            }
            None => (self.to - self.from) as f64 / DAY as f64,
        }
    }

    /// The shares of its day's mass before its start and before its end.
    fn shares(&self, hours: &DayCurve) -> (f64, f64) {
        (
            hours.below(self.from - self.midnight),
            hours.below(self.to - self.midnight),
        )
    }

    /// The instant before which `point` / 2^64 of its mass lies.
    // Each search comes by here: a call took as long as what is done.
    #[inline(always)]
    fn at(&self, point: u64, hours: Option<&DayCurve>) -> Time {
        match hours {
            Some(hours) => {
                let of_day = self.before + share_of(self.within, point);
                let at = self.midnight + hours.at_point(of_day);
                at.max(self.from).min(self.to - 1)
            }
            None => self.from + share_of((self.to - self.from) as u64, point) as Time,
        }
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
const LEAF: usize = 32;

/// A forward cursor over one stay's searches.
#[derive(Debug)]
pub struct Searches<'a> {
    shape: &'a SearchShape,
    /// What lies ahead, the nearest last.
    ahead: Vec<Node>,
    /// The nearest searches, placed, in the order of time: so many of them.
    placed: Vec<Time>,
    count: usize,
    /// So many of them are past.
    taken: usize,
    /// Where they lie among all of them, while they are placed.
    moments: Vec<f64>,
    /// What lies ahead of searches that are known one by one.
    told: &'a [Time],
    /// No search ahead is before it.
    nearest: Time,
}

/// Working memory of a cursor, kept between stays.
#[derive(Debug, Default)]
pub struct SearchScratch(Vec<Node>, Vec<Time>, Vec<f64>);

impl<'a> Searches<'a> {
    /// The searches of a stay. `key` is the stay's own in the world; `counts` what
    /// [`SearchShape::counts`] gave for it.
    #[must_use]
    pub fn new(
        shape: &'a SearchShape,
        key: Key,
        counts: SearchCounts,
        scratch: SearchScratch,
    ) -> Self {
        let SearchScratch(mut ahead, mut placed, mut moments) = scratch;
        ahead.clear();
        placed.resize(LEAF, NEVER);
        moments.resize(LEAF, 0.0);
        for piece in [1_u8, 0] {
            let count = counts.0[usize::from(piece)];
            if count > 0 && shape.told.is_empty() {
                let spans = &shape.pieces[usize::from(piece)].spans;
                let to = spans.len() as u32;
                ahead.push(Node {
                    count,
                    key: key.at(u64::from(piece)),
                    from: spans[0].from,
                    to: spans[spans.len() - 1].to,
                    place: Place::Spans { piece, from: 0, to },
                });
            }
        }
        Self {
            shape,
            ahead,
            placed,
            count: 0,
            taken: 0,
            moments,
            told: &shape.told,
            nearest: Time::MIN,
        }
    }

    /// Gives the working memory back.
    #[must_use]
    pub fn into_scratch(self) -> SearchScratch {
        SearchScratch(self.ahead, self.placed, self.moments)
    }

    /// Counts the searches before `until` and moves there.
    #[inline(always)]
    pub fn take_until(&mut self, until: Time) -> u64 {
        if until <= self.nearest {
            return 0;
        }
        self.count_until(until)
    }

    #[inline(never)]
    fn count_until(&mut self, until: Time) -> u64 {
        let mut count = 0;
        loop {
            count += self.take_placed(until).len() as u64;
            if self.taken < self.count {
                self.nearest = self.placed[self.taken];
                return count;
            }
            let Some(node) = self.ahead.last() else {
                let told = self.told.partition_point(|at| *at < until);
                self.told = &self.told[told..];
                self.nearest = until;
                return count + told as u64;
            };
            if node.to <= until {
                count += node.count;
                self.ahead.pop();
            } else if node.from >= until {
                self.nearest = node.from;
                return count;
            } else {
                count += self.open::<true>(until);
            }
        }
    }

    /// Meets each search before `until`, in the order of time, some at once, and moves there.
    #[inline(always)]
    pub fn each_until(&mut self, until: Time, mut meet: impl FnMut(&[Time])) {
        while self.nearest < until {
            meet(self.take_placed(until));
            if self.taken < self.count {
                self.nearest = self.placed[self.taken];
                return;
            }
            let ahead = self.ahead.last().map(|node| node.from);
            self.nearest = ahead.or(self.told.first().copied()).unwrap_or(NEVER);
            if self.nearest < until {
                self.open::<false>(until);
            }
        }
    }

    /// Takes those that are placed and before `until`.
    #[inline(always)]
    fn take_placed(&mut self, until: Time) -> &[Time] {
        let placed = &self.placed[self.taken..self.count];
        // Where many lie between two changes, most often all of them.
        let early = if placed.last().is_none_or(|last| *last < until) {
            placed.len()
        } else {
            placed.iter().take_while(|at| **at < until).count()
        };
        self.taken += early;
        &placed[..early]
    }

    /// When the nearest search ahead is; [`NEVER`] if there is none.
    #[inline]
    pub fn peek(&mut self) -> Time {
        loop {
            if let Some(at) = self.placed[..self.count].get(self.taken) {
                return *at;
            }
            if self.ahead.is_empty() && self.told.is_empty() {
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
        let Some(mut node) = self.ahead.pop() else {
            let (next, later) = self.told.split_at(self.told.len().min(LEAF));
            self.placed[..next.len()].copy_from_slice(next);
            (self.count, self.taken, self.told) = (next.len(), 0, later);
            return 0;
        };
        while let Some([first, second]) = self.halves(&node) {
            if first.count > 0 && !(COUNTS && first.to <= until) {
                if second.count > 0 {
                    self.ahead.push(second);
                }
                node = first;
                continue;
            }
            counted += first.count;
            if second.from >= until {
                self.ahead.push(second);
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
                    self.place_in_spans(of_piece, from..to, node.count, key);
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
                        self.ahead.push(Node {
                            count,
                            key,
                            ..*node
                        });
                    }
                    let count = node.count.min(LEAF as u64);
                    self.place_in_part(*span, (low, level), count, key.at(1 << 63));
                    return None;
                }
                let early = half(key, node.count);
                let middle = low + (1 << (63 - level));
                let at = span.at(middle, self.shape.hours.as_deref());
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
    fn place_in_spans(&mut self, of_piece: &Piece, spans: Range<u32>, count: u64, key: Key) {
        let hours = self.shape.hours.as_deref();
        let [low, high] = [spans.start, spans.end].map(|end| of_piece.bounds[end as usize]);
        self.place(count, key, |point| {
            // Never the very last, which no span would have.
            let point = (low + share_of(high - low, point)).min(u64::MAX - 1);
            of_piece.at(point, hours)
        });
    }

    #[inline(never)]
    fn place_in_part(&mut self, span: Span, (low, level): (u64, u8), count: u64, key: Key) {
        let point = |point: u64| low + (point >> level);
        match self.shape.hours.as_deref() {
            Some(hours) => self.place(count, key, |at| span.at(point(at), Some(hours))),
            None => self.place(count, key, |at| span.at(point(at), None)),
        }
    }

    /// Places a few searches, where `at` says when such a part of the mass is reached, of 2^64. As uniform ones in
    /// their order: sums of exponential gaps over the sum of all of them and one more (L. Devroye, "Non-Uniform Random
    /// Variate Generation", 1986, section V.2.2).
    #[inline(always)]
    fn place(&mut self, count: u64, key: Key, at: impl Fn(u64) -> Time) {
        let count = (count as usize).min(LEAF);
        let moments = &mut self.moments[..count];
        let last = Exponential.process(key, moments);
        let of_all = 1.0 / last;
        for (slot, moment) in self.placed.iter_mut().zip(moments) {
            *slot = at(point(*moment * of_all));
        }
        (self.count, self.taken) = (count, 0);
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

/// A share below 1 out of 2^64: the bits of a number from 1 to 2 say it.
#[inline]
fn point(share: f64) -> u64 {
    // Not the smaller by `f64::min`, which WebAssembly calls a function for.
    let last = 1.0 - f64::EPSILON;
    let share = if share < last { share } else { last };
    (1.0 + share).to_bits() << 12
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

    #[test]
    fn shares_are_points_below_the_whole() {
        assert_eq!([0.0, 0.25, 0.5].map(point), [0, 1 << 62, 1 << 63]);
        for share in [1.0 - f64::EPSILON, 1.0, 1.0 + f64::EPSILON, f64::NAN] {
            assert_eq!(point(share), u64::MAX << 12);
        }
    }

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
            shape.counts(key, scale),
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
        let told = (0..40).map(|i| i * i * DAY / 180).collect();
        counting_finds_what_walking_finds(&SearchShape::told(HORIZON, told));
    }

    fn counting_finds_what_walking_finds(shape: &SearchShape) {
        for (i, scale) in [0.1, 1.0, 30.0, 900.0].into_iter().enumerate() {
            for replicate in 0..20 {
                let key = Key::replicate(i as u64, replicate);
                let times = walked(shape, key, scale);
                assert!(times.is_sorted());
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
                        searches.each_until(met_until, |met| {
                            assert!(met.iter().all(|at| (from..met_until).contains(at)));
                            counted += met.len() as u64;
                        });
                        counted += searches.take_until(until);
                        let within = times.iter().filter(|t| (from..until).contains(*t)).count();
                        assert_eq!(counted, within as u64);
                    }
                }
            }
        }
    }

    /// Counts per day are Poisson with the day's mean: |z| < 4 for mean and variance over 4,000 stays.
    #[test]
    fn days_are_poisson_with_their_own_means() {
        let shape = shape();
        let stays = 4_000_u32;
        for day in [0_i64, 3, 8] {
            let mean = (1 + day) as f64 * 2.0;
            let (mut first, mut second) = (0.0, 0.0);
            for stay in 0..stays {
                let key = Key::replicate(99, stay);
                let mut searches = begin(&shape, key, 2.0);
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
