//! Writing a hotel's life down: the changes that a message is sent for, and the bookings that count.

use super::{Booking, Calendar, ChangeStream, RowChange, RowState, Rows};
use crate::sim::clock::{DAY, Time};

/// What is written down while a hotel is walked through time.
#[derive(Debug)]
pub(in crate::world) struct Record<'a> {
    /// How rows and stays are numbered.
    pub(in crate::world) calendar: Calendar,
    /// From when until when the hotel is on the board.
    pub(in crate::world) on_board: (Time, Time),
    /// Row changes.
    pub(in crate::world) rows: &'a mut Rows,
    /// Bookings of stays that can be searched.
    pub(in crate::world) bookings: &'a mut Vec<Booking>,
}

impl Record<'_> {
    /// A row has a new state. It is a message where a stay that can be searched now may use its night; of a
    /// night farther ahead, or of a hotel to come, it is the state they come with.
    #[inline]
    pub(in crate::world) fn note(
        &mut self,
        at: Time,
        row: u32,
        state: RowState,
        stream: ChangeStream,
    ) {
        let night = i64::from(self.calendar.night(row));
        let today = at.div_euclid(DAY);
        let reach = i64::from(self.calendar.window + self.calendar.longest) - 1;
        let (joins, leaves) = self.on_board;
        if night >= today + reach || at < joins {
            self.rows.at_start[row as usize] = state;
        } else if night >= today && at < leaves {
            self.rows.changes.push(RowChange {
                at,
                row,
                state,
                stream,
            });
        }
    }

    /// A booking is made. It counts where the stay can be searched.
    pub(in crate::world) fn booked(&mut self, at: Time, arrival: i64, nights: u32) {
        let lead = arrival - at.div_euclid(DAY);
        let (joins, leaves) = self.on_board;
        if lead < i64::from(self.calendar.window)
            && arrival < i64::from(self.calendar.check_ins())
            && nights <= self.calendar.longest
            && (joins..leaves).contains(&at)
        {
            let stay = self.calendar.stay(arrival as u32, nights);
            self.bookings.push(Booking { stay, at });
        }
    }
}
