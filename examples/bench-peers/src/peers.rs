//! R1 elsewhere: a loop over each item, a binary heap of all events, nexosim.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::{EventSinkReader, EventSource, Output, SinkState, event_queue};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::item::{END, Event, Item, searches_per_day};

fn items(count: usize) -> Vec<Item> {
    (1..)
        .zip(searches_per_day(count))
        .map(|(number, per_day)| Item::new(number, per_day))
        .collect()
}

/// Item by item, the next of three events: no queue.
pub fn one_by_one(count: usize) -> (Vec<Item>, f64) {
    let mut items = items(count);
    let began = Instant::now();
    for item in &mut items {
        let mut next = item.first();
        loop {
            let mut first = 0;
            for other in 1..3 {
                if next[other].0 < next[first].0 {
                    first = other;
                }
            }
            let (now, event) = next[first];
            if now >= END {
                break;
            }
            next[first].0 += item.happens(now, event);
        }
        item.passed(END);
    }
    (items, began.elapsed().as_secs_f64())
}

/// When an event happens, and to which item.
struct Due(f64, u32, Event);

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    /// The earliest is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.total_cmp(&self.0)
    }
}

/// All events in the standard library's binary heap.
pub fn in_a_heap(count: usize) -> (Vec<Item>, f64) {
    let mut items = items(count);
    let began = Instant::now();
    let mut heap = BinaryHeap::with_capacity(3 * count);
    for (number, item) in (0..).zip(&mut items) {
        for (at, event) in item.first() {
            heap.push(Due(at, number, event));
        }
    }
    while let Some(mut next) = heap.peek_mut() {
        let Due(now, number, event) = *next;
        if now >= END {
            break;
        }
        // The heap sifts what was replaced, as it is let go.
        next.0 = now + items[number as usize].happens(now, event);
    }
    for item in &mut items {
        item.passed(END);
    }
    (items, began.elapsed().as_secs_f64())
}

/// An item as a model of nexosim, which schedules its own events.
#[derive(Serialize, Deserialize)]
struct Modelled {
    item: Item,
    /// What it found, at the end.
    found: Output<Item>,
}

fn days(days: f64) -> Duration {
    // Nexosim refuses an event now.
    Duration::from_secs_f64(days * 86_400.0).max(Duration::from_nanos(1))
}

fn now(context: &Context<Modelled>) -> f64 {
    context
        .time()
        .duration_since(MonotonicTime::EPOCH)
        .as_secs_f64()
        / 86_400.0
}

#[Model]
impl Modelled {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>) {
        for (at, event) in self.item.first() {
            match event {
                Event::Flip => context.schedule_event(days(at), schedulable!(Self::flip), ()),
                Event::Poll => context.schedule_event(days(at), schedulable!(Self::poll), ()),
                Event::Search => context.schedule_event(days(at), schedulable!(Self::search), ()),
            }
            .expect("a moment to come");
        }
    }

    #[nexosim(schedulable)]
    fn flip(&mut self, _: (), context: &Context<Self>) {
        let wait = self.item.happens(now(context), Event::Flip);
        let next = context.schedule_event(days(wait), schedulable!(Self::flip), ());
        next.expect("a moment to come");
    }

    #[nexosim(schedulable)]
    fn poll(&mut self, _: (), context: &Context<Self>) {
        let wait = self.item.happens(now(context), Event::Poll);
        let next = context.schedule_event(days(wait), schedulable!(Self::poll), ());
        next.expect("a moment to come");
    }

    #[nexosim(schedulable)]
    fn search(&mut self, _: (), context: &Context<Self>) {
        let wait = self.item.happens(now(context), Event::Search);
        let next = context.schedule_event(days(wait), schedulable!(Self::search), ());
        next.expect("a moment to come");
    }

    /// Says what it found.
    async fn tell(&mut self, _: ()) {
        self.item.passed(END);
        self.found.send(self.item.clone()).await;
    }
}

/// An actor an item, on one thread.
pub fn in_nexosim(count: usize) -> (Vec<Item>, f64) {
    let mut bench = SimInit::with_num_threads(1);
    let (sink, mut found) = event_queue(SinkState::Enabled);
    let mut tell = EventSource::new();
    for (number, item) in items(count).into_iter().enumerate() {
        let mailbox = Mailbox::new();
        tell = tell.connect(Modelled::tell, &mailbox);
        let mut output = Output::default();
        output.connect_sink(sink.clone());
        let model = Modelled {
            item,
            found: output,
        };
        bench = bench.add_model(model, mailbox, &format!("item {number}"));
    }
    let tell = tell.register(&mut bench);
    let mut simulation = bench.init(MonotonicTime::EPOCH).expect("a bench");
    let began = Instant::now();
    simulation.step_until(days(END)).expect("a run");
    let took = began.elapsed().as_secs_f64();
    simulation.process_event(&tell, ()).expect("a run");
    let items = std::iter::from_fn(|| found.try_read()).collect();
    (items, took)
}
