//! What two real hotels did: the figures that demand is calibrated on.
//!
//! Drawn from N. Antonio, A. de Almeida, L. Nunes, "Hotel booking demand datasets", Data in Brief 22 (2019)
//! 41–49, doi 10.1016/j.dib.2018.11.126, CC BY 4.0: 119,390 bookings, one row a room, of a city hotel and a
//! resort, arrivals 1 July 2015 to 31 August 2017. The file itself is not shipped.
//!
//! A tour operator's contract shows as many rooms for many dates on one booking day. "Group" rows are those
//! of market segment Groups or customer type Group or Transient-Party.

/// Leads are cut at two years: the longest in the file is 737 days.
pub(super) const LEAD_DAYS: usize = 738;
/// Longer stays, 0.1 % of the file, count as this many nights.
pub(super) const LONGEST_STAY: usize = 28;

/// The figures of one hotel.
#[derive(Debug)]
pub(super) struct Figures {
    /// Share of bookings made at most so many days ahead; linear between the points.
    pub(super) booked_within: &'static [(usize, f64)],
    /// Shares of bookings for 1, 2, … nights, the few of no night left out.
    pub(super) nights: [f64; LONGEST_STAY],
    /// Shares of arrivals by month, January first, over two whole years.
    pub(super) arrivals_by_month: [f64; 12],
    /// Shares of arrivals by weekday, Monday first.
    pub(super) arrivals_by_weekday: [f64; 7],
    /// Shares of bookings by the weekday they are made on, Monday first (July 2015 to August 2016).
    pub(super) booked_by_weekday: [f64; 7],
    /// What is cancelled, by lead, in rising order.
    pub(super) cancelled: [Cancelled; 11],
    /// Deciles of (days from booking to cancellation) / lead, of what is cancelled later than on the booking
    /// day at leads of 8 days or more.
    pub(super) cancelled_after: [f64; 11],
    /// Bookings made a day, July 2015 to August 2016: mean.
    pub(super) booked_a_day: f64,
    /// The same: variance / mean.
    pub(super) dispersion: f64,
    /// Share of those bookings that are of groups.
    pub(super) groups: f64,
    /// The others among those bookings: (variance − mean) / mean².
    pub(super) others_excess: f64,
    /// Rooms of a group for one arrival day, as the mean that a room of a group sees.
    pub(super) group_rooms: f64,
}

/// Cancellations of bookings made up to so many days ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cancelled {
    /// The longest lead this holds for, in days.
    pub(super) within: usize,
    /// Share of bookings that are cancelled or not used.
    pub(super) share: f64,
    /// Share of the cancellations that come on the booking day.
    pub(super) same_day: f64,
}

const fn cancelled(within: usize, share: f64, same_day: f64) -> Cancelled {
    Cancelled {
        within,
        share,
        same_day,
    }
}

/// The city hotel (H2): 79,330 bookings.
pub(super) const CITY: Figures = Figures {
    booked_within: &[
        (0, 0.0392),
        (1, 0.0627),
        (2, 0.0769),
        (3, 0.0898),
        (5, 0.1153),
        (7, 0.1362),
        (10, 0.1609),
        (14, 0.1938),
        (21, 0.2431),
        (30, 0.2945),
        (45, 0.3770),
        (60, 0.4444),
        (75, 0.5075),
        (90, 0.5566),
        (120, 0.6505),
        (150, 0.7213),
        (180, 0.7864),
        (210, 0.8317),
        (240, 0.8632),
        (270, 0.8900),
        (300, 0.9218),
        (330, 0.9485),
        (365, 0.9659),
        (400, 0.9752),
        (450, 0.9874),
        (500, 0.9943),
        (550, 0.9967),
        (629, 1.0),
        (737, 1.0),
    ],
    nights: [
        0.1680, 0.2712, 0.2706, 0.1590, 0.0633, 0.0261, 0.0261, 0.0049, 0.0027, 0.0025, 0.0010,
        0.0008, 0.0005, 0.0013, 0.0005, 0.0002, 0.0001, 0.0001, 0.0002, 0.0002, 0.0001, 0.0001,
        0.0, 0.0001, 0.0, 0.0, 0.0001, 0.0004,
    ],
    arrivals_by_month: [
        0.051, 0.068, 0.089, 0.103, 0.113, 0.109, 0.062, 0.081, 0.102, 0.105, 0.060, 0.057,
    ],
    arrivals_by_weekday: [0.149, 0.115, 0.142, 0.164, 0.176, 0.139, 0.116],
    booked_by_weekday: [0.188, 0.128, 0.187, 0.160, 0.153, 0.106, 0.078],
    cancelled: [
        cancelled(0, 0.0878, 1.0),
        cancelled(1, 0.1249, 0.575),
        cancelled(3, 0.1143, 0.313),
        cancelled(7, 0.1540, 0.228),
        cancelled(14, 0.2482, 0.170),
        cancelled(30, 0.3438, 0.233),
        cancelled(60, 0.3876, 0.234),
        cancelled(90, 0.4145, 0.200),
        cancelled(180, 0.4799, 0.207),
        cancelled(365, 0.6272, 0.095),
        cancelled(737, 0.7112, 0.0),
    ],
    cancelled_after: [
        0.0, 0.053, 0.124, 0.217, 0.300, 0.404, 0.571, 0.727, 0.839, 0.935, 1.0,
    ],
    booked_a_day: 102.1,
    dispersion: 88.7,
    groups: 0.349,
    others_excess: 0.451,
    group_rooms: 33.2,
};

/// The resort (H1): 40,060 bookings.
pub(super) const RESORT: Figures = Figures {
    booked_within: &[
        (0, 0.0808),
        (1, 0.1206),
        (2, 0.1440),
        (3, 0.1639),
        (5, 0.1954),
        (7, 0.2231),
        (10, 0.2517),
        (14, 0.2846),
        (21, 0.3305),
        (30, 0.3830),
        (45, 0.4574),
        (60, 0.5099),
        (75, 0.5573),
        (90, 0.6016),
        (120, 0.6762),
        (150, 0.7393),
        (180, 0.8067),
        (210, 0.8583),
        (240, 0.9033),
        (270, 0.9354),
        (300, 0.9580),
        (330, 0.9739),
        (365, 0.9889),
        (400, 0.9964),
        (450, 0.9974),
        (500, 0.9994),
        (550, 1.0),
        (737, 1.0),
    ],
    nights: [
        0.1953, 0.1567, 0.1435, 0.1216, 0.0702, 0.0453, 0.1662, 0.0196, 0.0158, 0.0237, 0.0079,
        0.0040, 0.0025, 0.0206, 0.0008, 0.0006, 0.0003, 0.0007, 0.0003, 0.0, 0.0015, 0.0002,
        0.0002, 0.0, 0.0009, 0.0001, 0.0, 0.0014,
    ],
    arrivals_by_month: [
        0.060, 0.085, 0.091, 0.099, 0.097, 0.083, 0.077, 0.085, 0.085, 0.097, 0.067, 0.073,
    ],
    arrivals_by_weekday: [0.158, 0.122, 0.123, 0.156, 0.142, 0.176, 0.123],
    booked_by_weekday: [0.185, 0.157, 0.190, 0.154, 0.172, 0.101, 0.041],
    cancelled: [
        cancelled(0, 0.0485, 1.0),
        cancelled(1, 0.0552, 0.398),
        cancelled(3, 0.0860, 0.315),
        cancelled(7, 0.0796, 0.243),
        cancelled(14, 0.1677, 0.237),
        cancelled(30, 0.2510, 0.166),
        cancelled(60, 0.3082, 0.115),
        cancelled(90, 0.3469, 0.124),
        cancelled(180, 0.3743, 0.070),
        cancelled(365, 0.4127, 0.058),
        cancelled(737, 0.4662, 0.130),
    ],
    cancelled_after: [
        0.0, 0.033, 0.080, 0.152, 0.258, 0.393, 0.530, 0.675, 0.795, 0.913, 1.0,
    ],
    booked_a_day: 49.1,
    dispersion: 33.1,
    groups: 0.261,
    others_excess: 0.502,
    group_rooms: 17.5,
};
