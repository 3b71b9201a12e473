//! A scenario in a link: nothing is sent to any server, for browsers keep what stands after `#` to themselves.
//!
//! ```text
//! s1.<base64url( deflate( {"results": …, "version": …, "check": …} newline text ) )>
//! ```
//!
//! `s1` is the version of this format: what it made must open for ever. The text is the scenario's, comments
//! included. A link comes from anywhere, so reading one withstands anything.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use serde::{Deserialize, Serialize};

use crate::report::hash;
use crate::scenario::presets::{self, Preset};

/// What a link of this version starts with, after `#`.
pub const PREFIX: &str = "s1.";
/// The longest text that goes into a link, or comes out of one, in bytes.
pub const LONGEST: usize = 1 << 20;
/// The longest link that is read, in characters.
const LONGEST_LINK: usize = 2 * LONGEST;
/// Links longer than this are cut by some chat tools.
pub const CHATS_BEAR: usize = 2_000;
/// Links longer than this are refused by some browsers and servers.
pub const BROWSERS_BEAR: usize = 8_000;
/// As small as it gets.
const LEVEL: u8 = 10;

/// Who shared a scenario: which numbers they had of it, by which program.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sharer {
    /// The hash of their results, if they had all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// The version of their program.
    #[serde(default)]
    pub version: String,
    /// The preset that they started from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// The hash of the text.
    #[serde(default)]
    pub check: String,
}

impl Sharer {
    /// Whoever has this program and these results of a text.
    #[must_use]
    pub fn here(text: &str, preset: &Preset, results: Option<String>) -> Self {
        Self {
            results,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            preset: Some(preset.name.to_owned()),
            check: hash::of_text(text),
        }
    }

    /// The preset that they started from, if there still is one of that name.
    #[must_use]
    pub fn preset(&self) -> Option<&'static Preset> {
        presets::by_name(self.preset.as_deref()?)
    }

    /// Whether this is the text that was shared, as it was.
    #[must_use]
    pub fn is_of(&self, text: &str) -> bool {
        self.check == hash::of_text(text)
    }
}

/// Why a link cannot be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no link of this program.
    NotOurs,
    /// It was made by a newer version.
    Newer,
    /// It is not all there.
    Cut,
    /// It was changed on its way.
    Damaged,
    /// There is too much in it.
    TooLong,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOurs => "The address holds no scenario.",
            Self::Newer => {
                "The link was made by a newer version of this program. Ask for the scenario as a file, or for the page it was made on."
            }
            Self::Cut => {
                "The link is not all there: something cut it short on its way. Ask for it again, or for the scenario as a file."
            }
            Self::Damaged => {
                "The link was changed on its way and holds no scenario any more. Ask for it again, or for the scenario as a file."
            }
            Self::TooLong => {
                "The scenario is too long for a link: more than 1 MB of text. Use a file."
            }
        })
    }
}

impl std::error::Error for Unreadable {}

/// What goes after `#`.
///
/// # Errors
/// [`Unreadable::TooLong`] for a text longer than [`LONGEST`].
pub fn encode(text: &str, sharer: &Sharer) -> Result<String, Unreadable> {
    if text.len() > LONGEST {
        return Err(Unreadable::TooLong);
    }
    let head = serde_json::to_string(sharer).map_err(|_| Unreadable::Damaged)?;
    let packed = compress_to_vec(format!("{head}\n{text}").as_bytes(), LEVEL);
    Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(packed)))
}

/// Whether what stands after `#` is meant to be a scenario.
#[must_use]
pub fn is_meant(fragment: &str) -> bool {
    version(fragment).is_some()
}

/// The version of the format, and what it holds.
fn version(fragment: &str) -> Option<(&str, &str)> {
    let (version, rest) = fragment.strip_prefix('s')?.split_once('.')?;
    let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some((version, rest))
}

/// The text in what stands after `#`, and who shared it.
///
/// # Errors
/// For anything that [`encode`] did not make.
pub fn decode(fragment: &str) -> Result<(String, Sharer), Unreadable> {
    match version(fragment) {
        Some(("1", packed)) => decode_1(packed),
        Some(_) => Err(Unreadable::Newer),
        None => Err(Unreadable::NotOurs),
    }
}

fn decode_1(packed: &str) -> Result<(String, Sharer), Unreadable> {
    if packed.len() > LONGEST_LINK {
        return Err(Unreadable::TooLong);
    }
    // What chat tools and mail put behind or into a link is none of it.
    let packed: String = packed
        .trim_end_matches(['=', '.', ',', ')', '>'])
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let bytes = URL_SAFE_NO_PAD
        .decode(packed)
        .map_err(|error| match error {
            base64::DecodeError::InvalidLength(_) | base64::DecodeError::InvalidLastSymbol(..) => {
                Unreadable::Cut
            }
            _ => Unreadable::Damaged,
        })?;
    // The head comes on top.
    let most = LONGEST + 1024;
    let plain = decompress_to_vec_with_limit(&bytes, most).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => Unreadable::TooLong,
        TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => Unreadable::Cut,
        _ => Unreadable::Damaged,
    })?;
    let plain = String::from_utf8(plain).map_err(|_| Unreadable::Damaged)?;
    let (head, text) = plain.split_once('\n').ok_or(Unreadable::Damaged)?;
    let sharer: Sharer = serde_json::from_str(head).map_err(|_| Unreadable::Damaged)?;
    if !sharer.is_of(text) {
        return Err(Unreadable::Damaged);
    }
    Ok((text.to_owned(), sharer))
}

#[cfg(test)]
mod tests;
