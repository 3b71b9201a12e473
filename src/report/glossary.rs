//! The words, each with what it means here. Metrics have their meaning where they are declared
//! ([`crate::measure::metrics`]).

/// A word, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The word.
    pub word: &'static str,
    /// What it means, in plain sentences.
    pub meaning: &'static str,
}

macro_rules! terms {
    ($($name:ident $word:literal $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: Term = Term { word: $word, meaning: $meaning };)*

        /// All words, those of the flow from the hotel to the traveller first, then those of the numbers.
        pub const TERMS: &[Term] = &[$($name),*];
    };
}

terms! {
    STAY "stay" "A hotel, a check-in night and a number of nights: what a traveller searches, and the key of the copy.";
    ANSWER "answer" "Available or sold out, for a stay, as the copy gives it, before anything is checked live.";
    ENTRY "entry" "What the copy holds for a stay and can serve now: the answer, its version, when the truth was read, when it expires. An expired entry still counts while it may be served during revalidation; one that was purged does not.";
    VERSION "version" "Counts how often a stay's true answer has changed.";
    SEARCH "search" "A traveller's request for a stay. It reads the copy once, and does not depend on what is true.";
    LIVE_ASK "live ask" "The domain service works out the true answer of one stay: the expensive call. A miss, a poll, a hint, an audit or a shown result can cause one, and each is counted once.";
    BOOKING "booking" "A request that found its stay truly available. Bookings change the truth; what the copy said does not.";
    DESIGN "design" "One way of keeping the copy: its feeds, its cache, how it serves, and how it is audited. All designs of a scenario watch the same hotels.";
    FEED "feed" "A source with its delivery: what brings changes to the copy. A design has none, one or several; of several, the answer read latest is served.";
    PUSH "push" "Changes are sent as they happen: late, twice, out of order or not at all, as the knobs say.";
    PULL "pull" "The design asks for the state, stay by stay or in pages, at a pace of its own.";
    DELTAS "deltas" "Messages that say what changed in the inventory's tables (change data capture). The design applies the domain's rules with its own copy of them.";
    NATURAL_TRAFFIC "natural traffic" "Live answers that travellers' searches caused anyway, used to refresh the copy. What nobody searches, or nobody is shown, is never refreshed.";
    DATASET "dataset" "All answers, built from time to time over some hours, and published at once.";
    HINTS "hints" "Notices that a hotel has changed, without saying how: the design then asks for its stays.";
    LIFETIME "lifetime" "How long an entry may be served after it was stored (TTL), whatever has changed meanwhile.";
    LIVE_CHECK "live check" "A search whose answer is about to be shown is computed live as well. It protects the traveller, and its answer can be a feed.";
    EXPLORE "exploring" "A share of searches answered sold out is checked live all the same. Without it, a stay wrongly held sold out may never be asked again.";
    BYPASS "bypass" "A share of searches answered live without reading this copy, as other channels do.";
    FRESH "fresh" "An entry that has the current version. It can still be wrong, if the pipeline's rules or a bug made it so.";
    STALENESS "staleness" "How long ago the first change happened that an entry does not reflect; 0 while it is fresh. It says how late the copy is.";
    DATA_AGE "data age" "How long ago the truth behind an entry was read. An old reading can still be right: it says how old the copy is, not how late.";
    FALSE_AVAILABLE "false available" "The answer says available, the truth is sold out: a disappointed traveller.";
    FALSE_SOLD_OUT "false sold out" "The answer says sold out, the truth is available: a sale that may be lost, and nobody complains.";
    COUNTED_BY "counted by" "What each part of a number weighs. Over stays, every hotel and night counts alike; over searches, what is searched most counts most; over bookings, only what is sold. The same copy can be good by one and bad by another.";
    AUDIT "audit" "Compares the copy's answers with the truth on a sample, now and then, and so estimates accuracy: perhaps wrongly.";
    PANEL "panel" "An audit that keeps one sample for ever. Changes show clearly, but whatever is odd about the sample stays.";
    AUDIENCE "audience" "Somebody who uses the copy: how they read it, what counts for them, and what they need. A design is fit or unfit for each.";
    BASELINE "baseline" "The first design. The others are compared with it.";
    BOUND "bound" "Not a design to build: how good or how bad it can get in this world.";
    REPLICATE "replicate" "The same scenario with other luck. Designs meet the same luck in each, so their differences are far surer than the numbers by themselves.";
    WARM_UP "warm-up" "The beginning of a run, which is not measured: what is empty at the start fills up.";
    INTERVAL "95 % interval" "Where the mean over all luck would be expected, from the spread between replicates. It knows of chance alone: not of a wrong assumption.";
    SEED "seed" "The number all randomness comes from: the same seed gives the same numbers, on the page and on the command line.";
    REPRESENTS "the size it stands for" "A few hotels are simulated for many. Costs that grow with hotels are scaled up to that size; those of components are not.";
    FRONTIER "frontier" "The designs that no other beats on both cost and accuracy.";
    BREAK_EVEN "break-even" "The value of an assumption at which two designs cost the same, or do equally well.";
    FAULT "fault" "Something that is made to go wrong: an outage, a leak, a wrong rule. It ends by itself, or once an alert has led to a repair.";
}

/// Whether a name or its meaning holds each of the words looked for, in any case of letters.
#[must_use]
pub fn is_found(query: &str, name: &str, meaning: &str) -> bool {
    let text = format!("{name} {meaning}").to_lowercase();
    let mut wanted = query.split_whitespace().map(str::to_lowercase);
    wanted.all(|word| text.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::metrics;

    #[test]
    fn each_word_is_explained_once() {
        for (at, term) in TERMS.iter().enumerate() {
            assert!(!TERMS[..at].iter().any(|other| other.word == term.word));
            assert!(metrics::by_key(term.word).is_none(), "{}", term.word);
            let meaning = term.meaning;
            assert!(meaning.ends_with('.') && meaning.len() < 260, "{meaning}");
            assert!(!meaning.to_lowercase().starts_with(term.word), "{meaning}");
        }
    }

    #[test]
    fn a_search_finds_all_its_words_anywhere() {
        let found = |query| is_found(query, FALSE_AVAILABLE.word, FALSE_AVAILABLE.meaning);
        assert!(found("") && found("Available") && found("traveller sold") && found("  false "));
        assert!(!found("available staleness"));
    }
}
