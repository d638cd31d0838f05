use super::values::*;
use super::*;

fn text_of(encoder: &Encoder) -> &str {
    std::str::from_utf8(&encoder.text).expect("text is UTF-8")
}

#[test]
fn lengths_are_those_of_utf16() {
    for text in ["", "hello", "grün", "日本語", "🦀 and 🦀", "\u{10ffff}"] {
        let mut encoder = Encoder::default();
        let units = encoder.push_text(text);
        assert_eq!(units as usize, text.encode_utf16().count(), "{text}");
        assert_eq!(encoder.is_wide, !text.is_ascii(), "{text}");
    }
}

#[test]
fn a_text_that_is_too_long_is_cut_at_a_character() {
    let mut encoder = Encoder::default();
    let units = encoder.push_text(&"ü".repeat(LONGEST_TEXT));
    let text = text_of(&encoder);
    assert!(text.ends_with(&format!("ü… [{LONGEST_TEXT} more bytes left out]")));
    assert_eq!(units as usize, text.encode_utf16().count());
}

#[test]
fn numbers_keep_their_value() {
    let mut cache = Cache::new();
    let kinds = [
        (Value::I64(-1), INTEGER, 1),
        (Value::I64(1 << 40), DOUBLE, 2),
        (Value::I64(i64::MAX), BIG, 1),
        (Value::U64(u64::MAX), BIG, 1),
        (Value::U64(7), INTEGER, 1),
        (Value::F64(0.5), DOUBLE, 2),
        (Value::Bool(true), TRUE, 0),
        (Value::Null, NULL, 0),
    ];
    for (value, kind, words) in kinds {
        let mut encoder = Encoder::default();
        encoder.field("n", value, &mut cache);
        assert_eq!(encoder.words[0] & 0xff, kind);
        assert_eq!(encoder.words.len(), 1 + words);
    }
}

#[test]
fn fields_beyond_the_bound_are_left_out() {
    let mut cache = Cache::new();
    let mut encoder = Encoder::default();
    for at in 0..2 * MOST_FIELDS {
        encoder.field("n", Value::U64(at.into()), &mut cache);
    }
    assert_eq!(encoder.fields, MOST_FIELDS);
    let mut big = Encoder::default();
    for _ in 0..100 {
        big.field("text", Value::Str(&"x".repeat(LONGEST_TEXT)), &mut cache);
    }
    assert!(big.len() < LONGEST_RECORD + LONGEST_TEXT + 64);
}

#[test]
fn a_message_comes_first_even_where_it_was_written_after_fields() {
    let mut cache = Cache::new();
    let mut encoder = Encoder::default();
    encoder.begin(&Head { rank: 2, site: None, time: 0.0, thread: 1, thread_name: "" }, &mut cache);
    encoder.field("text", Value::Str("field"), &mut cache);
    encoder.set_message(&Value::Str("message"));
    encoder.end(0, 0);
    assert_eq!(text_of(&encoder), "messagefield");
    assert_eq!(encoder.texts(), [&b"message"[..], b"", b"field"]);
    assert_eq!(encoder.words[MESSAGE], 7);
    assert_eq!(encoder.words[UNITS], 12);
}
