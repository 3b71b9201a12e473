//! What the model leaves out: what no number of a run can tell.

use crate::scenario::Scenario;
use crate::world::World;

/// What to keep in mind of any run of this scenario, each in a sentence or two.
#[must_use]
pub fn of(scenario: &Scenario) -> Vec<&'static str> {
    let world = match scenario.world {
        World::TwoState(_) => {
            "The world is the textbook's: stays that flip at random, each on its own. It is there to be held against theory, not to stand for a business."
        }
        World::Hotels(_) => {
            "The hotels are made up: their bookings, cancellations and supplier changes follow published figures and assumptions, not the records of a business."
        }
        World::Trace(_) => {
            "The bookings are those of the files, with one history for all replicates: what varies between them is the rest."
        }
    };
    let money = "Wrong answers cost their price and change nothing else: no traveller goes elsewhere for good, and none comes back. Prices do not fall with volume.";
    let size =
        "Money at the size that the board stands for scales with the hotels; components do not.";
    let represents = match &scenario.world {
        World::Hotels(world) => world.represents.is_some(),
        World::Trace(world) => world.represents.is_some(),
        World::TwoState(_) => false,
    };
    [
        world,
        "A stay is available or sold out: prices, room types and what a traveller would take instead are not in it.",
        "Searches do not depend on what was answered before, and bookings do not depend on the copy.",
        "A live ask is always right and takes no time; only what is set to fail, fails.",
        "An interval says how much is luck between worlds made alike. How well the world is chosen, it cannot say.",
        "What happened, and what audits said wave by wave, is told of the first replicate.",
        money,
    ]
    .into_iter()
    .chain(represents.then_some(size))
    .collect()
}
