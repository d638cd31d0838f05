//! Texts that come again and again, sent once and by number from then on: names of fields, spans and threads, and the
//! places in the code that log.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use crate::control::Target;

/// A name by its number, which is never 0: that stands for one that is written out.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) id: u32,
    pub(crate) text: Box<str>,
    /// True when it may stand in a line as it is.
    pub(crate) is_plain: bool,
}

/// A place in the code, by its number. 0 is for places beyond those that are kept: it is defined anew at each record.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) id: u32,
    pub(crate) target: &'static Target,
    pub(crate) module: Box<str>,
    pub(crate) file: Box<str>,
    /// 0: not known.
    pub(crate) line: u32,
    pub(crate) system: System,
}

impl Site {
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            target: &self.target.name,
            module: &self.module,
            file: &self.file,
            line: self.line,
            system: self.system,
        }
    }
}

/// The language a record comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
pub(crate) enum System {
    Rust = 0,
    Cpp = 1,
}

/// Where a record is logged, as the logging library tells it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) target: &'a str,
    pub(crate) module: &'a str,
    pub(crate) file: &'a str,
    pub(crate) line: u32,
    pub(crate) system: System,
}

/// Names and places are made of code and are few; the bounds are for those who make them of data.
const MOST_NAMES: usize = 8_192;
const MOST_SITES: usize = 8_192;
const LONGEST_NAME: usize = 64;

#[derive(Default)]
struct Tables {
    names: HashMap<&'static str, &'static Name>,
    name_list: Vec<&'static Name>,
    sites: HashMap<(usize, u32, &'static str), &'static Site>,
    site_list: Vec<&'static Site>,
}

fn tables() -> &'static Mutex<Tables> {
    static TABLES: OnceLock<Mutex<Tables>> = OnceLock::new();
    TABLES.get_or_init(Mutex::default)
}

fn locked() -> std::sync::MutexGuard<'static, Tables> {
    tables().lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// True for a name that stands in a line as it is, and in an object where it was put.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let is_clean = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    is_clean
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name != "__proto__"
}

/// The name of this text; `None` when it is too long, or there are too many.
fn name_of(text: &str) -> Option<&'static Name> {
    if text.len() > LONGEST_NAME {
        return None;
    }
    let mut tables = locked();
    if let Some(name) = tables.names.get(text) {
        return Some(name);
    }
    if tables.name_list.len() >= MOST_NAMES {
        return None;
    }
    let name: &'static Name = Box::leak(Box::new(Name {
        id: tables.name_list.len() as u32 + 1,
        text: text.into(),
        is_plain: is_plain_name(text),
    }));
    tables.name_list.push(name);
    tables.names.insert(&name.text, name);
    Some(name)
}

fn site_of(target: &'static Target, place: Place) -> Option<&'static Site> {
    let mut tables = locked();
    let address = target as *const Target as usize;
    if let Some(site) = tables.sites.get(&(address, place.line, place.file)) {
        return Some(site);
    }
    if tables.site_list.len() >= MOST_SITES {
        return None;
    }
    let site: &'static Site = Box::leak(Box::new(Site {
        id: tables.site_list.len() as u32 + 1,
        target,
        module: place.module.into(),
        file: place.file.into(),
        line: place.line,
        system: place.system,
    }));
    tables.site_list.push(site);
    tables.sites.insert((address, place.line, &site.file), site);
    Some(site)
}

/// All that has a number up to now, for a reader that comes late.
pub(crate) fn all() -> (Vec<&'static Name>, Vec<&'static Site>) {
    let tables = locked();
    (tables.name_list.clone(), tables.site_list.clone())
}

/// Slots of a thread's caches.
const SLOTS: usize = 128;

/// What a thread has looked up. Texts lie mostly where they lay before, so a slot is found by address; whether it holds
/// that text is seen by comparing.
pub(crate) struct Cache {
    targets: [Option<&'static Target>; SLOTS],
    names: [Option<&'static Name>; SLOTS],
    sites: [Option<&'static Site>; SLOTS],
}

impl Cache {
    pub(crate) fn new() -> Cache {
        Cache { targets: [None; SLOTS], names: [None; SLOTS], sites: [None; SLOTS] }
    }

    pub(crate) fn target(&mut self, name: &str) -> Option<&'static Target> {
        let slot = &mut self.targets[slot_of(name, 0)];
        match slot {
            Some(target) if *target.name == *name => Some(target),
            _ => {
                let target = crate::control::target_of(name)?;
                *slot = Some(target);
                Some(target)
            }
        }
    }

    pub(crate) fn name(&mut self, text: &str) -> Option<&'static Name> {
        let slot = &mut self.names[slot_of(text, 0)];
        match slot {
            Some(name) if *name.text == *text => Some(name),
            _ => {
                let name = name_of(text)?;
                *slot = Some(name);
                Some(name)
            }
        }
    }

    pub(crate) fn site(&mut self, place: Place) -> Option<&'static Site> {
        let slot = slot_of(place.file, place.line as usize);
        if let Some(site) = self.sites[slot] {
            if site.line == place.line && *site.file == *place.file && *site.target.name == *place.target {
                return Some(site);
            }
        }
        let site = site_of(self.target(place.target)?, place)?;
        self.sites[slot] = Some(site);
        Some(site)
    }
}

fn slot_of(text: &str, salt: usize) -> usize {
    let address = text.as_ptr() as usize;
    (address ^ (address >> 7) ^ (text.len() << 3) ^ salt) % SLOTS
}
