use proptest::prelude::*;

use super::*;
use crate::scenario::presets::PRESETS;

fn sharer(text: &str) -> Sharer {
    Sharer::here(text, &PRESETS[0], Some("0123456789abcdef".to_owned()))
}

#[test]
fn every_preset_goes_into_a_link_and_comes_out_again() {
    for preset in PRESETS {
        let sharer = sharer(preset.text);
        let link = encode(preset.text, &sharer).expect("is short");
        println!("{}: {} characters", preset.name, link.len());
        assert!(
            link.len() < BROWSERS_BEAR,
            "{}: {}",
            preset.name,
            link.len()
        );
        assert_eq!(decode(&link), Ok((preset.text.to_owned(), sharer)));
        let of_link = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        assert!(link.chars().all(of_link), "{link}");
    }
}

/// The first version's link, made in 2026. It must open for ever: never change it.
const FIRST: &str = "s1.XZBBTsMwEEX3OcXIC1Zp0kBKAVWVOAdCkRtPGgvXE9lOqyjKTbgDh-jFGLtIICQvPO-P_8z3LBz60QQvXsS6un-oN4_bp2d5aBV2IhdndF6TjWJRFWsmA_djYDCMvl-d_WoYjWHe9th-MK7qrt5UUrZsVNcKxZLNGUBZwquFnkYH2kMgAkP2WLDyOwOqPNZBB4NcieunvX61pBDuYHfYn8jhrjzsReq6kDOKu2Z-cKHGBxnwVvJ18tFtnXOBxviGxtAM6BolpzQGODUNaP1fCgssyVqh10cbLd7YzspT2magmBNEh6j-a_ImeY7XJqDtGW0gN0Ws0GgOOd3WS_-VbvgDRdWLOByWdz7Zkn0D";

#[test]
fn the_first_link_opens_for_ever() {
    let (text, sharer) = decode(FIRST).expect("opens");
    assert_eq!(
        text,
        "{\n  // An hour is too long.\n  \"version\": 1,\n  \"title\": \"Ünïcode & <b>more</b>\",\n  \"world\": { \"two_state\": { \"stays\": 10, \"sells_out_per_day\": 1, \"reopens_per_day\": 1 } },\n  \"designs\": [{ \"name\": \"poll\", \"feeds\": [{ \"name\": \"all\", \"source\": \"inventory\", \"delivery\": { \"pull\": { \"every\": \"1h\" } } }] }]\n}\n"
    );
    assert!(crate::scenario::text::parse(&text).is_ok());
    assert_eq!(sharer.version, "0.1.0");
    assert_eq!(sharer.results.as_deref(), Some("0123456789abcdef"));
    assert_eq!(
        sharer.preset().map(|preset| preset.name),
        Some("push-vs-pull")
    );
}

#[test]
fn what_is_no_link_is_told_apart() {
    assert_eq!(decode(""), Err(Unreadable::NotOurs));
    assert_eq!(decode("results"), Err(Unreadable::NotOurs));
    assert_eq!(decode("s.abc"), Err(Unreadable::NotOurs));
    assert_eq!(decode("s2.abc"), Err(Unreadable::Newer));
    assert_eq!(decode("s1.!!!!"), Err(Unreadable::Damaged));
    assert!(decode("s1.").is_err());
    assert!(is_meant("s7.x") && !is_meant("talk.1"));
}

#[test]
fn what_mail_puts_around_a_link_does_no_harm() {
    let link = encode("{}", &sharer("{}")).expect("is short");
    let (start, end) = link.split_at(20);
    for around in [
        format!("{link}."),
        format!("{link})"),
        format!("{start}\r\n {end}"),
    ] {
        assert!(decode(&around).is_ok(), "{around}");
    }
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let bomb = compress_to_vec(&vec![b' '; 100 << 20], 9);
    let link = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bomb));
    assert!(link.len() < 200_000);
    assert_eq!(decode(&link), Err(Unreadable::TooLong));
    let long = "x".repeat(LONGEST + 1);
    assert_eq!(encode(&long, &sharer("")), Err(Unreadable::TooLong));
    assert_eq!(
        decode(&format!("{PREFIX}{}", "A".repeat(LONGEST_LINK + 1))),
        Err(Unreadable::TooLong)
    );
    // As long as it may be.
    let full = "é".repeat(LONGEST / 2);
    let link = encode(&full, &sharer(&full)).expect("is just short enough");
    assert!(decode(&link).is_ok_and(|(text, _)| text == full));
}

#[test]
fn a_link_that_is_cut_anywhere_is_no_scenario() {
    let link = encode(PRESETS[1].text, &sharer(PRESETS[1].text)).expect("is short");
    for end in 0..link.len() {
        assert!(decode(&link[..end]).is_err(), "cut at {end}");
    }
}

fn a_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), 0..400).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn any_text_comes_out_as_it_went_in(text in a_text()) {
        let sharer = sharer(&text);
        let link = encode(&text, &sharer).expect("is short");
        prop_assert_eq!(decode(&link), Ok((text, sharer)));
    }

    #[test]
    fn anything_may_stand_in_an_address(
        noise in a_text(), bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let _ = decode(&noise);
        let _ = decode(&format!("{PREFIX}{noise}"));
        let packed = |bytes: &[u8]| PREFIX.to_owned() + &URL_SAFE_NO_PAD.encode(bytes);
        let link = packed(&bytes);
        prop_assert!(decode(&link).is_err());
        // And what inflates to anything.
        let link = packed(&compress_to_vec(&bytes, 6));
        prop_assert!(decode(&link).is_err());
    }

    #[test]
    fn a_changed_link_never_gives_another_text(at in 0_usize..2_000, to in any::<u8>()) {
        let text = PRESETS[0].text;
        let link = encode(text, &sharer(text)).expect("is short");
        let at = PREFIX.len() + at % (link.len() - PREFIX.len());
        let to = char::from(to % 94 + 33);
        let changed = format!("{}{to}{}", &link[..at], &link[at + 1..]);
        if let Ok((read, _)) = decode(&changed) {
            prop_assert_eq!(read, text);
        }
    }
}
