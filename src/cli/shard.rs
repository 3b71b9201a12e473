//! A part of a sweep for one of several machines, which know nothing of each other.

use std::ops::Range;
use std::str::FromStr;

use super::Failure;
use crate::scenario::problem::Problem;

/// Which part: as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// This one, counted from 1, of so many.
    This(Shard),
    /// The one that the scheduler's environment says, of so many, unless that says how many too.
    Auto(Option<usize>),
}

/// One of several parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    /// From 1.
    number: usize,
    of: usize,
}

/// How a scheduler tells a task of an array which it is.
struct Scheduler {
    name: &'static str,
    index: &'static str,
    /// The least index; 0 where that is so by definition.
    first: Option<&'static str>,
    /// How many there are.
    count: Option<&'static str>,
}

/// Kubernetes: "Jobs", completion mode "Indexed"; Slurm: `sbatch`, "output environment variables"; AWS Batch: "array
/// jobs" and "job environment variables".
const SCHEDULERS: [Scheduler; 3] = [
    Scheduler {
        name: "a Kubernetes indexed job",
        index: "JOB_COMPLETION_INDEX",
        first: None,
        count: None,
    },
    Scheduler {
        name: "a Slurm array",
        index: "SLURM_ARRAY_TASK_ID",
        first: Some("SLURM_ARRAY_TASK_MIN"),
        count: Some("SLURM_ARRAY_TASK_COUNT"),
    },
    Scheduler {
        name: "an AWS Batch array",
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: None,
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
    },
];

const EXPECTED: &str = "e.g. 2/5, the second of five; or auto, or auto/5";

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected {EXPECTED}");
        let (which, of) = match text.split_once('/') {
            Some((which, of)) => (which, Some(of.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        match (which, of) {
            (_, Some(0)) => Err(wrong()),
            ("auto", of) => Ok(Self::Auto(of)),
            (number, Some(of)) => {
                let number = number.parse().map_err(|_| wrong())?;
                Shard::new(number, of).map(Self::This)
            }
            _ => Err(wrong()),
        }
    }
}

impl Asked {
    /// The part that is meant, here and now.
    pub(super) fn shard(self) -> Result<Shard, Failure> {
        match self {
            Self::This(shard) => Ok(shard),
            Self::Auto(of) => Shard::of_environment(of, |name| std::env::var(name).ok()),
        }
    }
}

impl Shard {
    fn new(number: usize, of: usize) -> Result<Self, String> {
        if (1..=of).contains(&number) {
            Ok(Self { number, of })
        } else {
            Err(format!("shards are counted from 1: 1/{of} to {of}/{of}"))
        }
    }

    /// Reads an environment.
    fn of_environment(
        of: Option<usize>,
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let said = |message: String, expected: &str| {
            Failure::said(Problem::new("", message).expected(expected))
        };
        let number = |name: &str| -> Result<Option<usize>, Failure> {
            let Some(text) = read(name) else {
                return Ok(None);
            };
            let number = text.trim().parse();
            let number =
                number.map_err(|_| said(format!("{name} is {text:?}"), "a whole number"))?;
            Ok(Some(number))
        };
        for scheduler in &SCHEDULERS {
            let Some(index) = number(scheduler.index)? else {
                continue;
            };
            let first = scheduler.first.map(&number).transpose()?.flatten();
            let count = scheduler.count.map(&number).transpose()?.flatten();
            let Some(of) = of.or(count) else {
                let message = format!("{} does not say how many shards there are", scheduler.name);
                return Err(said(message, "e.g. --shard auto/5"));
            };
            let shard = index.checked_sub(first.unwrap_or(0));
            let shard = shard.and_then(|index| Self::new(index + 1, of).ok());
            return shard.ok_or_else(|| {
                let message = format!("{} is {index}, and there are {of} shards", scheduler.index);
                said(message, "as many shards as the scheduler starts tasks")
            });
        }
        let names: Vec<&str> = SCHEDULERS.iter().map(|of| of.index).collect();
        let message = format!(
            "no scheduler says which shard this is: {} are not set",
            names.join(", ")
        );
        Err(said(message, "e.g. --shard 2/5"))
    }

    /// Its points, of so many: neighbours, as what they have in common is then run once; as even as can be.
    pub(super) fn points(self, points: usize) -> Range<usize> {
        let begin = |shard: usize| (points as u128 * shard as u128 / self.of as u128) as usize;
        begin(self.number - 1)..begin(self.number)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_the_points_out() {
        for points in [0, 1, 7, 10_000] {
            for of in [1, 2, 3, 8, 100] {
                let mut next = 0;
                let mut sizes = Vec::new();
                for number in 1..=of {
                    let mine = Shard::new(number, of).expect("is one").points(points);
                    assert_eq!(mine.start, next);
                    next = mine.end;
                    sizes.push(mine.len());
                }
                assert_eq!(next, points);
                let least = sizes.iter().min().copied().unwrap_or(0);
                let most = sizes.iter().max().copied().unwrap_or(0);
                assert!(most - least <= 1, "{sizes:?}");
            }
        }
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        let this = |number, of| Ok(Asked::This(Shard { number, of }));
        assert_eq!("2/5".parse(), this(2, 5));
        assert_eq!("auto".parse(), Ok(Asked::Auto(None)));
        assert_eq!("auto/5".parse(), Ok(Asked::Auto(Some(5))));
        for text in [
            "", "2", "0/5", "6/5", "a/5", "2/", "2/0", "auto/0", "auto/x", "-1/5",
        ] {
            assert!(text.parse::<Asked>().is_err(), "{text}");
        }
    }

    #[test]
    fn schedulers_say_which() {
        let found = |of, variables: &[(&str, &str)]| {
            let read = |name: &str| {
                let found = variables.iter().find(|(of, _)| *of == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Shard::of_environment(of, read).map_err(|failure| format!("{failure:?}"))
        };
        let shard = |number, of| Ok(Shard { number, of });
        let kubernetes = [("JOB_COMPLETION_INDEX", "0")];
        assert_eq!(found(Some(4), &kubernetes), shard(1, 4));
        assert!(found(None, &kubernetes).is_err_and(|said| said.contains("auto/5")));
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "7"),
            ("SLURM_ARRAY_TASK_MIN", "5"),
            ("SLURM_ARRAY_TASK_COUNT", "4"),
        ];
        assert_eq!(found(None, &slurm), shard(3, 4));
        let batch = [
            ("AWS_BATCH_JOB_ARRAY_INDEX", "3"),
            ("AWS_BATCH_JOB_ARRAY_SIZE", "4"),
        ];
        assert_eq!(found(None, &batch), shard(4, 4));
        assert!(found(Some(3), &batch).is_err_and(|said| said.contains("3 shards")));
        assert!(found(Some(4), &[("SLURM_ARRAY_TASK_ID", "x")]).is_err());
        assert!(found(Some(4), &[]).is_err_and(|said| said.contains("SLURM_ARRAY_TASK_ID")));
    }
}
