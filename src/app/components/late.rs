//! What is not shown at once, and what waits until a knob rests.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// In milliseconds: a quick rerun is over before.
const LATE: u32 = 350;

/// Whether it has been so for a while: a page that greys out for a moment with each move of a knob flickers.
#[hook]
pub(super) fn use_late(now: bool) -> bool {
    let late = use_state_eq(|| false);
    let set = late.setter();
    use_effect_with(now, move |now| {
        let timer = now.then(|| {
            let set = set.clone();
            Timeout::new(LATE, move || set.set(true))
        });
        if !now {
            set.set(false);
        }
        move || drop(timer)
    });
    now && *late
}

/// What something was when it last stayed the same for a while: what takes long to find and is not looked at while a
/// knob moves.
#[hook]
pub(super) fn use_rested<T: Clone + PartialEq + 'static>(now: &T) -> T {
    use_calm(now, false)
}

/// The same, but what it is now where it is wanted at once.
#[hook]
pub(super) fn use_calm<T: Clone + PartialEq + 'static>(now: &T, at_once: bool) -> T {
    let rested = use_state_eq(|| now.clone());
    let set = rested.setter();
    use_effect_with((now.clone(), at_once), move |(now, at_once)| {
        let now = now.clone();
        let pause = if *at_once { 0 } else { LATE };
        let timer = Timeout::new(pause, move || set.set(now));
        move || drop(timer)
    });
    if at_once {
        now.clone()
    } else {
        (*rested).clone()
    }
}
