//! Limits of single numbers, declared once for the check, the schema and the form's sliders.

/// The longest stay, in nights.
pub const MOST_NIGHTS: f64 = 30.0;
/// The largest hotel, in requests a day: some 1,500 rooms.
pub const MOST_REQUESTS: f64 = 500.0;
/// The busiest supplier, in changes a day and hotel.
pub const MOST_SUPPLIER_CHANGES: f64 = 100.0;
/// The most room types of a hotel.
pub const MOST_ROOM_TYPES: f64 = 16.0;
/// The most rate plans of a hotel.
pub const MOST_RATE_PLANS: f64 = 16.0;
/// The emptiest hotel of a trace: so many times the rooms it ever needed.
pub const MOST_ROOMS_TIMES: f64 = 1_000.0;
/// The fastest that hotels come and go: each stays some three days.
pub const MOST_TURNOVER: f64 = 100.0;
