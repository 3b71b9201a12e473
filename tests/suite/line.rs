//! The line of a feed's consumers: what every run must satisfy, and queues with known answers.

use proptest::prelude::*;
use rand_distr::Distribution;
use stayfresh::design::delivery::line::{Attempt, Commit, Line, Totals};
use stayfresh::sim::clock::{SECOND, Time};
use stayfresh::sim::distribution::Exponential;
use stayfresh::sim::random::{Key, Stream};

// What every run must satisfy

/// A run in small whole numbers.
#[derive(Debug, Clone)]
struct Case {
    partitions: u32,
    consumers: u32,
    /// Gap to the message before, partition, what becomes of its attempts; then they are done at once.
    messages: Vec<(Time, u32, Vec<Attempt>)>,
    /// From, for how long, how many may be at work.
    limits: Vec<(Time, Time, u32)>,
    rebalance: Time,
    commit: Commit,
}

/// An attempt that was made, or one that was never made: it waits until the end.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seen {
    message: usize,
    partition: u32,
    attempt: u32,
    /// When it could first have been made.
    from: Time,
    start: Time,
    end: Time,
    dies: bool,
}

const END: Time = 300;

impl Case {
    fn line(&self) -> Line<usize> {
        let line = if self.partitions > 1 {
            Line::partitioned(self.partitions)
        } else {
            Line::shared(self.consumers)
        };
        line.on_death(self.rebalance, self.commit)
    }

    fn width(&self) -> usize {
        (if self.partitions > 1 {
            1
        } else {
            self.consumers
        }) as usize
    }

    fn partition(&self, message: usize) -> u32 {
        self.messages[message].1 % self.partitions
    }

    fn arrivals(&self) -> Vec<Time> {
        let sum = |at: &mut Time, (gap, ..): &(Time, u32, Vec<Attempt>)| {
            *at += gap;
            Some(*at)
        };
        self.messages.iter().scan(0, sum).collect()
    }

    /// The attempts in the order in which they were made, and the totals.
    fn run(&self) -> (Vec<Seen>, Totals) {
        let mut line = self.line();
        for (from, lasts, at_work) in &self.limits {
            line.fewer(*from, from + lasts, *at_work);
        }
        let mut seen: Vec<Seen> = Vec::new();
        let arrivals = self.arrivals();
        let mut work = |message: &usize, attempt: u32, start: Time| {
            let made = &self.messages[*message].2;
            let outcome = made
                .get(attempt as usize)
                .copied()
                .unwrap_or(Attempt::Done(0));
            let (dies, takes) = match outcome {
                Attempt::Done(takes) => (false, takes),
                Attempt::Dies(takes) => (true, takes),
            };
            let before = seen.iter().rfind(|seen| seen.message == *message);
            let from = before.map_or(arrivals[*message], |before| before.end);
            assert_eq!(attempt, before.map_or(0, |before| before.attempt + 1));
            let (message, partition) = (*message, self.partition(*message));
            let end = start + takes;
            seen.push(Seen {
                message,
                partition,
                attempt,
                from,
                start,
                end,
                dies,
            });
            outcome
        };
        for (message, at) in arrivals.iter().enumerate() {
            line.arrive(*at, self.partition(message), message, &mut work);
        }
        line.advance(END, &mut work);
        (seen, line.take_totals())
    }

    /// How many may be at work at `t`, given who died when.
    fn limit(&self, t: Time, seen: &[Seen]) -> usize {
        let within = |(from, lasts, _): &&(Time, Time, u32)| (*from..from + lasts).contains(&t);
        let least = self
            .limits
            .iter()
            .filter(within)
            .map(|(_, _, at_work)| *at_work)
            .min();
        let rebalance =
            |seen: &Seen| seen.dies && (seen.end..seen.end + self.rebalance).contains(&t);
        let all = self
            .consumers
            .max(self.partitions)
            .min(least.unwrap_or(u32::MAX));
        if seen.iter().any(rebalance) {
            0
        } else {
            all as usize
        }
    }

    /// Holds a run against the words of the module: these leave no choice, so what satisfies them is right.
    fn check(&self) {
        let (seen, totals) = self.run();
        let at_work = |t: Time, partition: Option<u32>| {
            let here = |seen: &&Seen| partition.is_none_or(|partition| seen.partition == partition);
            seen.iter()
                .filter(here)
                .filter(|seen| (seen.start..seen.end).contains(&t))
                .count()
        };
        assert!(
            seen.windows(2).all(|pair| pair[0].start <= pair[1].start),
            "{seen:?}"
        );
        // What waits at the end: the first attempt of some, the next of others.
        let mut all = seen.clone();
        for (message, arrival) in self.arrivals().into_iter().enumerate() {
            let last = seen.iter().rfind(|seen| seen.message == message);
            let (attempt, from) = match last {
                None => (0, arrival),
                Some(last) if last.dies && self.commit == Commit::After => {
                    (last.attempt + 1, last.end)
                }
                _ => continue,
            };
            let partition = self.partition(message);
            let (start, end) = (Time::MAX, Time::MAX);
            all.push(Seen {
                message,
                partition,
                attempt,
                from,
                start,
                end,
                dies: false,
            });
        }
        for made in &seen {
            let Seen {
                start, partition, ..
            } = *made;
            let limit = self.limit(start, &seen);
            assert!(
                start >= made.from && limit > 0,
                "{made:?} may not start: {seen:?}"
            );
            assert!(
                at_work(start, None) <= limit,
                "{made:?} is one too many: {seen:?}"
            );
            assert!(
                at_work(start, Some(partition)) <= self.width(),
                "{made:?}: {seen:?}"
            );
            // Nobody who came earlier and could have gone is passed over.
            for other in all.iter().filter(|other| other.message < made.message) {
                let later = other.start > start && other.from <= start;
                let room = other.partition == partition
                    || at_work(start, Some(other.partition)) < self.width();
                assert!(!(later && room), "{made:?} passes {other:?}: {seen:?}");
            }
            assert!(
                made.attempt == 0 || self.commit == Commit::After,
                "{made:?}"
            );
        }
        // Nobody waits who could be at work.
        for waits in &all {
            for t in waits.from..waits.start.min(END) {
                let busy = at_work(t, None) >= self.limit(t, &seen)
                    || at_work(t, Some(waits.partition)) >= self.width();
                assert!(busy, "{waits:?} waits at {t} for nothing: {seen:?}");
            }
        }
        let over_time =
            |count: &dyn Fn(Time) -> usize| (0..END).map(|t| count(t) as i128).sum::<i128>();
        let waiting = |t: Time| {
            all.iter()
                .filter(|waits| (waits.from..waits.start).contains(&t))
                .count()
        };
        let deaths = seen
            .iter()
            .filter(|seen| seen.dies && seen.end <= END)
            .count() as u64;
        let expected = Totals {
            messages: self.messages.len() as u64,
            attempts: seen.len() as u64,
            deaths,
            lost: if self.commit == Commit::Before {
                deaths
            } else {
                0
            },
            waited: over_time(&waiting),
            most_waiting: (0..END).map(waiting).max().unwrap_or(0) as u64,
            busy: over_time(&|t| at_work(t, None)),
        };
        assert_eq!(totals, expected, "{seen:?}");
    }
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let death = (1..8_i64).prop_map(Attempt::Dies);
    let deaths = prop_oneof![
        4 => Just(Vec::new()),
        1 => prop::collection::vec(death, 0..4),
    ];
    (deaths, 0..9_i64).prop_map(|(mut attempts, service)| {
        attempts.push(Attempt::Done(service));
        attempts
    })
}

fn limit() -> impl Strategy<Value = (Time, Time, u32)> {
    (0..150_i64, 0..40_i64, 0..4_u32)
}

fn case() -> impl Strategy<Value = Case> {
    let message = (0..5_i64, any::<u32>(), attempts());
    let group = prop_oneof![(Just(1_u32), 1..5_u32), (2..6_u32, Just(1_u32))];
    (
        group,
        prop::collection::vec(message, 0..40),
        prop::collection::vec(limit(), 0..4),
        0..12_i64,
        prop_oneof![Just(Commit::After), Just(Commit::Before)],
    )
        .prop_map(
            |((partitions, consumers), messages, limits, rebalance, commit)| Case {
                partitions,
                consumers,
                messages,
                limits,
                rebalance,
                commit,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn every_run_is_as_described(case in case()) {
        case.check();
    }

    #[test]
    fn a_pause_may_be_given_in_parts(case in case(), cuts in prop::collection::vec(0..40_i64, 0..4)) {
        let mut parts = case.clone();
        for (i, cut) in cuts.iter().enumerate() {
            let Some((from, lasts, at_work)) = parts.limits.get(i).copied() else { break };
            let cut = *cut.min(&lasts);
            parts.limits[i] = (from, cut, at_work);
            parts.limits.push((from + cut, lasts - cut, at_work));
        }
        parts.limits.reverse();
        prop_assert_eq!(case.run(), parts.run());
    }

    #[test]
    fn a_pause_of_no_length_is_none(case in case(), at in 0..END) {
        let mut more = case.clone();
        more.limits.push((at, 0, 0));
        prop_assert_eq!(case.run(), more.run());
    }

    /// The recursions of Lindley (1952) and of Kiefer and Wolfowitz (1955), which keep no line at all.
    #[test]
    fn without_pauses_starts_are_kiefer_and_wolfowitzs(
        consumers in 1..6_usize, messages in prop::collection::vec((0..5_i64, 0..20_i64), 0..200),
    ) {
        let mut line = Line::shared(consumers as u32);
        let mut free = vec![0; consumers];
        let (mut at, mut expected, mut found) = (0, Vec::new(), Vec::new());
        let mut work = |service: &Time, _, start| {
            found.push(start);
            Attempt::Done(*service)
        };
        for (gap, service) in messages {
            at += gap;
            line.arrive(at, 0, service, &mut work);
            free.sort_unstable();
            let start = at.max(free[0]);
            free[0] = start + service;
            expected.push(start);
        }
        line.advance(Time::MAX, &mut work);
        prop_assert_eq!(found, expected);
    }
}

// Queues with known answers

const REPLICATES: u32 = 40;

/// |z| ≤ 4 of the mean over replicates.
fn check(what: &str, found: &[f64], expected: f64) {
    let n = found.len() as f64;
    let mean = found.iter().sum::<f64>() / n;
    let variance = found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let z = (mean - expected) / (variance / n).sqrt();
    println!("{what:44} expected {expected:11.5} found {mean:11.5} z {z:5.2}");
    assert!(
        z.abs() <= 4.0,
        "{what}: {mean}, expected {expected}, z = {z}"
    );
}

fn replicates<T>(run: impl Fn(Key) -> T) -> Vec<T> {
    (0..REPLICATES)
        .map(|replicate| run(Key::replicate(20_261_121, replicate)))
        .collect()
}

/// Seconds as a time, to the nearest microsecond.
fn time(seconds: f64) -> Time {
    (seconds * SECOND as f64).round() as Time
}

fn seconds(time: i128) -> f64 {
    time as f64 / SECOND as f64
}

fn exponential(stream: &mut Stream, mean: f64) -> Time {
    time(Exponential.sample(stream) * mean)
}

/// A message that waits: its number and when it came.
type Message = (u32, Time);

/// M/M/c forgets an empty start in about 1 / μ(√c − √(cρ))² (E. A. van Doorn, "Conditions for exponential
/// ergodicity", Advances in Applied Probability 17, 1985), which is 343 arrivals in the slowest queue below,
/// M/M/30 at 0.9, and 72 in the next. 5,000 arrivals leave e^−14 of that bias, or a millionth.
const WARM: u32 = 5_000;
const MEASURED: u32 = 20_000;

/// The mean time from arrival to first start, in seconds, with Poisson arrivals.
fn mean_wait(
    key: Key,
    mut line: Line<Message>,
    partitions: u32,
    per_second: f64,
    mut attempt: impl FnMut(&mut Stream) -> Attempt,
) -> f64 {
    let (mut gaps, mut works) = (key.at(0).stream(), key.at(1).stream());
    let (mut at, mut waited) = (0, 0);
    let mut work = |(number, arrival): &Message, attempts: u32, start: Time| {
        if attempts == 0 && (WARM..WARM + MEASURED).contains(number) {
            waited += start - arrival;
        }
        attempt(&mut works)
    };
    for number in 0..WARM + MEASURED {
        at += exponential(&mut gaps, 1.0 / per_second);
        let partition = (key.at(2).at(number.into()).word() % u64::from(partitions)) as u32;
        line.arrive(at, partition, (number, at), &mut work);
    }
    line.advance(at + time(1e6), &mut work);
    assert_eq!(line.take_totals().messages, u64::from(WARM + MEASURED));
    seconds(waited.into()) / f64::from(MEASURED)
}

/// A. K. Erlang (1917): the chance to wait is C(c, λ/μ), the mean wait C / (cμ − λ). One consumer is M/M/1:
/// ρ / (μ − λ).
#[test]
fn markov_queues_wait_as_erlang_says() {
    for (consumers, load) in [(1, 0.7), (4, 0.8), (30, 0.9)] {
        let offered = load * f64::from(consumers);
        // Erlang's B by its recursion, then C.
        let blocked = (1..=consumers).fold(1.0, |b, c| offered * b / (f64::from(c) + offered * b));
        let waits = blocked / (1.0 - load * (1.0 - blocked));
        let expected = waits / (f64::from(consumers) - offered);
        let found = replicates(|key| {
            let service = |stream: &mut Stream| Attempt::Done(exponential(stream, 1.0));
            mean_wait(key, Line::shared(consumers), 1, offered, service)
        });
        check(&format!("M/M/{consumers} at {load}"), &found, expected);
    }
}

/// Keyed by hotel, the line falls apart into lines of one consumer: each is M/M/1.
#[test]
fn partitions_wait_each_by_itself() {
    let found = replicates(|key| {
        let service = |stream: &mut Stream| Attempt::Done(exponential(stream, 1.0));
        mean_wait(key, Line::partitioned(4), 4, 2.4, service)
    });
    check("4 × M/M/1 at 0.6", &found, 0.6 / 0.4);
}

/// F. Pollaczek (1930), A. Y. Khinchine (1932): the mean wait of M/G/1 is λ E[S²] / 2(1 − ρ).
fn khinchine(per_second: f64, mean: f64, variance: f64) -> f64 {
    per_second * (variance + mean * mean) / (2.0 * (1.0 - per_second * mean))
}

#[test]
fn constant_services_wait_half_as_long() {
    let found =
        replicates(|key| mean_wait(key, Line::shared(1), 1, 0.7, |_| Attempt::Done(SECOND)));
    check("M/D/1 at 0.7", &found, khinchine(0.7, 1.0, 0.0));
    assert!((khinchine(0.7, 1.0, 1.0) - 0.7 / 0.3).abs() < 1e-12);
}

/// With one consumer a death keeps it for timeout and rebalance, again and again: to those behind, a message
/// is one long service of mean s + (T + R) p / (1 − p) and variance (T + R)² p / (1 − p)².
#[test]
fn deaths_lengthen_the_service() {
    let (share, call, timeout, rebalance, service) = (0.2, 0.1, 0.4, 1.1, 0.2);
    let found = replicates(|key| {
        let line = Line::shared(1).on_death(time(rebalance), Commit::After);
        mean_wait(key, line, 1, 0.8, |stream| {
            let slow = key_happens(stream, share);
            let call = if slow { None } else { Some(time(call)) };
            Attempt::with_call(call, time(service), time(timeout))
        })
    });
    let (died, odds) = (timeout + rebalance, share / (1.0 - share));
    let mean = call + service + died * odds;
    let variance = died * died * odds / (1.0 - share);
    check("M/G/1 with deaths", &found, khinchine(0.8, mean, variance));
}

fn key_happens(stream: &mut Stream, share: f64) -> bool {
    Key::replicate(rand::Rng::next_u64(stream), 0).happens(share)
}

#[test]
fn calls_time_out_when_they_take_longer() {
    assert_eq!(Attempt::with_call(Some(5), 3, 5), Attempt::Done(8));
    assert_eq!(Attempt::with_call(Some(6), 3, 5), Attempt::Dies(5));
    assert_eq!(Attempt::with_call(None, 3, 5), Attempt::Dies(5));
    assert_eq!(
        Attempt::with_call(Some(Time::MAX), 3, Time::MAX),
        Attempt::Done(Time::MAX)
    );
}

/// The starts of messages that come every `gap` and take `service` each.
fn steady(mut line: Line<usize>, count: usize, gap: Time, service: Time) -> (Vec<Time>, Totals) {
    let mut starts = Vec::new();
    let mut work = |number: &usize, _, start| {
        assert_eq!(*number, starts.len());
        starts.push(start);
        Attempt::Done(service)
    };
    for number in 0..count {
        line.arrive(number as Time * gap, 0, number, &mut work);
    }
    line.advance(Time::MAX / 2, &mut work);
    (starts, line.take_totals())
}

/// D/D/1: nobody waits while there is time, else the wait grows by what is missing.
#[test]
fn steady_messages_wait_exactly() {
    let (starts, totals) = steady(Line::shared(1), 100, 100, 40);
    assert!(
        starts
            .iter()
            .enumerate()
            .all(|(k, start)| *start == k as Time * 100)
    );
    assert_eq!(
        (totals.waited, totals.most_waiting, totals.busy),
        (0, 0, 4_000)
    );
    let (starts, totals) = steady(Line::shared(1), 100, 100, 130);
    assert!(
        starts
            .iter()
            .enumerate()
            .all(|(k, start)| *start == k as Time * 130)
    );
    assert_eq!(totals.waited, 30 * 99 * 100 / 2);
}

/// An outage of length D with replay: λD wait at its end, are worked off in λD / (μ − λ), and wait D/2 on
/// average. With a gap a, a service s and D = m (a − s) exactly: the k-th waits D − k (a − s).
#[test]
fn an_outage_is_worked_off_exactly() {
    let (gap, service, m) = (100, 40, 50);
    let lasts = m * (gap - service);
    let at = 1_000;
    let mut line = Line::shared(1);
    line.pause(at, at + lasts);
    let (starts, totals) = steady(line, 500, gap, service);
    let waits: Vec<Time> = starts
        .iter()
        .zip(0..)
        .map(|(start, k)| start - k * gap)
        .collect();
    let waited: Vec<Time> = waits.iter().copied().filter(|wait| *wait > 0).collect();
    assert_eq!(
        waited,
        (0..m)
            .map(|k| lasts - k * (gap - service))
            .collect::<Vec<_>>()
    );
    assert_eq!(waits.iter().position(|wait| *wait > 0), Some(10));
    // The arrival at the very end of the pause starts the replay's first at once.
    assert_eq!(totals.most_waiting as Time, lasts / gap);
    assert_eq!(totals.waited, i128::from((lasts + gap - service) * m / 2));
    // λD / (μ − λ) after the pause the line is as it was: that arrival does not wait.
    let drain = lasts * service / (gap - service);
    let first_free = (at + lasts + drain) / gap;
    assert_eq!(
        (
            waits[first_free as usize - 1] > 0,
            waits[first_free as usize]
        ),
        (true, 0)
    );
}

/// The same with two consumers and with half of what could be done missing, to within one service.
#[test]
fn an_outage_is_worked_off_by_several() {
    let (gap, service, lasts) = (100.0, 160.0, 10_000.0);
    let mut line = Line::shared(2);
    line.pause(1_000, 11_000);
    let (starts, totals) = steady(line, 2_000, 100, 160);
    let late = starts
        .iter()
        .zip(0..)
        .filter(|(start, k)| **start > k * 100)
        .last()
        .unwrap();
    let backlog = lasts / gap;
    assert!(
        (totals.most_waiting as f64 - backlog).abs() <= 1.0,
        "{totals:?}"
    );
    let drain = backlog / (2.0 / service - 1.0 / gap);
    assert!(
        ((*late.0 - 11_000) as f64 - drain).abs() <= service,
        "{late:?}, {drain}"
    );
    // Fewer at work for a while: what one cannot do waits, λD − μD.
    let mut line = Line::shared(2);
    line.fewer(1_000, 11_000, 1);
    let (_, totals) = steady(line, 2_000, 100, 160);
    let backlog = lasts / gap - lasts / service;
    assert!(
        (totals.most_waiting as f64 - backlog).abs() <= 1.0,
        "{totals:?}"
    );
}

/// A line that is empty when the outage begins: N ~ Poisson(λD) wait at its end, N / (μ − λ) later it is
/// empty again on average, whatever the services, as N busy periods in a row. In that of M/M/1 the number
/// there adds up to μ / (μ − λ)² over time; so the time waited is, on average,
/// λD²/2 + (λD)² / 2(μ − λ) + λD μ / (μ − λ)² − λD / (μ − λ), and those who came are λD μ / (μ − λ).
#[test]
fn an_outage_is_worked_off_on_average() {
    let (arrivals, services, lasts) = (0.5, 1.0, 60.0);
    let runs = replicates(|key| {
        // Means of 50 outages each, so that they are near normal.
        let outages = (0..50).map(|outage| {
            let key = key.at(outage);
            let (mut gaps, mut works) = (key.at(0).stream(), key.at(1).stream());
            let mut line = Line::shared(1);
            line.pause(0, time(lasts));
            let (mut at, mut came, mut backlog, mut waited) = (0, 0, 0, 0);
            let mut free = time(lasts);
            loop {
                at += exponential(&mut gaps, 1.0 / arrivals);
                let mut work = |arrival: &Time, _, start: Time| {
                    waited += start - arrival;
                    let service = exponential(&mut works, 1.0 / services);
                    free = start + service;
                    Attempt::Done(service)
                };
                // All that came earlier is simulated first: has the line run empty?
                line.advance(at, &mut work);
                if at >= time(lasts) && line.waiting() == 0 && line.at_work() == 0 {
                    break;
                }
                came += 1;
                backlog += i32::from(at < time(lasts));
                line.arrive(at, 0, at, &mut work);
            }
            [
                f64::from(backlog),
                seconds((free - time(lasts)).into()),
                seconds(waited.into()),
                f64::from(came),
            ]
        });
        outages.fold([0.0; 4], |mut sums, outage| {
            (0..4).for_each(|i| sums[i] += outage[i] / 50.0);
            sums
        })
    });
    let column = |i: usize| runs.iter().map(|run| run[i]).collect::<Vec<_>>();
    let spare = services - arrivals;
    let backlog = arrivals * lasts;
    let waited = backlog * lasts / 2.0
        + backlog * backlog / (2.0 * spare)
        + backlog * services / (spare * spare)
        - backlog / spare;
    let came = backlog * services / spare;
    check("backlog after an outage", &column(0), backlog);
    check("time to work it off", &column(1), backlog / spare);
    check("time waited meanwhile", &column(2), waited);
    check("messages meanwhile", &column(3), came);
    // The mean delay of those who came is D/2 but for what the randomness of arrivals and services adds.
    let delay = waited / came;
    let residuals: Vec<f64> = runs.iter().map(|run| run[2] - delay * run[3]).collect();
    check("mean delay, as a residual", &residuals, 0.0);
    assert!((delay - lasts / 2.0).abs() < 2.0, "{delay}");
}

/// A full line with deaths: 1/(1 − p) attempts a message, and each message takes s + (T + R) p / (1 − p).
#[test]
fn deaths_cost_throughput() {
    let (share, service, timeout, rebalance) = (0.3, 0.02, 0.1, 0.5);
    let count = 2_000;
    let runs = replicates(|key| {
        let mut works = key.stream();
        let mut line = Line::shared(1).on_death(time(rebalance), Commit::After);
        let mut last = 0;
        let mut work = |_: &u32, _, start: Time| {
            if key_happens(&mut works, share) {
                return Attempt::Dies(time(timeout));
            }
            last = start + time(service);
            Attempt::Done(time(service))
        };
        (0..count).for_each(|message| line.arrive(0, 0, message, &mut work));
        line.advance(time(1e6), &mut work);
        let totals = line.take_totals();
        assert_eq!(totals.attempts, u64::from(count) + totals.deaths);
        assert_eq!(totals.lost, 0);
        let deaths = totals.deaths as Time;
        assert_eq!(
            last,
            Time::from(count) * time(service) + deaths * time(timeout + rebalance)
        );
        (
            totals.attempts as f64 / f64::from(count),
            seconds(last.into()) / f64::from(count),
        )
    });
    let (attempts, times): (Vec<f64>, Vec<f64>) = runs.into_iter().unzip();
    check("attempts a message", &attempts, 1.0 / (1.0 - share));
    let expected = service + (timeout + rebalance) * share / (1.0 - share);
    check("seconds a message", &times, expected);
}

/// Committed before, a message whose consumer dies is lost: the share p of all, each tried once.
#[test]
fn committed_before_is_lost() {
    let (share, count) = (0.1, 5_000);
    let lost = replicates(|key| {
        let mut line = Line::shared(8).on_death(SECOND, Commit::Before);
        let mut done = 0;
        let mut work = |message: &u32, attempts: u32, _| {
            assert_eq!(attempts, 0);
            if key.at(u64::from(*message)).happens(share) {
                return Attempt::Dies(SECOND / 2);
            }
            done += 1;
            Attempt::Done(SECOND / 10)
        };
        (0..count)
            .for_each(|message| line.arrive(Time::from(message) * SECOND, 0, message, &mut work));
        line.advance(time(1e6), &mut work);
        let totals = line.take_totals();
        assert_eq!(
            (totals.attempts, totals.deaths),
            (u64::from(count), totals.lost)
        );
        assert_eq!(done + totals.lost, u64::from(count));
        totals.lost as f64 / f64::from(count)
    });
    check("lost when committed before", &lost, share);
}

/// A message that kills whoever takes it stops nothing but its own line's run: time goes on.
#[test]
fn a_poison_pill_is_tried_until_the_end() {
    let mut line = Line::shared(1).on_death(0, Commit::After);
    let mut tried = Vec::new();
    let mut work = |_: &(), attempts: u32, start: Time| {
        tried.push((attempts, start));
        Attempt::Dies(0)
    };
    line.arrive(5, 0, (), &mut work);
    line.advance(9, &mut work);
    assert_eq!(tried, [(0, 5), (1, 6), (2, 7), (3, 8), (4, 9)]);
}

/// What is asked for in parts adds up to the whole.
#[test]
fn totals_are_taken_in_parts() {
    let run = |parts: bool| {
        let mut line = Line::shared(1);
        let mut work = |_: &Time, _, _| Attempt::Done(7);
        let mut totals = vec![];
        for at in 0..50 {
            line.arrive(at * 5, 0, at, &mut work);
            if parts && at == 20 {
                totals.push(line.take_totals());
            }
        }
        line.advance(1_000, &mut work);
        totals.push(line.take_totals());
        totals
    };
    let (whole, parts) = (run(false)[0], run(true));
    assert_eq!(whole.waited, parts[0].waited + parts[1].waited);
    assert_eq!(whole.busy, parts[0].busy + parts[1].busy);
    assert_eq!(whole.messages, parts[0].messages + parts[1].messages);
    assert_eq!(whole.most_waiting, parts[1].most_waiting);
    assert!(parts[0].most_waiting > 0 && parts[0].most_waiting < whole.most_waiting);
}
