//! A copy of what was read some time ago: all follows from the law of that age.
//!
//! An answer read at an age Y that does not depend on the truth has not changed since with chance
//! π E e^(−aY) + (1 − π) E e^(−bY), and differs from the truth with π(1 − π)(1 − E e^(−(a+b)Y)) either way (J.
//! Cho, H. Garcia-Molina, "Synchronizing a database to improve freshness", SIGMOD 2000, section 3, for Poisson
//! changes). The first change that it does not reflect was (1 − e^(−aY))/a less than Y ago.

use super::Said;
use super::law::seconds;
use super::setting::{Setting, Truth};

/// The law of an age, in days.
pub(super) struct Age {
    /// E Y.
    pub(super) mean: f64,
    /// E e^(−sY).
    pub(super) laplace: Box<dyn Fn(f64) -> f64>,
}

/// What stays of that age come to, on average.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Aged {
    /// The share that has not changed since.
    pub(super) fresh: f64,
    /// The share that is called available wrongly; and as many sold out.
    pub(super) wrong: f64,
    /// Days since the first change, 0 where there is none.
    pub(super) staleness: f64,
    /// Days since the reading.
    pub(super) age: f64,
}

impl Aged {
    /// Of stays whose age is of a law that may depend on their rates.
    pub(super) fn of(truth: &Truth, law: impl Fn(f64, f64) -> Age) -> Self {
        Self::of_unseen(truth, 1.0, law)
    }

    /// The same where of all changes since, only this share can have been made.
    pub(super) fn of_unseen(truth: &Truth, unseen: f64, law: impl Fn(f64, f64) -> Age) -> Self {
        let available = truth.available();
        let unlike = available * (1.0 - available);
        let mut all = Self::default();
        for (share, times) in &truth.factors {
            let (a, b) = (truth.a * times, truth.b * times);
            let Age { mean, laplace } = law(a, b);
            let (a, b) = (unseen * a, unseen * b);
            let since = |rate: f64| {
                if rate > 0.0 {
                    (1.0 - laplace(rate)) / rate
                } else {
                    mean
                }
            };
            all.add(
                &Self {
                    fresh: available * laplace(a) + (1.0 - available) * laplace(b),
                    wrong: unlike * (1.0 - laplace(a + b)),
                    staleness: mean - available * since(a) - (1.0 - available) * since(b),
                    age: mean,
                },
                *share,
            );
        }
        all
    }

    /// Adds others, with their share.
    pub(super) fn add(&mut self, other: &Self, share: f64) {
        self.fresh += share * other.fresh;
        self.wrong += share * other.wrong;
        self.staleness += share * other.staleness;
        self.age += share * other.age;
    }
}

/// Says what all stays come to that are held, at ages that do not depend on who is searched.
pub(super) fn say(said: &mut Said, setting: &Setting<'_>, stays: &Aged, searched: &Aged) {
    let available = setting.truth.available();
    said.say(
        "freshness",
        stays.fresh,
        "π L(a) + (1−π) L(b); L(s) = E e^(−sY), Y the age of what is held",
    )
    .say(
        "staleness_s",
        seconds(stays.staleness),
        "E Y − π (1−L(a))/a − (1−π) (1−L(b))/b",
    );
    of_answers(said, setting, stays, searched);
    if setting.are_many(setting.stays * setting.days * setting.truth.changes()) {
        let right = 1.0 - stays.wrong / available;
        said.say("shown_precision", right, "1 − false_available/π")
            .say("available_recall", right, "1 − false_sold_out/π");
    }
    if setting.is_some(setting.stays * setting.days * setting.reads()) {
        said.say(
            "stale_hits",
            1.0 - searched.fresh,
            "1 − freshness, over searches",
        );
    }
}

/// Says how far answers are right; those that are held and those that a search gets.
pub(super) fn of_answers(said: &mut Said, setting: &Setting<'_>, stays: &Aged, searched: &Aged) {
    let right = 1.0 - 2.0 * stays.wrong;
    said.say("accuracy", right, "1 − false_available − false_sold_out")
        .say(
            "entry_accuracy",
            right,
            "1 − false_available − false_sold_out",
        )
        .say("false_available", stays.wrong, "π (1−π) (1 − L(a+b))")
        .say("false_sold_out", stays.wrong, "π (1−π) (1 − L(a+b))");
    if setting.is_some(setting.stays * setting.days * setting.reads()) {
        said.say(
            "search_accuracy",
            1.0 - 2.0 * searched.wrong,
            "accuracy, over searches",
        )
        .say(
            "search_false_available",
            searched.wrong,
            "false_available, over searches",
        )
        .say(
            "search_false_sold_out",
            searched.wrong,
            "false_sold_out, over searches",
        );
    }
}

/// Says that all stays are held, and how often they are read.
pub(super) fn all_held(said: &mut Said, setting: &Setting<'_>) {
    said.say("coverage", 1.0, "all are held");
    let reads = setting.stays * setting.reads();
    if setting.is_some(setting.days * reads) {
        said.say("hit_ratio", 1.0, "all are held")
            .say("blocking_misses", 0.0, "all are held")
            .say(
                "counts_per_day/searches",
                reads,
                "stays × searches of each a day",
            );
    }
}
