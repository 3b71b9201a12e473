//! How long studies that are left will take, by those that were run.

/// Seconds that `left` studies will take, where `ran` of them took `all` seconds. The first does what those after
/// it take over, so these are told by each other as soon as there are any: `since_first` seconds ago it was done.
#[must_use]
pub fn left(all: f64, since_first: Option<f64>, ran: f64, left: f64) -> Option<f64> {
    let (took, ran) = match since_first {
        Some(since_first) if ran > 1.1 => (since_first, ran - 1.0),
        _ => (all, ran),
    };
    (ran > 0.0).then(|| took * left.max(0.0) / ran)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_by_what_is_like_it() {
        assert_eq!(left(0.0, None, 0.0, 20.0), None);
        // Half of the first of 20 took 6 s.
        assert_eq!(left(6.0, None, 0.5, 19.5), Some(234.0));
        // The first took 12 s, four more took 8 s.
        assert_eq!(left(20.0, Some(8.0), 5.0, 15.0), Some(30.0));
    }
}
