//! Weekdays and months of days counted from the start of the run: Monday, 1 June 2026.

/// Days from 1 March of year 0 (proleptic Gregorian) to 1 June 2026.
const START: i64 = 740_073;

/// The weekday of a day of the run (may be before its start): 0 is Monday.
pub(super) fn weekday(day: i64) -> usize {
    day.rem_euclid(7) as usize
}

/// The month of a day of the run (may be before its start): 0 is January.
///
/// Years are counted from March, so that the leap day comes last; months of 31, 30, 31, 30, 31 days repeat
/// every 153.
pub(super) fn month(day: i64) -> usize {
    let of_era = (START + day).rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    ((from_march + 2) % 12) as usize
}

/// Mean days of each month over four years, January first.
pub(super) const MONTH_DAYS: [f64; 12] = [
    31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_turn_when_they_should() {
        for (day, expected) in [
            (-1, 4),
            (0, 5),
            (29, 5),
            (30, 6),
            (213, 11),
            (214, 0),
            // 28 February and 1 March 2027; 29 February and 1 March 2028.
            (272, 1),
            (273, 2),
            (638, 1),
            (639, 2),
            // 1 March and 29 February 2024.
            (-822, 2),
            (-823, 1),
            (-824, 1),
        ] {
            assert_eq!(month(day), expected, "day {day}");
        }
    }

    #[test]
    fn weeks_start_with_the_run() {
        assert_eq!(
            [-8, -7, -1, 0, 6, 7].map(weekday),
            [6, 0, 6, 0, 6, 0],
            "days around the start"
        );
    }
}
