//! What the reader has been told: names and places go to it once, before the first record that has them.

use crate::encoder::Encoder;
use crate::names::{self, Place, Site};

pub(crate) struct Known {
    /// By number.
    names: Bits,
    sites: Bits,
    /// How many definitions a reader has that came late; `usize::MAX` when it needs none.
    late: usize,
}

impl Known {
    pub(crate) const fn new() -> Known {
        Known { names: Bits::new(), sites: Bits::new(), late: usize::MAX }
    }

    /// What has to be said before this record; `None` when there is nothing.
    ///
    /// @param place where it was logged, when that has no number
    pub(crate) fn missing(
        &self,
        record: &Encoder,
        site: Option<&'static Site>,
        place: Place,
    ) -> Option<Encoder> {
        let is_site_known = site.is_some_and(|site| self.sites.has(site.id));
        if is_site_known && record.names.iter().all(|name| self.names.has(name.id)) {
            return None;
        }
        let mut made = Encoder::default();
        match site {
            Some(_) if is_site_known => {}
            Some(site) => made.define_site(site.id, site.place()),
            None => made.define_site(0, place),
        }
        for name in &record.names {
            if !self.names.has(name.id) {
                made.define_name(name);
            }
        }
        Some(made)
    }

    /// It was said.
    pub(crate) fn add(&mut self, record: &Encoder, site: Option<&'static Site>) {
        if let Some(site) = site {
            self.sites.add(site.id);
        }
        for name in &record.names {
            self.names.add(name.id);
        }
    }

    /// There is a reader now that doesn't know what the one before was told.
    pub(crate) fn tell_again(&mut self) {
        self.late = 0;
    }

    /// True when a reader has to be told before it can read on.
    pub(crate) fn is_late(&self) -> bool {
        self.late != usize::MAX
    }

    /// What a reader that came late has to know next: about so many bytes of it, nothing when that was all.
    pub(crate) fn next_part(&mut self, bytes: usize) -> Encoder {
        let (names, sites) = names::all();
        let mut part = Encoder::default();
        while part.len() < bytes {
            if let Some(name) = names.get(self.late) {
                part.define_name(name);
            } else if let Some(site) = sites.get(self.late - names.len()) {
                part.define_site(site.id, site.place());
            } else {
                self.late = usize::MAX;
                break;
            }
            self.late += 1;
        }
        part
    }
}

/// A set of small numbers.
struct Bits(Vec<u64>);

impl Bits {
    const fn new() -> Bits {
        Bits(Vec::new())
    }

    fn has(&self, at: u32) -> bool {
        let (word, bit) = (at as usize / 64, at % 64);
        self.0.get(word).is_some_and(|bits| bits & (1 << bit) != 0)
    }

    fn add(&mut self, at: u32) {
        let (word, bit) = (at as usize / 64, at % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << bit;
    }
}
