//! The worker that runs scenarios, and others that help it once a run takes long: as many as there are processors.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo::timers::callback::Timeout;

use super::engine::{Engine, Heard};
use super::protocol::{FromWorker, LONG, Task};
use super::state::Files;

/// At most so many workers run one scenario: each holds the whole world.
const MOST_WORKERS: u32 = 8;

/// The workers.
pub(super) struct Crew {
    chief: Rc<Engine>,
}

/// What is known of helpers.
#[derive(Default)]
struct Helpers {
    chief: Option<Weak<Engine>>,
    /// None before they are needed.
    all: Option<Vec<Option<Engine>>>,
}

impl Crew {
    /// Starts a worker whose words are heard.
    ///
    /// # Errors
    /// Why it could not be started, for the reader.
    pub(super) fn start(hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, String> {
        let helpers = Rc::new(RefCell::new(Helpers::default()));
        let of_chief = Rc::clone(&helpers);
        // The last run that was heard of, and since when.
        let run = Rc::new(Cell::new((0, 0.0)));
        let chief = Engine::start(move |heard| {
            if let Heard::Said(FromWorker::Progress {
                job, done, parts, ..
            }) = &heard
            {
                let (last, since) = run.get();
                if last != *job {
                    run.set((*job, now()));
                } else if done < parts && now() - since > LONG / 2.0 {
                    // The second word of a run, which comes so long after the first, but for a part at most.
                    Helpers::start(&of_chief);
                }
            }
            hear(heard);
        })?;
        let chief = Rc::new(chief);
        helpers.borrow_mut().chief = Some(Rc::downgrade(&chief));
        Ok(Self { chief })
    }

    /// Hands the chief a scenario to run, which replaces the one before.
    pub(super) fn run(&self, number: u32, text: &str, files: Files) {
        self.chief.ask(number, text, Task::Run, files);
    }
}

impl Helpers {
    /// Starts all of them, once.
    fn start(helpers: &Rc<RefCell<Self>>) {
        let mut own = helpers.borrow_mut();
        let chief = own.chief.as_ref().and_then(Weak::upgrade);
        let (Some(chief), None) = (chief, &own.all) else {
            return;
        };
        let processors = gloo::utils::window().navigator().hardware_concurrency() as u32;
        let start = |number| {
            let helpers = Rc::downgrade(helpers);
            let hear = move |heard| {
                if let (Heard::Broken(_), Some(helpers)) = (heard, helpers.upgrade()) {
                    helpers.borrow_mut().lose(number);
                }
            };
            chief.start_helping(number, hear).ok()
        };
        own.all = Some((1..processors.min(MOST_WORKERS)).map(start).collect());
    }

    /// One is gone: the chief goes on without it, and nobody else needs to know.
    fn lose(&mut self, number: u32) {
        let of_all = self.all.as_mut();
        let place = of_all.and_then(|all| all.get_mut(number as usize - 1));
        // Not from within its own last word.
        if let Some(gone) = place.and_then(Option::take) {
            Timeout::new(0, move || drop(gone)).forget();
        }
        if let Some(chief) = self.chief.as_ref().and_then(Weak::upgrade) {
            chief.ask(0, "", Task::Without(number), Files::default());
        }
    }
}

fn now() -> f64 {
    gloo::utils::window()
        .performance()
        .map_or(0.0, |clock| clock.now())
}
