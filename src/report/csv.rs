//! Results as tidy CSV: one number a line.

use super::results::Results;
use crate::measure::estimate::Estimate;

/// `design,metric,mean,sd,lo,hi`: the metrics, then `costs/…` in US dollars a day, then `counts_per_day/…`,
/// `feeds/NAME/…`, `audits/NAME/…` and `distributions/KEY/THAN`, the share above that many. What is not defined is
/// empty.
///
/// # Errors
/// None for results that fit in memory.
pub fn of(results: &Results) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    rows(results, &[], &mut writer)?;
    done(writer)
}

/// The columns of every number.
pub(super) const COLUMNS: [&str; 6] = ["design", "metric", "mean", "sd", "lo", "hi"];

/// Writes all numbers of results, each after the same first cells.
pub(super) fn rows(
    results: &Results,
    first: &[String],
    writer: &mut csv::Writer<Vec<u8>>,
) -> Result<(), csv::Error> {
    for design in &results.designs {
        let mut write = |metric: &str, estimate: &Estimate| {
            let cells = [
                text(&design.name),
                // Names of feeds and audits are part of it.
                text(metric),
                number(Some(estimate.mean)),
                number(estimate.sd),
                number(estimate.ci95.map(|[low, _]| low)),
                number(estimate.ci95.map(|[_, high]| high)),
            ];
            writer.write_record(first.iter().chain(&cells))
        };
        for (key, estimate) in &design.metrics {
            write(key, estimate)?;
        }
        for (item, cost) in &design.costs {
            write(&format!("costs/{item}"), &cost.usd_per_day)?;
            if let Some(represented) = &cost.represented_usd_per_day {
                write(&format!("represented_costs/{item}"), represented)?;
            }
        }
        for (key, estimate) in &design.counts_per_day {
            write(&format!("counts_per_day/{key}"), estimate)?;
        }
        for (feed, metrics) in &design.feeds {
            for (key, estimate) in metrics {
                write(&format!("feeds/{feed}/{key}"), estimate)?;
            }
        }
        for (audit, of_audit) in &design.audits {
            for (key, estimate) in &of_audit.metrics {
                write(&format!("audits/{audit}/{key}"), estimate)?;
            }
        }
        for (key, distribution) in &design.distributions {
            for (than, above) in distribution.than.iter().zip(&distribution.above) {
                write(&format!("distributions/{key}/{than}"), above)?;
            }
        }
    }
    Ok(())
}

/// `design,series,hour,value`: every curve, hour by hour, as means over replicates; then `audits/NAME/estimate`,
/// `low`, `high` and `truth`, wave by wave, of the first replicate. What is not defined is empty.
///
/// # Errors
/// None for results that fit in memory.
pub fn series(results: &Results) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["design", "series", "hour", "value"])?;
    for design in &results.designs {
        let name = text(&design.name);
        let mut write = |series: &str, hours: &[f64], values: &[Option<f64>]| {
            let mut points = hours.iter().zip(values);
            points.try_for_each(|(hour, value)| {
                let cells = [&name, &text(series), &number(Some(*hour)), &number(*value)];
                writer.write_record(cells)
            })
        };
        for (key, values) in &design.series.curves {
            write(key, &design.series.hour, values)?;
        }
        for (audit, said) in &design.audits {
            let waves = &said.waves;
            for (what, values) in [
                ("estimate", &waves.estimate),
                ("low", &waves.low),
                ("high", &waves.high),
                ("truth", &waves.truth),
            ] {
                write(&format!("audits/{audit}/{what}"), &waves.hour, values)?;
            }
        }
    }
    done(writer)
}

/// What was written.
pub(super) fn done(writer: csv::Writer<Vec<u8>>) -> Result<String, csv::Error> {
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A reviewer's text. What a spreadsheet would run as a formula stands behind an apostrophe: at the start, and where
/// one that takes semicolons or tabs to part cells, and line ends to part rows, would begin another.
pub(super) fn text(text: &str) -> String {
    let runs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let cells = text.split_inclusive([';', '\t', '\r', '\n']);
    let safe = cells.map(|cell| {
        let is_run = cell.trim_start_matches(' ').starts_with(runs);
        format!("{}{cell}", if is_run { "'" } else { "" })
    });
    safe.collect()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn no_text_runs_as_a_formula() {
        for begins in ["=", "+", "-", "@", "＝", "＋", "－", "＠", " =", "  -"] {
            for rest in [
                "",
                "1+1",
                "SUM(A1)",
                "cmd|' /C calc'!A0",
                "HYPERLINK(\"x\")",
            ] {
                let runs = format!("{begins}{rest}");
                assert_eq!(text(&runs), format!("'{runs}"));
                assert_eq!(text(&format!("a;{runs}")), format!("a;'{runs}"));
                assert_eq!(text(&format!("a\t{runs};b")), format!("a\t'{runs};b"));
                assert_eq!(text(&format!("a\n{runs}")), format!("a\n'{runs}"));
            }
        }
        assert_eq!(text("\t=1"), "'\t'=1");
        assert_eq!(text("\r\n=1"), "'\r'\n'=1");
        assert_eq!(text(";;=1;"), ";;'=1;");
        for plain in ["push", "a=b", "", "1", "a; b - c", "a - 1", "1;2"] {
            assert_eq!(text(plain), plain);
        }
    }
}
