use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::*;
use crate::batch::HEADER;
use crate::encoder::{Head, HEAD, MESSAGE};
use crate::names::{Cache, System};

const INFO: u8 = Level::Info as u8;
const WARN: u8 = Level::Warn as u8;

#[derive(Default)]
struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Woken {
    fn times(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

fn place(target: &str) -> Place<'_> {
    Place { target, module: "module", file: "file.rs", line: 1, system: System::Rust }
}

fn log(channel: &Channel, cache: &mut Cache, rank: u8, message: &str) -> Option<u64> {
    let place = place("channel");
    let site = cache.site(place);
    let mut record = Encoder::default();
    record.begin(&Head { rank, site, time: 0.0, thread: 1, thread_name: "" }, cache);
    record.set_message(&crate::value::Value::Str(message));
    record.end(0, 0);
    channel.append(&record, rank, site, place)
}

/// The messages of a batch, and whether places were defined in it.
fn read(batch: &[u8]) -> (Vec<String>, bool) {
    let word = |at: usize| u32::from_le_bytes(batch[at * 4..at * 4 + 4].try_into().expect("four bytes"));
    let (end, mut at, mut text) = (word(0) as usize, HEADER, word(0) as usize * 4);
    let (mut messages, mut has_site) = (Vec::new(), false);
    while at < end {
        match word(at) & 0xff {
            crate::encoder::OP_RECORD => {
                let length = word(at + MESSAGE) as usize;
                messages.push(String::from_utf8_lossy(&batch[text..text + length]).into_owned());
                text += length;
                at += HEAD;
            }
            crate::encoder::OP_SITE => {
                has_site |= word(at + 2) as usize == "channel".len();
                text += (word(at + 2) + word(at + 3) + word(at + 4)) as usize;
                at += 6;
            }
            crate::encoder::OP_NAME => {
                text += word(at + 2) as usize;
                at += 3;
            }
            _ => at += 2,
        }
    }
    (messages, has_site)
}

fn take(channel: &Channel) -> (Vec<String>, bool) {
    let mut out = vec![0; BATCH];
    let length = channel.take(&mut out).bytes;
    if length == 0 {
        return (Vec::new(), false);
    }
    read(&out[..length])
}

/// How many records there are, in however many batches.
fn take_all(channel: &Channel) -> u64 {
    let batches = std::iter::from_fn(|| Some(take(channel).0.len() as u64).filter(|&count| count > 0));
    batches.sum()
}

#[test]
fn one_call_is_pending_until_the_reader_has_found_nothing() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    let woken = Arc::new(Woken::default());
    channel.attach(woken.clone());
    assert_eq!(woken.times(), 1);
    log(&channel, &mut cache, INFO, "one");
    log(&channel, &mut cache, INFO, "two");
    assert_eq!(take(&channel).0, ["one", "two"]);
    log(&channel, &mut cache, INFO, "three");
    assert_eq!(take(&channel).0, ["three"]);
    assert!(take(&channel).0.is_empty());
    assert_eq!(woken.times(), 1);
    log(&channel, &mut cache, INFO, "four");
    log(&channel, &mut cache, INFO, "five");
    assert_eq!(woken.times(), 2);
}

#[test]
fn a_reader_that_rests_is_woken_by_a_whole_batch_and_no_record_before() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    let woken = Arc::new(Woken::default());
    channel.attach(woken.clone());
    log(&channel, &mut cache, INFO, "one");
    take(&channel);
    channel.rest();
    let kilobyte = "x".repeat(1_000);
    for _ in 0..60 {
        log(&channel, &mut cache, INFO, &kilobyte);
    }
    assert_eq!(woken.times(), 1);
    for _ in 0..60 {
        log(&channel, &mut cache, INFO, &kilobyte);
    }
    assert_eq!(woken.times(), 2);
    take_all(&channel);
    log(&channel, &mut cache, INFO, "the next wakes it at once");
    assert_eq!(woken.times(), 3);
    take(&channel);
    log(&channel, &mut cache, INFO, &"x".repeat(60_000));
    log(&channel, &mut cache, INFO, &kilobyte.repeat(10));
    channel.rest();
    assert_eq!(woken.times(), 4);
}

#[test]
fn a_place_is_defined_once_and_again_for_another_reader() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    channel.attach(Arc::new(Woken::default()));
    log(&channel, &mut cache, INFO, "one");
    assert!(take(&channel).1);
    log(&channel, &mut cache, INFO, "two");
    assert!(!take(&channel).1);
    log(&channel, &mut cache, INFO, "three");
    channel.attach(Arc::new(Woken::default()));
    assert!(take(&channel).1);
    assert_eq!(take(&channel).0, ["three"]);
}

#[test]
fn what_does_not_fit_is_counted_and_warnings_have_room_of_their_own() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    let long = "x".repeat(1_000);
    let mut kept = 0;
    while log(&channel, &mut cache, INFO, &long).is_some() {
        kept += 1;
    }
    assert!(channel.turns_away(INFO));
    assert!(!channel.turns_away(WARN));
    assert!(log(&channel, &mut cache, WARN, &long).is_some());
    assert_eq!(channel.counts(), Counts { sent: kept + 3, dropped: 2 });
    assert_eq!(take_all(&channel), kept + 1);
    assert!(log(&channel, &mut cache, INFO, &long).is_some());
}

#[test]
fn records_come_in_small_batches_in_their_order() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    let wanted: Vec<String> = (0..300).map(|at| format!("{at:01000}")).collect();
    for message in &wanted {
        log(&channel, &mut cache, INFO, message);
    }
    let mut out = vec![0; BATCH];
    let mut messages = Vec::new();
    loop {
        let taken = channel.take(&mut out);
        if taken.bytes == 0 {
            break;
        }
        assert!(taken.bytes < 70_000, "{} bytes", taken.bytes);
        let (part, _) = read(&out[..taken.bytes]);
        assert_eq!(part.len(), taken.records as usize);
        messages.extend(part);
    }
    assert_eq!(messages, wanted);
}

#[test]
fn a_context_is_given_back_behind_the_records_that_have_it() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    log(&channel, &mut cache, INFO, "within");
    channel.release(7);
    log(&channel, &mut cache, INFO, "later");
    let mut out = vec![0; BATCH];
    let bytes = channel.take(&mut out).bytes;
    let words: Vec<u32> =
        out[..bytes].chunks_exact(4).map(|word| u32::from_ne_bytes(word.try_into().expect("four"))).collect();
    let at = words.windows(2).position(|pair| pair == [crate::encoder::OP_RELEASE, 7]).expect("it is there");
    let records = |words: &[u32]| words.iter().filter(|&&word| word == 0x0201).count();
    assert_eq!((records(&words[..at]), records(&words[at..])), (1, 1));
}

#[test]
fn records_made_before_there_is_a_reader_are_counted_over_all_batches() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    for _ in 0..100 {
        log(&channel, &mut cache, INFO, &"x".repeat(1_000));
    }
    channel.attach(Arc::new(Woken::default()));
    log(&channel, &mut cache, INFO, "late");
    let mut out = vec![0; BATCH];
    let mut early = 0;
    while channel.take(&mut out).bytes > 0 {
        early += u32::from_ne_bytes(out[12..16].try_into().expect("four bytes"));
    }
    assert_eq!(early, 100);
}

#[test]
fn a_record_is_delivered_when_the_next_batch_is_asked_for() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    channel.attach(Arc::new(Woken::default()));
    let number = log(&channel, &mut cache, INFO, "one").expect("there is room");
    take(&channel);
    assert!(!channel.wait_for(number, Duration::from_millis(1)));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| channel.wait_for(number, Duration::from_secs(20)));
        take(&channel);
        assert!(waiting.join().expect("it doesn't panic"));
    });
}

#[test]
fn a_closed_channel_counts_what_was_in_it_as_lost() {
    let (channel, mut cache) = (Channel::new(), Cache::new());
    log(&channel, &mut cache, INFO, "one");
    take(&channel);
    take(&channel);
    log(&channel, &mut cache, INFO, "two");
    assert_eq!(channel.close(), Counts { sent: 2, dropped: 1 });
    assert!(channel.is_closed());
}

#[test]
fn many_threads_lose_nothing_that_is_not_counted() {
    let channel = Channel::new();
    let done = AtomicU32::new(0);
    let delivered = thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut cache = Cache::new();
                for at in 0..5_000 {
                    log(&channel, &mut cache, INFO, &at.to_string());
                }
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        let mut delivered = 0;
        loop {
            let is_last = done.load(Ordering::SeqCst) == 4;
            let count = take(&channel).0.len() as u64;
            delivered += count;
            if is_last && count == 0 {
                return delivered;
            }
        }
    });
    let Counts { sent, dropped } = channel.counts();
    assert_eq!((sent, delivered + dropped), (20_000, 20_000));
}
