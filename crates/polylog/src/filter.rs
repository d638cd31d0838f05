//! Filter directives: `warn,my_core::cluster=debug,my_core[connect{node=3}]=trace`.
//!
//! The host parses what people write and pushes the outcome down in the same grammar; this reads it, and `RUST_LOG` until
//! the host is there. As in the host, a target governs at the boundary of a segment (`foo` doesn't govern `foobar`), and
//! `::` and `.` separate segments alike.

use crate::level::{rank_of, OFF};

/// Levels, by logger.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// The longest target first: the first that governs a name decides.
    directives: Vec<Directive>,
    /// Those that hold only within spans.
    pub(crate) within: Vec<SpanDirective>,
}

#[derive(Debug, PartialEq)]
struct Directive {
    target: String,
    rank: u8,
}

/// `target[span{field=value}]=level`
#[derive(Debug, PartialEq)]
pub(crate) struct SpanDirective {
    target: String,
    /// Empty: any span.
    span: String,
    fields: Vec<(String, Option<String>)>,
    pub(crate) rank: u8,
}

/// Directives of a hostile filter: no more are read.
const MOST_DIRECTIVES: usize = 10_000;

impl Filter {
    /// Reads directives. What can't be read is left out: the host has told of it, or tells of it once it is there.
    pub(crate) fn parse(text: &str) -> Filter {
        let mut filter = Filter::default();
        for part in parts_of(text).take(MOST_DIRECTIVES) {
            filter.add(part);
        }
        filter.directives.sort_by_key(|directive| std::cmp::Reverse(directive.target.len()));
        filter
    }

    fn add(&mut self, part: &str) {
        if let Some((target, rest)) = part.split_once('[') {
            if let Some(directive) = span_directive(target, rest) {
                self.within.push(directive);
            }
            return;
        }
        let (target, rank) = match part.split_once('=') {
            Some((target, level)) if level.trim().is_empty() => (target, Some(0)),
            Some((target, level)) => (target, rank_of(level)),
            None => match rank_of(part) {
                Some(rank) => ("", Some(rank)),
                None => (part, Some(0)),
            },
        };
        let Some(rank) = rank else { return };
        let target = canonical(target);
        self.directives.retain(|other| other.target != target);
        self.directives.push(Directive { target, rank });
    }

    /// The rank that a record of this logger needs at least.
    pub(crate) fn rank_of(&self, name: &str) -> u8 {
        let name = canonical(name);
        self.directives
            .iter()
            .find(|directive| governs(&directive.target, &name))
            .map_or(rank_of("info").unwrap_or(OFF), |directive| directive.rank)
    }

    /// The lowest rank that any logger lets through.
    pub(crate) fn lowest(&self) -> u8 {
        let outside = self.directives.iter().map(|directive| directive.rank).min();
        let has_root = self.directives.iter().any(|directive| directive.target.is_empty());
        let root = if has_root { OFF } else { 2 };
        let within = self.within.iter().map(|directive| directive.rank).min();
        outside.unwrap_or(OFF).min(root).min(within.unwrap_or(OFF))
    }
}

impl SpanDirective {
    /// True when a record of this logger and level goes through, within a span that matches.
    pub(crate) fn lets_through(&self, name: &str, rank: u8) -> bool {
        rank >= self.rank && governs(&self.target, &canonical(name))
    }

    /// True when a span of this name may match, whatever its fields are.
    pub(crate) fn names(&self, span: &str) -> bool {
        self.span.is_empty() || self.span == span
    }

    /// @param value the text of a span's field, as it is displayed
    pub(crate) fn matches(&self, span: &str, value: &dyn Fn(&str) -> Option<String>) -> bool {
        self.names(span)
            && self.fields.iter().all(|(name, wanted)| match (value(name), wanted) {
                (Some(found), Some(wanted)) => found == *wanted,
                (found, None) => found.is_some(),
                (None, Some(_)) => false,
            })
    }
}

/// One spelling for all names of a logger.
pub(crate) fn canonical(name: &str) -> String {
    let name = name.trim();
    let mut whole = String::with_capacity(name.len());
    for segment in name.split("::").flat_map(|part| part.split('.')) {
        if segment.is_empty() {
            continue;
        }
        if !whole.is_empty() {
            whole.push('.');
        }
        whole.push_str(segment);
    }
    if whole == "root" {
        whole.clear();
    }
    whole
}

fn governs(target: &str, name: &str) -> bool {
    target.is_empty()
        || name.strip_prefix(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The parts between commas; a comma in brackets or braces parts fields, not directives.
fn parts_of(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    text.split(move |character: char| {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

/// @param rest what follows the opening bracket
fn span_directive(target: &str, rest: &str) -> Option<SpanDirective> {
    let (inner, after) = rest.rsplit_once(']')?;
    let after = after.trim();
    let rank = match after.strip_prefix('=') {
        Some(level) if !level.trim().is_empty() => rank_of(level)?,
        _ => 0,
    };
    let (span, fields) = match inner.split_once('{') {
        Some((span, fields)) => (span, fields.strip_suffix('}')?),
        None => (inner, ""),
    };
    let fields = fields
        .split(',')
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .map(|field| match field.split_once('=') {
            Some((name, value)) => (name.trim().to_owned(), Some(value.trim().trim_matches('"').to_owned())),
            None => (field.to_owned(), None),
        })
        .collect();
    Some(SpanDirective { target: canonical(target), span: span.trim().to_owned(), fields, rank })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logger_has_the_level_of_the_longest_target_that_governs_it() {
        let cases = [
            ("", "my_core", 2),
            ("warn", "my_core", 3),
            ("warn,my_core=debug", "my_core::cluster", 1),
            ("warn,my_core=debug", "my_core.cluster", 1),
            ("warn,my_core=debug", "my_corex", 3),
            ("my_core=debug,my_core::cluster=error", "my_core::cluster::node", 4),
            ("my_core=debug,my_core.cluster=error", "my_core::cluster", 4),
            (" warn , my_core = debug ", "my_core", 1),
            ("my_core", "my_core", 0),
            ("my_core=", "my_core", 0),
            ("my_core=off", "my_core", OFF),
            ("off", "my_core", OFF),
            ("0", "my_core", OFF),
            ("my_core=5", "my_core", 0),
            ("@scope/pkg=error", "@scope/pkg", 4),
            ("my_core=loud,warn", "my_core", 3),
            ("my_core=debug,my_core=error", "my_core", 4),
            ("my_core[connect]=trace", "my_core", 2),
        ];
        for (filter, name, expected) in cases {
            assert_eq!(Filter::parse(filter).rank_of(name), expected, "{filter} for {name}");
        }
    }

    #[test]
    fn the_lowest_rank_is_what_log_and_tracing_are_told() {
        let cases =
            [("", 2), ("warn", 3), ("warn,a=debug", 1), ("a=error", 2), ("off", OFF), ("off,a[b]=debug", 1)];
        for (filter, expected) in cases {
            assert_eq!(Filter::parse(filter).lowest(), expected, "{filter}");
        }
    }

    #[test]
    fn a_span_directive_wants_name_and_fields() {
        let value = |name: &str| (name == "node").then(|| "3".to_owned());
        let cases = [
            ("[connect]=trace", "connect", true),
            ("[connect]=trace", "other", false),
            ("[{node}]=trace", "any", true),
            ("[connect{node=3}]", "connect", true),
            ("[connect{node=\"3\"}]", "connect", true),
            ("[connect{node=4}]", "connect", false),
            ("[connect{node=3, port}]", "connect", false),
        ];
        for (filter, span, expected) in cases {
            let parsed = Filter::parse(filter);
            assert_eq!(parsed.within[0].matches(span, &value), expected, "{filter} in {span}");
        }
        assert!(Filter::parse("a[b]=debug").within[0].lets_through("a::c", 1));
        assert!(!Filter::parse("a[b]=debug").within[0].lets_through("a::c", 0));
        assert!(!Filter::parse("a[b]=debug").within[0].lets_through("ac", 1));
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for text in ["a[b", "a[b{c]=info", "a=b=c", ",,,", "a[b]=loud", "]", "a]=info["] {
            let filter = Filter::parse(text);
            assert!(filter.within.is_empty(), "{text}");
            assert_eq!(filter.rank_of("other"), 2, "{text}");
        }
    }
}
