//! What must hold in every simulation, checked while it runs. A broken invariant is a defect of this program,
//! never of a scenario: its results are not shown.

use serde::{Deserialize, Serialize};

macro_rules! invariants {
    ($($name:ident $says:literal;)*) => {
        /// What must hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Invariant {
            $(#[doc = $says] $name,)*
        }

        impl Invariant {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What it says.
            #[must_use]
            pub fn says(self) -> &'static str {
                match self {
                    $(Self::$name => $says,)*
                }
            }
        }
    };
}

invariants! {
    TimeRunsForward "the events of a stay are met in the order of time";
    AllIsWatched "each stay is watched from its first moment to its last";
    NoEntryIsNewer "no entry is newer than the truth";
    ServedPastLifetime "no answer comes from an entry past its lifetime and grace";
    ChangesAddUp "changes = applied + superseded + lost + in flight, for each feed";
    SearchesAddUp "searches = hits + misses";
    AsksAddUp "live asks = the sum over their causes";
    MissesAskOnce "a search that misses asks live at most once";
    AnswersAddUp "wrong answers are no more than answers";
    CoverageIsAShare "coverage is never above 1";
    FreshIsHeld "fresh entries are no more than entries";
    RepairsSettle "what is repaired changes no alert that led to it";
}

/// How often each invariant was broken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks([u64; Invariant::ALL.len()]);

impl Checks {
    /// An invariant was broken.
    #[cold]
    pub fn broken(&mut self, invariant: Invariant) {
        self.0[invariant as usize] += 1;
    }

    /// Notes whether an invariant holds.
    #[inline]
    pub fn holds(&mut self, invariant: Invariant, holds: bool) {
        if !holds {
            self.broken(invariant);
        }
    }

    /// Adds another's.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }

    /// Those that were broken, and how often.
    pub fn all_broken(&self) -> impl Iterator<Item = (Invariant, u64)> + '_ {
        Invariant::ALL
            .iter()
            .copied()
            .zip(self.0)
            .filter(|(_, count)| *count > 0)
    }
}
