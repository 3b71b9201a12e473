//! A doubly linked list through dense keys: a ring whose one place more is both ends.

/// Beside a key that is not in the list.
const OUT: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Links {
    newer: u32,
    older: u32,
}

/// Keys from the newest to the oldest.
#[derive(Debug, Clone)]
pub(in crate::design::cache) struct List {
    links: Vec<Links>,
    /// Newer than the newest and older than the oldest.
    end: u32,
}

impl List {
    pub(in crate::design::cache) fn new(keys: u32) -> Self {
        let out = Links {
            newer: OUT,
            older: OUT,
        };
        let mut links = vec![out; keys as usize + 1];
        links[keys as usize] = Links {
            newer: keys,
            older: keys,
        };
        Self { links, end: keys }
    }

    /// The place that is no key: beyond either end.
    pub(in crate::design::cache) fn end(&self) -> u32 {
        self.end
    }

    #[inline]
    pub(in crate::design::cache) fn holds(&self, key: u32) -> bool {
        self.links[key as usize].newer != OUT
    }

    /// The oldest key, or the end if there is none.
    #[inline]
    pub(in crate::design::cache) fn oldest(&self) -> u32 {
        self.links[self.end as usize].newer
    }

    /// The key next newer than this one, or the end.
    #[inline]
    pub(in crate::design::cache) fn newer(&self, key: u32) -> u32 {
        self.links[key as usize].newer
    }

    /// Adds a key that is not in the list, as the newest.
    #[inline]
    pub(in crate::design::cache) fn push(&mut self, key: u32) {
        let newest = self.links[self.end as usize].older;
        self.links[key as usize] = Links {
            newer: self.end,
            older: newest,
        };
        self.links[newest as usize].newer = key;
        self.links[self.end as usize].older = key;
    }

    /// Takes out a key that is in the list.
    #[inline]
    pub(in crate::design::cache) fn unlink(&mut self, key: u32) {
        let Links { newer, older } = self.links[key as usize];
        self.links[newer as usize].older = older;
        self.links[older as usize].newer = newer;
        self.links[key as usize].newer = OUT;
    }
}
