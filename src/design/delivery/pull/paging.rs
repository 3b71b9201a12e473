//! The list of available stays, crawled page by page while it moves.
//!
//! ```text
//!  page size 3, by offset                      by cursor
//!
//!  page 0:  [A B C] D E F G                    [A B C] D E F G
//!           B sells out                        B sells out
//!  page 1:   A C D [E F G]   D is missed        A C [D E F] G     after C
//!
//!  page 0:  [B C D] E F G                      [B C D] E F G
//!           A reopens                          A reopens
//!  page 1:   A B C [D E F] G D comes twice      A B C D [E F G]   after D
//! ```
//!
//! An answer lists stays that are available, in the order of their keys (hotel, stay); what a crawl passes by
//! it takes for sold out. By *offset* a page is the items [p·size, (p + 1)·size) of the list as it is when the
//! page is asked for. By *cursor* it is the next `size` items after the last key seen: a page shows the state
//! of all keys from there to its own last, and nothing is ever missed. A page that is not full is the last.
//!
//! What an offset costs is exact. A full page ends with rank (p + 1)·size; if until the next is asked for r of
//! the keys up to there leave the list and i enter it, the next page begins r − i items too late or i − r too
//! early:
//!
//! ```text
//!   missed = (r − i)⁺ (or what is left of the list)      repeated = (i − r)⁺ (or a page)
//! ```
//!
//! So where each listed stay sells out at rate ρ, none comes back and a page takes g, page p of a crawl makes
//! it miss p·size·(1 − e^(−ρg)) stays on average, and P pages size·(1 − e^(−ρg))·P(P − 1)/2.
//!
//! With several crawlers the keys are cut into equal ranges, each crawled by its own at the same time. All
//! wait at one rate limit, in the order in which they ask; a page counts once there.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rate_limit::Bucket;
use crate::scenario::quantity::Count;
use crate::sim::clock::Time;
use crate::sim::truth::StayTruth;

mod ranks;

use ranks::Ranks;

/// The list of available stays is read page by page, instead of each stay by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Stays on a page.
    pub size: Count,
    /// Where the next page begins.
    pub by: By,
    /// The stays are cut into so many equal parts, crawled at the same time. Default: 1.
    #[serde(default = "one")]
    pub crawlers: Count,
}

fn one() -> Count {
    Count::of(1)
}

/// Where the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// So many items from the start of the list, as it is then: what moves is missed or comes twice.
    Offset,
    /// After the last stay seen.
    Cursor,
}

/// The list over time: which stays are available and in the booking window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// Whether each key is in the list at the start of the run, in the order of keys.
    pub at_start: Vec<bool>,
    /// All changes after that, in the order of time. A change counts from its own instant on.
    pub changes: Vec<ListChange>,
}

/// A key enters the list or leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListChange {
    /// When.
    pub at: Time,
    /// Which.
    pub key: u32,
    /// Whether it is in the list from now on.
    pub listed: bool,
}

impl List {
    /// Adds the stay with the next key: in the list while it is both in the window and available.
    pub fn push(&mut self, truth: &StayTruth<'_>) {
        let key = self.at_start.len() as u32;
        let mut version = truth.version_at(truth.enters);
        let mut listed = truth.answer(version);
        let is_in_from_start = truth.enters <= 0;
        self.at_start.push(listed && is_in_from_start);
        let mut change = |at, listed| self.changes.push(ListChange { at, key, listed });
        if listed && !is_in_from_start {
            change(truth.enters, true);
        }
        while let Some(at) = truth.changes_after(version)
            && at < truth.leaves
        {
            version += 1;
            listed = !listed;
            change(at, listed);
        }
        if listed {
            change(truth.leaves, false);
        }
    }

    /// Brings the changes into the order of time, once all stays are added.
    pub fn settle(&mut self) {
        self.changes.sort_by_key(|change| (change.at, change.key));
    }
}

/// What a page is called: the key of what is random about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageName {
    /// The ordinal of the crawl's start.
    pub crawl: u32,
    /// The crawler.
    pub crawler: u32,
    /// The ordinal of the page in its crawl.
    pub page: u32,
}

/// A page that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// When the list was read.
    pub read: Time,
    /// When the crawler had it.
    pub visible: Time,
    /// How many stays it lists: so many asks.
    pub items: u32,
    /// The first key whose state it shows. Keys before it that no former page of the crawl reached are
    /// passed by: taken for sold out, whether they are or not.
    shows: u32,
    /// After the last key whose state it shows.
    end: u32,
    /// What comes before this key the crawl has shown or passed by.
    reached: u32,
}

impl Page {
    /// The keys whose state at [`Self::read`] the page shows: those it lists are available, the others
    /// are not.
    #[must_use]
    pub fn shows(&self) -> Range<u32> {
        self.shows..self.end
    }
}

/// What a crawl says of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When the truth was read.
    pub read: Time,
    /// When the crawler had it.
    pub visible: Time,
    /// Whether it was listed; if not, it is taken for sold out.
    pub listed: bool,
}

/// What crawls cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pages.
    pub pages: u64,
    /// Stays on them: so many asks.
    pub items: u64,
    /// Of these, such as stand before what their crawl had reached already.
    pub repeated: u64,
    /// Stays in the list when a page passed them by without showing them. A later page of the crawl may
    /// still show them, if the list moves back.
    pub missed: u64,
}

/// One crawl of one crawler.
#[derive(Debug, Clone, Copy)]
struct Crawl {
    /// Its first page; the next crawl's first is after its last.
    first: u32,
    /// How many pages back at most a page shows keys again.
    overlap: u32,
}

/// One crawler's keys, crawls and pages.
#[derive(Debug)]
struct Part {
    keys: Range<u32>,
    crawls: Vec<Crawl>,
    pages: Vec<Page>,
}

/// All crawls of a run.
#[derive(Debug)]
pub struct Crawls {
    parts: Vec<Part>,
    /// What those pages cost that were read in measured time.
    pub counts: Counts,
}

/// When crawls start, and what is counted.
#[derive(Debug, Clone, Copy)]
pub struct Schedule<'a> {
    /// When a crawl is due, in order. A crawler that is still busy then starts as soon as it is not; what
    /// came due meanwhile, but for the last, is left out.
    pub starts: &'a [Time],
    /// Pages read from here on are counted.
    pub warm: Time,
    /// No page is read from here on.
    pub until: Time,
}

/// A crawler at work.
struct Crawler {
    /// The start that it works on.
    crawl: usize,
    /// The next page's ordinal.
    page: u32,
    reached: u32,
}

/// Crawls the list. A page is asked for when the former is there, or at `resumes` of that moment, if it cannot
/// be; read when the bucket lets it; and there `latency` of its name and of that moment later.
pub fn crawl(
    paging: &Paging,
    list: &List,
    schedule: Schedule<'_>,
    mut bucket: Option<&mut Bucket>,
    mut resumes: impl FnMut(Time) -> Time,
    mut latency: impl FnMut(PageName, Time) -> Time,
) -> Crawls {
    let size = paging.size.get();
    let mut ranks = Ranks::new(&list.at_start);
    let mut changes = list.changes.iter().peekable();
    let mut parts = parts(list.at_start.len() as u64, u64::from(paging.crawlers.get()));
    let mut counts = Counts::default();
    let mut crawlers: Vec<Crawler> = Vec::with_capacity(parts.len());
    // Who asks next, and when.
    let mut asks = BinaryHeap::with_capacity(parts.len());
    if let Some(first) = schedule.starts.first() {
        for (index, part) in (0_u32..).zip(&mut parts) {
            crawlers.push(part.begin(0));
            asks.push(Reverse((*first, index)));
        }
    }
    while let Some(Reverse((ask, index))) = asks.pop() {
        let again = resumes(ask);
        if again > ask {
            asks.push(Reverse((again, index)));
            continue;
        }
        let read = bucket.as_mut().map_or(ask, |bucket| bucket.admit(ask));
        if read >= schedule.until {
            // Those that ask later read later.
            break;
        }
        while let Some(change) = changes.next_if(|change| change.at <= read) {
            ranks.set(change.key, change.listed);
        }
        let part = &mut parts[index as usize];
        let crawler = &mut crawlers[index as usize];
        let name = PageName {
            crawl: crawler.crawl as u32,
            crawler: index,
            page: crawler.page,
        };
        let visible = read.saturating_add(latency(name, read));
        let (low, high) = (ranks.rank(part.keys.start), ranks.rank(part.keys.end));
        let passed = ranks.rank(crawler.reached);
        let from = match paging.by {
            By::Cursor => passed,
            By::Offset => {
                let offset = u64::from(crawler.page) * u64::from(size);
                low + u64::from(high - low).min(offset) as u32
            }
        };
        let items = size.min(high - from);
        let is_last = items < size;
        let shows = if from == passed {
            crawler.reached
        } else if items == 0 {
            part.keys.end
        } else {
            ranks.select(from)
        };
        let end = if is_last {
            part.keys.end
        } else {
            ranks.select(from + items - 1) + 1
        };
        if read >= schedule.warm {
            counts.pages += 1;
            counts.items += u64::from(items);
            counts.repeated += u64::from(passed.saturating_sub(from).min(items));
            counts.missed += u64::from(from.saturating_sub(passed));
        }
        let reached = crawler.reached.max(end);
        part.add(
            Page {
                read,
                visible,
                items,
                shows,
                end,
                reached,
            },
            crawler,
        );
        if !is_last {
            crawler.page += 1;
            crawler.reached = reached;
            asks.push(Reverse((visible, index)));
        } else if let Some((crawl, start)) = next(schedule.starts, crawler.crawl, visible) {
            *crawler = part.begin(crawl);
            asks.push(Reverse((start, index)));
        }
    }
    Crawls { parts, counts }
}

/// Equal ranges of keys; none is empty.
fn parts(keys: u64, crawlers: u64) -> Vec<Part> {
    let bound = |crawler: u64| (keys * crawler / crawlers) as u32;
    (0..crawlers)
        .map(|crawler| bound(crawler)..bound(crawler + 1))
        .filter(|keys| !keys.is_empty())
        .map(|keys| Part {
            keys,
            crawls: Vec::new(),
            pages: Vec::new(),
        })
        .collect()
}

/// The crawl after one that ended at `now`, and when it starts.
fn next(starts: &[Time], crawl: usize, now: Time) -> Option<(usize, Time)> {
    let due = starts.partition_point(|start| *start <= now);
    if due > crawl + 1 {
        return Some((due - 1, now));
    }
    starts.get(crawl + 1).map(|start| (crawl + 1, *start))
}

impl Part {
    fn begin(&mut self, crawl: usize) -> Crawler {
        self.crawls.push(Crawl {
            first: self.pages.len() as u32,
            overlap: 0,
        });
        Crawler {
            crawl,
            page: 0,
            reached: self.keys.start,
        }
    }

    fn add(&mut self, page: Page, crawler: &Crawler) {
        if let Some(crawl) = self.crawls.last_mut()
            && page.shows < crawler.reached
        {
            let pages = &self.pages[crawl.first as usize..];
            let again = pages.partition_point(|other| other.reached <= page.shows);
            crawl.overlap = crawl.overlap.max((pages.len() - again) as u32);
        }
        self.pages.push(page);
    }

    /// The pages of a crawl, as indices.
    fn pages_of(&self, crawl: usize) -> Range<usize> {
        let upto = self.crawls.get(crawl + 1).map(|next| next.first as usize);
        self.crawls[crawl].first as usize..upto.unwrap_or(self.pages.len())
    }
}

impl Crawls {
    /// All pages, crawler by crawler, each in the order of time.
    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        self.parts.iter().flat_map(|part| &part.pages)
    }

    /// Someone who asks what the crawls say of one key after the other.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            crawls: self,
            part: 0,
            pages: Vec::new(),
        }
    }
}

/// Asks what the crawls say of keys; quick where they come in rising order.
#[derive(Debug)]
pub struct Reader<'a> {
    crawls: &'a Crawls,
    /// Where the last key was.
    part: usize,
    /// The page of each of its crawls that first reached it.
    pages: Vec<usize>,
}

impl Reader<'_> {
    /// What each crawl says of a key, in the order of time: nothing where the run ended first, more than
    /// once where the list moved and pages showed it again. `is_listed` says whether this key was in the list
    /// at an instant.
    pub fn seen(
        &mut self,
        key: u32,
        mut is_listed: impl FnMut(Time) -> bool,
        into: &mut Vec<Seen>,
    ) {
        let parts = &self.crawls.parts;
        let index = parts.partition_point(|part| part.keys.end <= key);
        let Some(part) = parts.get(index) else {
            return;
        };
        if index != self.part || self.pages.is_empty() {
            self.part = index;
            self.pages.clear();
            let firsts = part.crawls.iter().map(|crawl| crawl.first as usize);
            self.pages.extend(firsts);
        }
        for (crawl, at) in self.pages.iter_mut().enumerate() {
            let pages = part.pages_of(crawl);
            *at = reaching(&part.pages, pages.clone(), *at, key);
            let overlap = part.crawls[crawl].overlap as usize;
            for index in *at..pages.end.min(*at + overlap + 1) {
                let page = &part.pages[index];
                if index > *at && !page.shows().contains(&key) {
                    continue;
                }
                into.push(Seen {
                    read: page.read,
                    visible: page.visible,
                    listed: key >= page.shows && is_listed(page.read),
                });
            }
        }
    }
}

/// The first of a crawl's pages to reach beyond a key, looked for from `at` on.
fn reaching(all: &[Page], pages: Range<usize>, at: usize, key: u32) -> usize {
    const NEAR: usize = 4;
    let short = |index: usize| all[index].reached <= key;
    let mut at = at;
    if at > pages.start && !short(at - 1) {
        // The key comes before the last one.
        at = pages.start;
    } else {
        for _ in 0..NEAR {
            if at == pages.end || !short(at) {
                return at;
            }
            at += 1;
        }
    }
    at + all[at..pages.end].partition_point(|page| page.reached <= key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Crawls that nothing stops, with latencies by name alone.
    fn crawl(
        paging: &Paging,
        list: &List,
        schedule: Schedule<'_>,
        bucket: Option<&mut Bucket>,
        mut latency: impl FnMut(PageName) -> Time,
    ) -> Crawls {
        super::crawl(
            paging,
            list,
            schedule,
            bucket,
            |at| at,
            |name, _| latency(name),
        )
    }
    use crate::sim::clock::NEVER;
    use crate::sim::distribution::Exponential;
    use crate::sim::math;
    use crate::sim::random::Key;
    use crate::world::group::{
        ChangeStream, Group, RowChange, RowState, RuleBook, Rules, RulesScratch, Stay,
    };
    use proptest::prelude::*;
    use rand_distr::Distribution;

    fn paging(size: u32, by: By, crawlers: u32) -> Paging {
        Paging {
            size: Count::of(size),
            by,
            crawlers: Count::of(crawlers),
        }
    }

    fn change(at: Time, key: u32, listed: bool) -> ListChange {
        ListChange { at, key, listed }
    }

    fn schedule(starts: &[Time]) -> Schedule<'_> {
        Schedule {
            starts,
            warm: 0,
            until: NEVER,
        }
    }

    /// The list at an instant, replayed from the start.
    fn list_at(list: &List, at: Time) -> Vec<bool> {
        let mut listed = list.at_start.clone();
        for change in list.changes.iter().take_while(|change| change.at <= at) {
            listed[change.key as usize] = change.listed;
        }
        listed
    }

    fn seen(reader: &mut Reader<'_>, list: &List, key: u32) -> Vec<Seen> {
        let mut seen = Vec::new();
        reader.seen(key, |at| list_at(list, at)[key as usize], &mut seen);
        seen
    }

    /// The same with plain lists: each page is cut from the list as it is then, and a crawler remembers what
    /// it was shown.
    fn plain(
        paging: &Paging,
        list: &List,
        schedule: Schedule<'_>,
        mut bucket: Option<Bucket>,
        latency: impl Fn(PageName) -> Time,
    ) -> (Vec<Vec<Seen>>, Counts) {
        struct Plain {
            keys: Range<u32>,
            ask: Option<Time>,
            crawl: usize,
            page: u32,
            reached: u32,
        }
        let (keys, size) = (list.at_start.len() as u32, paging.size.get());
        let cut = |crawler: u32| keys * crawler / paging.crawlers.get();
        let mut crawlers: Vec<Plain> = (0..paging.crawlers.get())
            .map(|crawler| cut(crawler)..cut(crawler + 1))
            .filter(|keys| keys.start < keys.end)
            .map(|keys| Plain {
                ask: schedule.starts.first().copied(),
                crawl: 0,
                page: 0,
                reached: keys.start,
                keys,
            })
            .collect();
        let mut said = vec![Vec::new(); keys as usize];
        let mut counts = Counts::default();
        loop {
            let asking = (0..).zip(&mut crawlers).filter(|(_, c)| c.ask.is_some());
            let Some((index, crawler)) = asking.min_by_key(|(index, c)| (c.ask, *index)) else {
                return (said, counts);
            };
            let ask = crawler.ask.unwrap();
            let read = bucket.as_mut().map_or(ask, |bucket| bucket.admit(ask));
            if read >= schedule.until {
                crawler.ask = None;
                continue;
            }
            let visible = read
                + latency(PageName {
                    crawl: crawler.crawl as u32,
                    crawler: index,
                    page: crawler.page,
                });
            let listed = list_at(list, read);
            let available: Vec<u32> = crawler
                .keys
                .clone()
                .filter(|key| listed[*key as usize])
                .collect();
            let skip = match paging.by {
                By::Offset => (crawler.page * size) as usize,
                By::Cursor => available
                    .iter()
                    .filter(|key| **key < crawler.reached)
                    .count(),
            };
            let items: Vec<u32> = available
                .iter()
                .skip(skip)
                .take(size as usize)
                .copied()
                .collect();
            let is_last = items.len() < size as usize;
            let from = match items.first() {
                Some(first) if crawler.page > 0 && paging.by == By::Offset => *first,
                None if crawler.page > 0 && paging.by == By::Offset => crawler.keys.end,
                _ => crawler.reached,
            };
            let upto = if is_last {
                crawler.keys.end
            } else {
                items[items.len() - 1] + 1
            };
            for key in from.min(crawler.reached)..upto {
                said[key as usize].push(Seen {
                    read,
                    visible,
                    listed: items.contains(&key),
                });
            }
            if read >= schedule.warm {
                let passed = |key: &&u32| **key >= crawler.reached && **key < from;
                counts.pages += 1;
                counts.items += items.len() as u64;
                counts.repeated +=
                    items.iter().filter(|key| **key < crawler.reached).count() as u64;
                counts.missed += available.iter().filter(passed).count() as u64;
            }
            crawler.reached = crawler.reached.max(upto);
            crawler.page += 1;
            crawler.ask = Some(visible);
            if is_last {
                let mut following = crawler.crawl + 1;
                while following + 1 < schedule.starts.len()
                    && schedule.starts[following + 1] <= visible
                {
                    following += 1;
                }
                crawler.ask = schedule.starts.get(following).map(|at| visible.max(*at));
                crawler.crawl = following;
                crawler.page = 0;
                crawler.reached = crawler.keys.start;
            }
        }
    }

    fn latency_of(name: PageName, longest: u64) -> Time {
        let key = Key::replicate(5, name.crawl).at(u64::from(name.crawler));
        (key.at(u64::from(name.page)).word() % (longest + 1)) as Time
    }

    prop_compose! {
        fn moving_list()(
            at_start in prop::collection::vec(any::<bool>(), 1..50),
            raw in prop::collection::vec((0..600_i64, any::<prop::sample::Index>(), any::<bool>()), 0..250),
        ) -> List {
            let keys = at_start.len();
            let changes = raw.into_iter().map(|(at, key, listed)| change(at, key.index(keys) as u32, listed));
            let mut list = List { at_start, changes: changes.collect() };
            list.settle();
            list
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

        #[test]
        fn plain_lists_say_the_same(
            list in moving_list(), size in 1..9_u32, by in prop_oneof![Just(By::Offset), Just(By::Cursor)],
            crawlers in 1..6_u32, gaps in prop::collection::vec(0..200_i64, 0..6), longest in 0..40_u64,
            limit in prop::option::of((20_000..1_000_000_u32, 1..4_u32)), warm in 0..200_i64,
            backwards in any::<bool>(),
        ) {
            let paging = paging(size, by, crawlers);
            let starts: Vec<Time> = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) }).collect();
            let schedule = Schedule { starts: &starts, warm, until: 650 };
            let bucket = limit.map(|(per_second, burst)| Bucket::new(f64::from(per_second), burst));
            let crawls = crawl(&paging, &list, schedule, bucket.clone().as_mut(), |name| latency_of(name, longest));
            let (said, counts) = plain(&paging, &list, schedule, bucket, |name| latency_of(name, longest));
            prop_assert_eq!(crawls.counts, counts);
            let mut reader = crawls.reader();
            let keys = list.at_start.len() as u32;
            for key in 0..keys {
                let key = if backwards { keys - 1 - key } else { key };
                prop_assert_eq!(&seen(&mut reader, &list, key), &said[key as usize], "key {}", key);
            }
            if warm == 0 {
                prop_assert_eq!(crawls.pages().map(|page| u64::from(page.items)).sum::<u64>(), counts.items);
            }
        }

        /// A list that stands still is read as it is, each stay once, by offset and by cursor.
        #[test]
        fn a_list_that_stands_still_is_read_as_it_is(
            at_start in prop::collection::vec(any::<bool>(), 1..60), size in 1..9_u32, crawlers in 1..6_u32,
        ) {
            let list = List { at_start, changes: Vec::new() };
            for by in [By::Offset, By::Cursor] {
                let crawls = crawl(&paging(size, by, crawlers), &list, schedule(&[7]), None, |_| 3);
                let mut reader = crawls.reader();
                for (key, listed) in (0..).zip(&list.at_start) {
                    let seen = seen(&mut reader, &list, key);
                    prop_assert_eq!(seen.iter().map(|seen| seen.listed).collect::<Vec<_>>(), [*listed]);
                }
                let available = list.at_start.iter().filter(|listed| **listed).count() as u64;
                let Counts { items, repeated, missed, .. } = crawls.counts;
                prop_assert_eq!((items, repeated, missed), (available, 0, 0));
            }
        }

        /// By cursor each crawl says of each key once what was so when it was read; nothing is missed.
        #[test]
        fn a_cursor_misses_nothing(list in moving_list(), size in 1..9_u32, crawlers in 1..6_u32, longest in 0..40_u64) {
            let crawls = crawl(&paging(size, By::Cursor, crawlers), &list, schedule(&[0, 250]), None,
                |name| latency_of(name, longest));
            prop_assert_eq!((crawls.counts.missed, crawls.counts.repeated), (0, 0));
            let mut reader = crawls.reader();
            for key in 0..list.at_start.len() as u32 {
                let mut reads = 0;
                let mut said = Vec::new();
                reader.seen(key, |at| { reads += 1; list_at(&list, at)[key as usize] }, &mut said);
                prop_assert_eq!(said.len(), reads);
                prop_assert_eq!(said.len(), 2);
                for seen in said {
                    prop_assert_eq!(seen.listed, list_at(&list, seen.read)[key as usize]);
                }
            }
        }

        /// What leaves less what enters behind the crawler, from page to page, is what it misses; the other
        /// way round, what comes twice.
        #[test]
        fn misses_are_what_left_behind_the_crawler(list in moving_list(), size in 1..9_u32, gap in 1..60_i64) {
            let crawls = crawl(&paging(size, By::Offset, 1), &list, schedule(&[0]), None, |_| gap);
            let pages: Vec<Page> = crawls.pages().copied().collect();
            let (mut missed, mut repeated) = (0, 0);
            for pair in pages.windows(2) {
                let (before, after) = (list_at(&list, pair[0].read), list_at(&list, pair[1].read));
                let upto = pair[0].reached as usize;
                if pair[0].end < pair[0].reached {
                    // A page all of which had been passed: what the rank of its end was is not known here.
                    return Ok(());
                }
                let behind = |listed: &[bool]| listed[..upto].iter().filter(|listed| **listed).count();
                let ahead = after.len() - upto;
                let ahead = after[after.len() - ahead..].iter().filter(|listed| **listed).count();
                missed += behind(&before).saturating_sub(behind(&after)).min(ahead);
                repeated += behind(&after).saturating_sub(behind(&before)).min(size as usize);
            }
            prop_assert_eq!((crawls.counts.missed, crawls.counts.repeated), (missed as u64, repeated as u64));
        }
    }

    /// Stays that sell out for good, each after an exponential time: page p makes a crawl by offset miss
    /// p·size·(1 − e^(−ρg)) on average, for just p·size stays are listed up to where page p − 1 ends. |z| ≤ 4 over
    /// 40 replicates.
    #[test]
    fn misses_as_stays_sell_out() {
        const REPLICATES: u32 = 40;
        let (keys, size, pages, gap) = (40_000_u32, 100_u32, 50_u32, 1_000_i64);
        let rate = 0.2 / (f64::from(pages) * gap as f64);
        let found: Vec<f64> = (0..REPLICATES)
            .map(|replicate| {
                let mut stream = Key::replicate(11, replicate).stream();
                let mut list = List {
                    at_start: vec![true; keys as usize],
                    changes: Vec::new(),
                };
                for key in 0..keys {
                    let life: f64 = Exponential.sample(&mut stream);
                    // From the next microsecond on: those of a whole one are at risk all through it.
                    let at = (life / rate) as Time + 1;
                    list.changes.push(change(at, key, false));
                }
                list.settle();
                let until = i64::from(pages) * gap;
                let schedule = Schedule {
                    starts: &[0],
                    warm: 0,
                    until,
                };
                let crawls = crawl(&paging(size, By::Offset, 1), &list, schedule, None, |_| gap);
                assert_eq!(crawls.counts.items, u64::from(pages * size));
                assert_eq!(crawls.counts.repeated, 0);
                crawls.counts.missed as f64
            })
            .collect();
        let p = f64::from(pages);
        let expected = f64::from(size) * -math::expm1(-rate * gap as f64) * p * (p - 1.0) / 2.0;
        let n = f64::from(REPLICATES);
        let mean = found.iter().sum::<f64>() / n;
        let variance = found.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>() / (n - 1.0);
        let z = (mean - expected) / (variance / n).sqrt();
        println!("missed {mean}, expected {expected}, z {z}");
        assert!(
            z.abs() <= 4.0,
            "{mean} missed, expected {expected}, z = {z}"
        );
    }

    /// The two drawings of the module's documentation.
    #[test]
    fn the_drawings_are_true() {
        let starts = [0];
        let run = |at_start: &[bool], changes: Vec<ListChange>, by| {
            let list = List {
                at_start: at_start.to_vec(),
                changes,
            };
            let crawls = crawl(&paging(3, by, 1), &list, schedule(&starts), None, |_| 10);
            let mut reader = crawls.reader();
            let said: Vec<Vec<(Time, bool)>> = (0..7)
                .map(|key| {
                    let all = seen(&mut reader, &list, key);
                    all.iter().map(|seen| (seen.read, seen.listed)).collect()
                })
                .collect();
            (said, crawls.counts)
        };
        let (all, but_a) = ([true; 7], [false, true, true, true, true, true, true]);
        let (sells_out, reopens) = (vec![change(5, 1, false)], vec![change(5, 0, true)]);
        let d = 3;
        let (said, counts) = run(&all, sells_out.clone(), By::Offset);
        assert_eq!(said[d], [(10, false)]);
        assert_eq!((counts.missed, counts.repeated), (1, 0));
        let (said, counts) = run(&all, sells_out, By::Cursor);
        assert_eq!(said[d], [(10, true)]);
        assert_eq!((counts.missed, counts.repeated), (0, 0));
        let (said, counts) = run(&but_a, reopens.clone(), By::Offset);
        assert_eq!(said[d], [(0, true), (10, true)]);
        assert_eq!((counts.missed, counts.repeated), (0, 1));
        let (said, counts) = run(&but_a, reopens, By::Cursor);
        assert_eq!(said[d], [(0, true)]);
        assert_eq!((counts.missed, counts.repeated), (0, 0));
    }

    /// In the list while in the window and available.
    #[test]
    fn stays_enter_and_leave_the_list() {
        let state = |open| RowState::with_rooms(i32::from(open));
        let change_of = |at, row, open| RowChange {
            at,
            row,
            state: state(open),
            stream: ChangeStream::Flips,
        };
        let mut group = Group::default();
        for (enters, leaves) in [(0, 100), (40, 100), (0, 50), (20, 30)] {
            group.stays.push(Stay {
                enters,
                leaves,
                shape: 0,
                nights: 1,
                weight: 0.0,
                check_in: NEVER,
                flips_per_day: [0.0; 2],
            });
        }
        group.rows.at_start = [false, true, true, false].map(state).to_vec();
        group.rows.changes = vec![
            change_of(10, 0, true),
            change_of(20, 1, false),
            change_of(30, 1, true),
            change_of(60, 1, false),
            change_of(60, 2, false),
        ];
        let book = RuleBook::default();
        group.settle(&Rules::RowIsStay, &book, &mut RulesScratch::default());
        let mut list = List::default();
        for stay in 0..4 {
            list.push(&StayTruth::new(&group, stay));
        }
        list.settle();
        assert_eq!(list.at_start, [false, false, true, false]);
        let changes = [
            change(10, 0, true),
            change(40, 1, true),
            change(50, 2, false),
            change(60, 1, false),
            change(100, 0, false),
        ];
        assert_eq!(list.changes, changes);
    }

    #[test]
    fn a_busy_crawler_starts_late_and_leaves_out_what_it_slept_through() {
        let list = List {
            at_start: vec![true; 4],
            changes: Vec::new(),
        };
        let starts = [0, 10, 20, 30, 100];
        let crawls = crawl(
            &paging(2, By::Cursor, 1),
            &list,
            schedule(&starts),
            None,
            |name| if name.crawl == 0 { 12 } else { 1 },
        );
        // Two full pages and an empty one, three times over.
        let reads: Vec<Time> = crawls.pages().map(|page| page.read).collect();
        assert_eq!(reads, [0, 12, 24, 36, 37, 38, 100, 101, 102]);
    }

    #[test]
    fn more_crawlers_than_stays_and_nothing_to_crawl() {
        let list = List {
            at_start: vec![true, false],
            changes: Vec::new(),
        };
        let crawls = crawl(
            &paging(5, By::Offset, 9),
            &list,
            schedule(&[3]),
            None,
            |_| 1,
        );
        assert_eq!(crawls.counts.pages, 2);
        for (list, starts) in [(&list, &[][..]), (&List::default(), &[0, 1][..])] {
            let crawls = crawl(
                &paging(5, By::Offset, 2),
                list,
                schedule(starts),
                None,
                |_| 1,
            );
            assert_eq!(crawls.counts, Counts::default());
            assert!(seen(&mut crawls.reader(), list, 0).is_empty());
        }
    }
}
