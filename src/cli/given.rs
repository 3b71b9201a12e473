//! What every command that runs a scenario is given: which, what is set in it, on how many threads.

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value as Json;

use super::files::Folder;
use super::{Failure, files, input};
use crate::scenario::quantity::{Count, Seed};
use crate::scenario::text::{self, Document};

/// A scenario, and what is set in it first.
#[derive(Debug, Args)]
pub(super) struct Given {
    /// A file, a preset, or - for standard input.
    #[arg(value_name = "FILE|PRESET|-")]
    scenario: PathBuf,
    /// Set a value of the scenario first, e.g. /run/length=7d or "/designs/poll hourly/cache/ttl/fixed=2h".
    #[arg(long, value_name = "/POINTER=VALUE", value_parser = setting)]
    set: Vec<Setting>,
    /// Set the seed.
    #[arg(long, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=Seed::MAX))]
    seed: Option<u64>,
    /// Set the number of replicates.
    #[arg(long, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=Count::MAX))]
    replicates: Option<u64>,
    /// Run on so many threads; the numbers do not depend on it. [default: one a processor]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Compare with a perfect design and with none at all, too.
    #[arg(long)]
    bounds: bool,
}

/// A scenario as set.
pub(super) struct Read {
    /// As the user calls it.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) document: Document,
    /// Where its files are.
    pub(super) folder: Folder,
}

impl Given {
    /// Reads the scenario, sets what is to be set, and reads the files that it names.
    pub(super) fn read(&self) -> Result<Read, Failure> {
        let read = input::read(&self.scenario)?;
        let mut name = read.name;
        let mut text = read.text;
        let wrong = |name: &str, text: &str, problems| Failure::Scenario {
            name: name.to_owned(),
            text: text.to_owned(),
            problems,
        };
        for (pointer, value) in self.settings() {
            text = text::set(&text, &pointer, &value)
                .map_err(|problems| wrong(&name, &text, problems))?;
        }
        if self.settings().next().is_some() {
            name.push_str(" (as set)");
        }
        let mut document = text::parse(&text).map_err(|problems| wrong(&name, &text, problems))?;
        files::read(&mut document, &self.scenario, &name, &text)?;
        Ok(Read {
            folder: Folder::of(&self.scenario),
            name,
            text,
            document,
        })
    }

    /// How many threads to run on.
    pub(super) fn threads(&self) -> usize {
        match self.threads {
            Some(threads) => usize::from(threads),
            None => std::thread::available_parallelism().map_or(1, NonZero::get),
        }
    }

    /// What the arguments set, in order; the short forms last.
    fn settings(&self) -> impl Iterator<Item = (String, String)> {
        let given = self.set.iter();
        let given = given.map(|setting| (setting.pointer.clone(), setting.value.clone()));
        let seed = self.seed.map(|seed| ("/seed".to_owned(), seed.to_string()));
        let replicates = self
            .replicates
            .map(|replicates| ("/run/replicates".to_owned(), replicates.to_string()));
        let bounds = self
            .bounds
            .then(|| ("/bounds".to_owned(), "true".to_owned()));
        given.chain(seed).chain(replicates).chain(bounds)
    }
}

/// A value to set: a JSON pointer and a JSON value.
#[derive(Debug, Clone)]
struct Setting {
    pointer: String,
    value: String,
}

/// Reads `/pointer=value`.
fn setting(text: &str) -> Result<Setting, String> {
    let (pointer, value) = parted(text, "/pointer=value")?;
    Ok(Setting {
        pointer: pointer.to_owned(),
        value: value_of(value).to_string(),
    })
}

/// The pointer and what is after it.
pub(super) fn parted<'a>(text: &'a str, expected: &str) -> Result<(&'a str, &'a str), String> {
    let Some((pointer, value)) = text.split_once('=') else {
        return Err(format!("expected {expected}"));
    };
    if !pointer.starts_with('/') {
        return Err("a pointer starts with /, as in /run/length=7d".to_owned());
    }
    Ok((pointer, value))
}

/// What is not JSON is taken as a text: 7d is "7d".
pub(super) fn value_of(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| Json::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_json_or_texts() {
        for (text, pointer, value) in [
            ("/seed=7", "/seed", "7"),
            ("/run/length=7d", "/run/length", "\"7d\""),
            ("/title=\"a=b\"", "/title", "\"a=b\""),
            ("/title=a=b", "/title", "\"a=b\""),
            ("/x={\"fixed\":\"1h\"}", "/x", "{\"fixed\":\"1h\"}"),
        ] {
            let read = setting(text).expect(text);
            assert_eq!(
                (read.pointer.as_str(), read.value.as_str()),
                (pointer, value)
            );
        }
        assert!(setting("/seed").is_err());
        assert!(setting("seed=7").is_err());
    }
}
