//! The live view's model: what is shown of a film at a moment, and how its clock runs. No part needs a browser.
//!
//! ```text
//!  film worker ──reels──▶ timeline ──▶ map: hotels × nights      what is true, what is held
//!              ──days───▶ flow     ──▶ dots in the pipeline      what happens just now
//!  clock ──────moment──▶ both
//! ```

use std::ops::Deref;
use std::rc::Rc;

pub mod cells;
pub mod clock;
pub mod films;
pub mod flow;
pub mod map;
pub mod timeline;

/// Something large that is made once: the same if it is the very same, which is found out at once.
#[derive(Debug)]
pub struct Same<T>(Rc<T>);

impl<T> Same<T> {
    /// It was just made.
    #[must_use]
    pub fn new(made: T) -> Self {
        Self(Rc::new(made))
    }
}

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
