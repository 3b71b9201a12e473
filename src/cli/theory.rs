//! `stayfresh theory`.

use super::{Failure, Theory, output, run};
use crate::report::theory;

/// Runs a scenario and prints what theory expects of each design beside what came out.
pub(super) fn theory(args: &Theory) -> Result<(), Failure> {
    let results = run::simulate(&args.given)?;
    if args.json {
        let json = serde_json::to_string(&theory::compared(&results));
        output::line(&json.map_err(std::io::Error::other)?)
    } else {
        output::text(&theory::text(&results))
    }
}
