//! Lifetimes without any feed: misses ask live.
//!
//! A cycle is an entry's life X and the wait for the next search, 1/s. Hits are uniform over a life (Poisson searches
//! see time averages), so all is renewal reward: E∫ e^(−ru) du over a life is what is unchanged at a rate r. Fixed
//! and purged: J. Jung, A. W. Berger, H. Balakrishnan, "Modeling TTL-based Internet caches", INFOCOM 2003, section
//! III, with any lifetime. Sliding: gaps between searches below T, then one above (N. C. Fofack et al.,
//! "Performance evaluation of hierarchical TTL-based cache networks", Computer Networks 65, 2014). Grace: RFC 5861,
//! section 3: the first search in it has the entry asked again behind its answer. Adaptive: [`super::quiet`].

use super::law::{busy, days, decay, first_moment, nodes, of_step, seconds};
use super::quiet::Play;
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::cache::Ttl;
use crate::design::serving::OnMiss;
use crate::sim::math;

const JUNG: &str = "Jung, Berger, Balakrishnan, INFOCOM 2003, section III";

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let plain = setting.design.feeds.is_empty() && setting.design.cache.capacity.is_none();
    let asks = setting.design.serving.on_miss == OnMiss::AskLive;
    (plain && asks).then(|| known(setting))
}

/// More cells of laws of lifetimes are not looked at.
const MOST: f64 = 120_000.0;

/// What one stay comes to, as shares of time and by the day.
#[derive(Debug, Clone, Copy, Default)]
struct Kept {
    /// Held, held and unchanged, wrong either way.
    held: f64,
    fresh: f64,
    false_available: f64,
    false_sold_out: f64,
    /// Time-weighted ages and stalenesses, in days.
    age: f64,
    staleness: f64,
    /// Searches that wait, and that are answered from a grace, of all.
    misses: f64,
    revalidated: f64,
    /// What is left of the start.
    left: f64,
}

impl Kept {
    fn add(&mut self, other: &Self, share: f64) {
        self.held += share * other.held;
        self.fresh += share * other.fresh;
        self.false_available += share * other.false_available;
        self.false_sold_out += share * other.false_sold_out;
        self.age += share * other.age;
        self.staleness += share * other.staleness;
        self.misses += share * other.misses;
        self.revalidated += share * other.revalidated;
        self.left += share * other.left;
    }
}

/// The kinds of lifetime that have a closed form.
enum Life {
    /// Drawn anew for each entry, whatever it says, and cut short by purges of this rate.
    Drawn {
        lengths: Vec<(f64, f64)>,
        purges: f64,
    },
    /// For ever, but for purges of this rate.
    Purged(f64),
    Sliding(f64),
    Grace(f64, f64),
    /// Of what is available, which hits may restart, and of what is sold out.
    ByAnswer {
        available: f64,
        slides: bool,
        sold_out: f64,
    },
    /// By how long the stay has been quiet.
    Adaptive(Play),
}

impl Life {
    fn new(setting: &Setting<'_>) -> Result<Self, String> {
        let cache = &setting.design.cache;
        let purges = setting.purges();
        let grace = days(cache.stale_while_revalidate.micros());
        let sold_out = cache.sold_out_ttl.map(|life| days(life.micros()));
        match (&cache.ttl, sold_out) {
            (Ttl::None, None) if purges > 0.0 => Ok(Self::Purged(purges)),
            (Ttl::None, None) => Err("entries live for ever: they grow older and older".to_owned()),
            (ttl @ (Ttl::Fixed(life) | Ttl::Sliding(life)), Some(sold_out))
                if purges == 0.0 && grace == 0.0 =>
            {
                Ok(Self::ByAnswer {
                    available: days(life.micros()),
                    slides: matches!(ttl, Ttl::Sliding(_)),
                    sold_out,
                })
            }
            (_, Some(_)) => Err("sold-out answers have a lifetime of their own".to_owned()),
            (Ttl::Fixed(life), None) if grace > 0.0 => {
                demand(purges == 0.0, "entries in their grace are purged")?;
                Ok(Self::Grace(days(life.micros()), grace))
            }
            (_, None) if grace > 0.0 => Err("a grace after lifetimes that vary".to_owned()),
            (Ttl::Fixed(life), None) => Ok(Self::Drawn {
                lengths: vec![(1.0, days(life.micros()))],
                purges,
            }),
            (Ttl::Jittered(life), None) => {
                let (mean, spread) = (days(life.mean.micros()), life.spread.get());
                let around =
                    nodes(-1.0, 1.0, 100).map(|(x, w)| (w / 2.0, mean * (1.0 + spread * x)));
                Ok(Self::Drawn {
                    lengths: around.collect(),
                    purges,
                })
            }
            (Ttl::Sliding(life), None) => {
                demand(purges == 0.0, "entries that slide are purged")?;
                Ok(Self::Sliding(days(life.micros())))
            }
            (Ttl::ByLeadTime(_), None) => Err("lifetimes go by lead time".to_owned()),
            (Ttl::Adaptive(adaptive), None) => match Play::new(adaptive) {
                None => Ok(Self::Drawn {
                    lengths: vec![(1.0, days(adaptive.min.micros()))],
                    purges,
                }),
                Some(play) => {
                    demand(purges == 0.0, "entries that follow changes are purged")?;
                    demand(setting.truth.is_symmetric(), "changes are not Poisson")?;
                    let stays = setting.weights.len() * setting.truth.factors.len();
                    demand(
                        play.work() * stays as f64 <= MOST,
                        "lifetimes follow changes of too many different stays",
                    )?;
                    Ok(Self::Adaptive(play))
                }
            },
        }
    }

    /// One stay, searched so often, that sells out and reopens at these rates.
    fn kept(&self, setting: &Setting<'_>, s: f64, a: f64, b: f64) -> Result<Kept, String> {
        Ok(match self {
            Self::Drawn { lengths, purges } => drawn(setting, s, [a, b], lengths, *purges),
            Self::Purged(purges) => {
                let unchanged = |r: f64| 1.0 / (r + purges);
                renewed(setting, s, [a, b], &unchanged, 1.0 / (purges * purges))
            }
            Self::Grace(life, grace) => in_grace(setting, s, [a, b], *life, *grace),
            Self::Sliding(life) => sliding(setting, s, [a, b], *life),
            Self::ByAnswer {
                available,
                slides,
                sold_out,
            } => {
                let available = if *slides {
                    Lived::sliding(*available, s, a + b)
                } else {
                    Lived::fixed(*available, a + b)
                };
                by_answer(
                    setting,
                    s,
                    [a, b],
                    &available,
                    &Lived::fixed(*sold_out, a + b),
                )
            }
            Self::Adaptive(play) => {
                let lengths = play
                    .lengths(a, s)
                    .ok_or("lifetimes that follow changes are too many to tell apart")?;
                let longest = play.longest() + 1.0 / s;
                let in_step = of_step(longest, 1.0 / s, setting.warm, setting.days);
                Kept {
                    left: in_step + 2.0 * setting.left_of_start(a),
                    ..drawn(setting, s, [a, b], &lengths, 0.0)
                }
            }
        })
    }
}

/// Entries that live for so long with this chance, cut short by purges of this rate.
fn drawn(
    setting: &Setting<'_>,
    s: f64,
    rates: [f64; 2],
    lengths: &[(f64, f64)],
    purges: f64,
) -> Kept {
    let mean = |f: &dyn Fn(f64) -> f64| lengths.iter().map(|(w, t)| w * f(*t)).sum::<f64>();
    let unchanged = |r: f64| mean(&|t| t * decay((r + purges) * t));
    let aged = mean(&|t| t * t * first_moment(purges * t));
    renewed(setting, s, rates, &unchanged, aged)
}

/// Entries whose life does not depend on searches. `unchanged`: E∫ e^(−ru) du over a life; `aged`: E∫ u du.
fn renewed(
    setting: &Setting<'_>,
    s: f64,
    [a, b]: [f64; 2],
    unchanged: &dyn Fn(f64) -> f64,
    aged: f64,
) -> Kept {
    let available = setting.truth.available();
    let life = unchanged(0.0);
    let cycle = life + 1.0 / s;
    let wrong = available * (1.0 - available) * (life - unchanged(a + b));
    let fresh = available * unchanged(a) + (1.0 - available) * unchanged(b);
    // Of an age u less the (1 − e^(−ru))/r before the first change.
    let since = |r: f64| {
        if r > 0.0 {
            (life - unchanged(r)) / r
        } else {
            aged
        }
    };
    let staleness = aged - available * since(a) - (1.0 - available) * since(b);
    Kept {
        held: life / cycle,
        fresh: fresh / cycle,
        false_available: wrong / cycle,
        false_sold_out: wrong / cycle,
        age: aged / cycle,
        staleness: staleness / cycle,
        misses: 1.0 / s / cycle,
        revalidated: 0.0,
        left: of_step(cycle, 1.0 / s, setting.warm, setting.days),
    }
}

/// A lifetime, and after it a grace that ends with the first search.
fn in_grace(setting: &Setting<'_>, s: f64, [a, b]: [f64; 2], life: f64, grace: f64) -> Kept {
    let available = setting.truth.available();
    let missed = math::exp(-s * grace);
    let cycle = life + 1.0 / s;
    let unchanged = |r: f64| {
        let then = -math::expm1(-(s + r) * grace) / (s + r);
        life * decay(r * life) + math::exp(-r * life) * then
    };
    let held = life + (1.0 - missed) / s;
    let wrong = available * (1.0 - available) * (held - unchanged(a + b));
    let fresh = available * unchanged(a) + (1.0 - available) * unchanged(b);
    let x = s * grace;
    let aged = life * life / 2.0 + life * (1.0 - missed) / s + grace * grace * first_moment(x);
    Kept {
        held: held / cycle,
        fresh: fresh / cycle,
        false_available: wrong / cycle,
        false_sold_out: wrong / cycle,
        age: aged / cycle,
        staleness: f64::NAN,
        misses: missed / s / cycle,
        revalidated: (1.0 - missed) / s / cycle,
        left: of_step(cycle, 1.0 / s, setting.warm, setting.days),
    }
}

/// Each hit restarts the lifetime.
fn sliding(setting: &Setting<'_>, s: f64, [a, b]: [f64; 2], life: f64) -> Kept {
    let available = setting.truth.available();
    let gone = math::exp(-s * life);
    let held = 1.0 - gone;
    // Of hits, and so of the time: unchanged since the store, at a rate r.
    let unchanged = |r: f64| {
        let gap = s / (s + r) * -math::expm1(-(s + r) * life);
        gap / (1.0 - gap) * gone
    };
    let wrong = available * (1.0 - available) * (held - unchanged(a + b));
    // Gaps below T, k of them on average before the k-th hit.
    let gap = 1.0 / s - life * gone / held;
    // A cycle is a geometric number of gaps, memoryless where there are many.
    let cycle = 1.0 / (s * gone);
    Kept {
        held,
        fresh: available * unchanged(a) + (1.0 - available) * unchanged(b),
        false_available: wrong,
        false_sold_out: wrong,
        age: held * gap / gone,
        staleness: f64::NAN,
        misses: gone,
        revalidated: 0.0,
        left: (math::exp(-setting.warm / cycle) * cycle / setting.days).min(1.0),
    }
}

/// A life X: its mean, its mean square, and E e^(−(a+b)X).
struct Lived {
    mean: f64,
    square: f64,
    unchanged: f64,
}

impl Lived {
    fn fixed(life: f64, rate: f64) -> Self {
        Self {
            mean: life,
            square: life * life,
            unchanged: math::exp(-rate * life),
        }
    }

    /// Restarted by hits: gaps between searches below T, and then T.
    fn sliding(life: f64, s: f64, rate: f64) -> Self {
        let [mean, square] = busy(s, life);
        let last = math::exp(-(s + rate) * life);
        Self {
            mean,
            square,
            unchanged: last / (1.0 - s / (s + rate) * (1.0 - last)),
        }
    }

    /// How long of it the truth is otherwise than it was, per share of time in which it is so.
    fn wrong(&self, rate: f64) -> f64 {
        if rate > 0.0 {
            self.mean - (1.0 - self.unchanged) / rate
        } else {
            0.0
        }
    }
}

/// An entry is stored by a miss, lives for a time that its answer decides, and the next miss stores again. So the
/// answers stored are a Markov chain: available follows available with π + (1 − π) E e^(−(a+b)C), with C the time
/// from store to store; likewise for sold out. Each lifetime weighs by how often its answer is stored.
fn by_answer(
    setting: &Setting<'_>,
    s: f64,
    [a, b]: [f64; 2],
    of_available: &Lived,
    of_sold_out: &Lived,
) -> Kept {
    let available = setting.truth.available();
    let rate = a + b;
    let wait = s / (s + rate);
    let stays_available = available + (1.0 - available) * wait * of_available.unchanged;
    let stays_sold_out = 1.0 - available + available * wait * of_sold_out.unchanged;
    let moves = 2.0 - stays_available - stays_sold_out;
    let stored = if moves > 0.0 {
        (1.0 - stays_sold_out) / moves
    } else {
        available
    };
    let mean = |of: fn(&Lived) -> f64| stored * of(of_available) + (1.0 - stored) * of(of_sold_out);
    let life = mean(|of| of.mean);
    let cycle = life + 1.0 / s;
    let longest = of_available.mean.max(of_sold_out.mean) + 1.0 / s;
    Kept {
        held: life / cycle,
        fresh: f64::NAN,
        false_available: stored * (1.0 - available) * of_available.wrong(rate) / cycle,
        false_sold_out: (1.0 - stored) * available * of_sold_out.wrong(rate) / cycle,
        age: mean(|of| of.square) / 2.0 / cycle,
        staleness: f64::NAN,
        misses: 1.0 / s / cycle,
        revalidated: 0.0,
        left: of_step(longest, 1.0 / s, setting.warm, setting.days)
            + math::exp(-moves.min(1.0) * setting.warm / longest) * longest / setting.days,
    }
}

fn known(setting: &Setting<'_>) -> Known {
    demand(setting.reads() > 0.0, "nobody searches")?;
    setting.demand_ranks()?;
    let life = Life::new(setting)?;
    let mut stays = Kept::default();
    let mut searches = Kept::default();
    let n = setting.weights.len() as f64;
    for weight in &setting.weights {
        for (share, times) in &setting.truth.factors {
            let (a, b) = (setting.truth.a * times, setting.truth.b * times);
            let kept = life.kept(setting, setting.reads() * weight, a, b)?;
            stays.add(&kept, share / n);
            searches.add(&kept, share * weight / n);
        }
    }
    setting.demand_settled(stays.left.max(searches.left))?;
    let reads = setting.stays * setting.reads();
    demand(
        setting.are_many(setting.days * reads * searches.held),
        "there are too few hits for a ratio of them",
    )?;
    let mut said = Said::new(match &life {
        Life::Drawn { .. } | Life::Purged(_) => JUNG,
        Life::Sliding(_) => "Fofack et al., Computer Networks 65, 2014",
        Life::Grace(..) => "RFC 5861, section 3: renewal reward",
        Life::ByAnswer { .. } => "Markov renewal reward over the answers stored",
        Life::Adaptive(_) => {
            "Markov renewal reward over how long stays have been quiet (Cate 1992), in cells"
        }
    });
    let (hit, coverage) = match &life {
        Life::Drawn { .. } | Life::Purged(_) | Life::ByAnswer { .. } | Life::Adaptive(_) => {
            ("s E X/(1 + s E X)", "E X/(E X + 1/s)")
        }
        Life::Sliding(_) => ("1 − e^(−sT)", "1 − e^(−sT)"),
        Life::Grace(..) => ("(sT + 1 − e^(−sG))/(sT + 1)", "(sT + 1 − e^(−sG))/(sT + 1)"),
    };
    let wrong = "π (1−π) (E X − E∫ e^(−(a+b)u) du) in a cycle, either way";
    let right = 1.0 - stays.false_available - stays.false_sold_out;
    let available = setting.truth.available();
    let called = available + stays.false_available - stays.false_sold_out;
    said.say("hit_ratio", searches.held, hit)
        .say("coverage", stays.held, coverage)
        .say("blocking_misses", searches.misses, "misses of searches")
        .say("accuracy", right, "1 − false_available − false_sold_out")
        .say("false_available", stays.false_available, wrong)
        .say("false_sold_out", stays.false_sold_out, wrong)
        .say(
            "entry_accuracy",
            1.0 - (1.0 - right) / stays.held,
            "wrong entries / entries",
        )
        .say(
            "search_accuracy",
            1.0 - searches.false_available - searches.false_sold_out,
            "accuracy, over searches",
        )
        .say(
            "search_false_available",
            searches.false_available,
            "false_available, over searches",
        )
        .say(
            "search_false_sold_out",
            searches.false_sold_out,
            "false_sold_out, over searches",
        )
        .say(
            "shown_precision",
            1.0 - stays.false_available / called,
            "1 − false_available / called available",
        )
        .say(
            "available_recall",
            1.0 - stays.false_sold_out / available,
            "1 − false_sold_out/π",
        )
        .say(
            "freshness",
            stays.fresh / stays.held,
            "E∫ (π e^(−au) + (1−π) e^(−bu)) du / E X",
        )
        .say(
            "stale_hits",
            1.0 - searches.fresh / searches.held,
            "1 − freshness, over searches",
        )
        .say(
            "data_age_s",
            seconds(stays.age / stays.held),
            "E X²/2 E X; sliding: E gap below T / e^(−sT)",
        )
        .say(
            "staleness_s",
            seconds(stays.staleness / stays.held),
            "data age less what passes before a change",
        )
        .say(
            "counts_per_day/searches",
            reads,
            "stays × searches of each a day",
        )
        .say(
            "counts_per_day/asks_miss",
            reads * searches.misses,
            "misses a day",
        )
        .say(
            "counts_per_day/asks_revalidate",
            reads * searches.revalidated,
            "searches in a grace a day",
        );
    Ok(said.all)
}
