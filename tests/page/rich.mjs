// Scenarios with what the presets may not have: faults, audits, a dataset, bounds, a trace.

const twoState = (stays) => ({
  two_state: { stays, sells_out_per_day: 0.5, reopens_per_day: 1.5, searches_per_stay_per_day: 10 },
});

/** Designs that are struck by faults, are audited, and have a dataset that is gated and rolled back. */
export const RICH = {
  version: 1,
  title: "When it breaks",
  question: "Would we notice that the feed has stopped, and what does our audit say meanwhile?",
  seed: 7,
  bounds: true,
  run: { warmup: "1d", length: "7d", replicates: 3 },
  world: twoState(400),
  designs: [
    {
      name: "push, watched",
      feeds: [
        {
          name: "deltas",
          source: "deltas",
          delivery: {
            push: {
              latency: { lognormal: { median: "2s", p99: "30s" } },
              loss: 0.001,
              window: { after_first: "5m" },
              consumers: 3,
              service: { fixed: "20ms" },
              retention: "1d",
            },
          },
        },
      ],
      cache: { ttl: { fixed: "2d" }, sold_out_ttl: "6h", stale_while_revalidate: "1h" },
      serving: { live_check: "shown", explore: 0.05 },
      operations: { lag_above: "10m", parity_check: {}, repair_after: "2h", replay: "over" },
      audits: [
        { name: "panel", panel: { size: 100, every: "6h", alert: { below: 0.97, in_a_row: 2 } } },
        { name: "random", random: { size: 100, every: "4h" } },
      ],
    },
    {
      name: "nightly dataset",
      feeds: [
        {
          name: "load",
          source: { dataset: { every: "1d", build_time: "2h", keep: 2 } },
          delivery: { push: { latency: { fixed: "5m" } } },
        },
      ],
      operations: { publish_gate: { catches: 0.5 }, rollback_after: "1h" },
    },
    {
      name: "budget of polls",
      feeds: [
        {
          name: "poll",
          source: "inventory",
          delivery: { pull: { budget_per_day: 10000, allocation: "freshest", rate_limit: { per_second: 1 } } },
        },
      ],
      cache: { capacity: { entries: 300 } },
    },
  ],
  faults: [
    { outage: { design: "push, watched", feed: "deltas", at: "36h", lasts: "8h" } },
    { leak: { design: "push, watched", at: "3d", lasts: "1d", share: 0.2 } },
    { bad_dataset: { design: "nightly dataset", at: "4d", lasts: "2d", kind: "answers", share: 0.3 } },
    { traffic_drop: { at: "5d", lasts: "6h", times: 0.3 } },
  ],
};

/** A world that is read from a file, and some bookings for it: `rows` of them, one of which makes no sense. */
export const TRACE = {
  version: 1,
  title: "As it was",
  run: { warmup: "1d", length: "6d", replicates: 2 },
  world: { trace: { bookings: "bookings.csv", booking_window: "14d", max_nights: 2, searches_per_request: 20 } },
  designs: [
    { name: "hourly", feeds: [{ name: "poll", source: "inventory", delivery: { pull: { every: "1h" } } }] },
  ],
};

/** Bookings of 5 hotels over 40 days as CSV, and one row that cannot be meant. */
export function bookings(rows = 600) {
  const day = (n) => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10);
  const lines = ["hotel,booked_at,check_in,nights,cancelled_at,remark"];
  for (let i = 0; i < rows; i += 1) {
    const at = (i * 7) % 40;
    const checkIn = at + ((i * 5) % 12);
    const cancelled = i % 3 === 0 ? day(Math.min(at + 1, checkIn)) : "";
    lines.push(`hotel ${i % 5},${day(at)},${day(checkIn)},${1 + (i % 3)},${cancelled},`);
  }
  lines.push(`hotel 1,yesterday,${day(3)},1,,`);
  return `${lines.join("\n")}\n`;
}
