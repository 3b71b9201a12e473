//! Frames of an animation, as long as it is kept.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

type Step = Closure<dyn FnMut(f64)>;

/// Calls a function before each frame that the browser draws. Dropping it ends that.
pub(super) struct Frames {
    next: Rc<Cell<i32>>,
    step: Rc<RefCell<Option<Step>>>,
}

/// A tab that was hidden does not make up for it.
const LONGEST: f64 = 100.0;

impl Frames {
    /// The function is handed the milliseconds since the frame before; it goes on as long as it says so.
    pub(super) fn start(mut draw: impl FnMut(f64) -> bool + 'static) -> Self {
        let frames = Self {
            next: Rc::new(Cell::new(0)),
            step: Rc::new(RefCell::new(None)),
        };
        let (next, step) = (Rc::clone(&frames.next), Rc::downgrade(&frames.step));
        let mut before = None;
        *frames.step.borrow_mut() = Some(Closure::new(move |now: f64| {
            let passed = before.map_or(0.0, |before: f64| now - before);
            before = Some(now);
            if draw(passed.clamp(0.0, LONGEST))
                && let Some(step) = step.upgrade()
                && let Some(step) = &*step.borrow()
            {
                next.set(request(step));
            }
        }));
        if let Some(step) = &*frames.step.borrow() {
            frames.next.set(request(step));
        }
        frames
    }
}

fn request(step: &Step) -> i32 {
    window()
        .request_animation_frame(step.as_ref().unchecked_ref())
        .unwrap_or(0)
}

impl Drop for Frames {
    fn drop(&mut self) {
        let _ = window().cancel_animation_frame(self.next.get());
    }
}
