//! Draws what is wrong with a scenario: the line, a caret under the place, what was expected, what to do.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Failure;
use crate::scenario::problem::{Place, Problem, Problems};

/// Texts up to this length are shown from their lines; of longer ones, and of very long lines, a piece.
const LONG: usize = 1 << 16;
/// How much of a very long line is shown on each side.
const PIECE: usize = 60;

/// Says on stderr why a command failed; in colour on a terminal, unless `NO_COLOR` is set.
pub(super) fn report(failure: &Failure) {
    let said = match failure {
        Failure::Scenario {
            name,
            text,
            problems,
        } => render(name, text, problems),
        Failure::Said(problems) => render("", "", problems),
        Failure::Defect(broken) => {
            let problem = Problem::new("", format!("a defect of stayfresh: {broken}"))
                .expected("every invariant to hold, in every run")
                .suggest("report it, with the scenario; these results are not shown");
            render("", "", &problem.into())
        }
        Failure::Missed(lines) => {
            let problem = |line: &String| Problem::new("", line.clone());
            let problems = lines
                .iter()
                .map(|line| render("", "", &problem(line).into()));
            problems.collect::<Vec<_>>().join("\n")
        }
        Failure::Output(error) => {
            let problem = Problem::new("", format!("cannot write: {error}"));
            render("", "", &problem.into())
        }
    };
    anstream::eprintln!("{said}");
}

/// All problems of a scenario, styled.
fn render(name: &str, text: &str, problems: &Problems) -> String {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    let rendered: Vec<String> = problems
        .iter()
        .map(|problem| renderer.render(&[group(name, text, problem)]))
        .collect();
    rendered.join("\n\n")
}

fn group<'a>(name: &'a str, text: &'a str, problem: &'a Problem) -> Group<'a> {
    let mut group = Group::with_title(Level::ERROR.primary_title(&problem.message));
    let label = (!problem.path.is_empty()).then(|| format!("at {}", problem.path));
    match &problem.place {
        Some(place) => {
            let piece = Piece::around(text, place);
            let mut primary = AnnotationKind::Primary.span(piece.within(place));
            if let Some(label) = label {
                primary = primary.label(label);
            }
            let mut snippet = Snippet::source(piece.text)
                .line_start(piece.line)
                .annotation(primary);
            if piece.is_whole() {
                snippet = snippet.path(name);
            } else {
                let origin = Origin::path(name).line(place.line);
                group = group.element(origin.char_column(place.column));
            }
            if let Some(related) = &problem.related
                && piece.holds(&related.place)
            {
                let span = piece.within(&related.place);
                snippet =
                    snippet.annotation(AnnotationKind::Context.span(span).label(&related.message));
            }
            group = group.element(snippet);
        }
        None => {
            if !name.is_empty() {
                group = group.element(Origin::path(name));
            }
            if let Some(label) = label {
                group = group.element(Level::NOTE.message(label));
            }
        }
    }
    if let Some(expected) = &problem.expected {
        group = group.element(Level::NOTE.message(format!("expected {expected}")));
    }
    if let Some(suggestion) = &problem.suggestion {
        group = group.element(Level::HELP.message(suggestion));
    }
    group
}

/// The part of a text that is drawn.
struct Piece<'a> {
    text: &'a str,
    /// Where it starts in the whole, and on which line.
    start: usize,
    line: usize,
}

impl<'a> Piece<'a> {
    /// The whole text, or what is near a place where the text or its lines are too long to draw.
    fn around(text: &'a str, place: &Place) -> Self {
        let before = text.get(..place.start).unwrap_or_default();
        let after = text.get(place.start..).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = after
            .find('\n')
            .map_or(text.len(), |newline| place.start + newline);
        let has_mark = text.starts_with('\u{feff}');
        if text.len() <= LONG && line_end - line_start <= 4 * PIECE && !has_mark {
            return Self {
                text,
                start: 0,
                line: 1,
            };
        }
        let line_start = line_start.max(if has_mark { '\u{feff}'.len_utf8() } else { 0 });
        let start = text.floor_char_boundary(line_start.max(place.start.saturating_sub(PIECE)));
        let end = text.ceil_char_boundary(line_end.min(place.end.min(place.start + PIECE) + PIECE));
        Self {
            text: text.get(start..end).unwrap_or_default(),
            start,
            line: place.line,
        }
    }

    /// Whether lines and columns of the piece are those of the whole.
    fn is_whole(&self) -> bool {
        self.start == 0
    }

    fn holds(&self, place: &Place) -> bool {
        place.start >= self.start && place.end <= self.start + self.text.len()
    }

    /// The place in the piece; never empty, never beyond the line that it starts on.
    fn within(&self, place: &Place) -> std::ops::Range<usize> {
        let start = (place.start.saturating_sub(self.start)).min(self.text.len());
        let end = place
            .end
            .saturating_sub(self.start)
            .clamp(start, self.text.len());
        let line = self.text.get(start..end).unwrap_or_default();
        let end = line
            .find(['\r', '\n'])
            .map_or(end, |newline| start + newline);
        start..end
    }
}
