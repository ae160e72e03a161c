//! Tokens as the user wrote them, for messages and docs.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The tokens as text, spaced as rustfmt would.
pub(crate) fn text(tokens: &TokenStream) -> String {
    let mut out = String::new();
    write(tokens, &mut out);
    out
}

/// [`text`], cut to a length that fits into a line of a message.
pub(crate) fn short(tokens: &TokenStream) -> String {
    const LONGEST: usize = 40;
    let text = text(tokens);
    if text.chars().count() <= LONGEST {
        return text;
    }
    let mut cut: String = text.chars().take(LONGEST - 1).collect();
    cut.push('…');
    cut
}

fn write(tokens: &TokenStream, out: &mut String) {
    let mut before = Before::Nothing;
    let mut in_bars = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                if before == Before::Operator || (before == Before::Word && open == "{ ") {
                    out.push(' ');
                }
                out.push_str(open);
                write(&group.stream(), out);
                out.push_str(close);
                before = Before::Word;
            }
            TokenTree::Punct(punct) => {
                let c = punct.as_char();
                before = match c {
                    ',' | ';' => {
                        out.push(c);
                        Before::Operator
                    }
                    '|' if in_bars => {
                        in_bars = false;
                        out.push(c);
                        Before::Operator
                    }
                    '.' | ':' | '!' | '&' | '|' | '\'' | '#' => {
                        in_bars |= c == '|';
                        if before == Before::Operator {
                            out.push(' ');
                        }
                        out.push(c);
                        Before::Joint
                    }
                    '-' if before != Before::Word => {
                        if before == Before::Operator {
                            out.push(' ');
                        }
                        out.push(c);
                        Before::Joint
                    }
                    _ => {
                        if before != Before::Joint && before != Before::Nothing {
                            out.push(' ');
                        }
                        out.push(c);
                        match punct.spacing() {
                            Spacing::Joint => Before::Joint,
                            Spacing::Alone => Before::Operator,
                        }
                    }
                };
            }
            word => {
                if matches!(before, Before::Word | Before::Operator) {
                    out.push(' ');
                }
                out.push_str(&word.to_string());
                before = Before::Word;
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Word,
    Operator,
    Joint,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_as_it_was_written() {
        for source in [
            "Dense(64, relu, use_bias = false)(x)",
            "x * 2 + 1",
            "image[(.., ..14, 0)]",
            "crate::nets::Encoder()(x)",
            "Concatenate(axis = -1)([a, -b])",
            "Lambda(|x| x.abs())(y)",
        ] {
            let tokens: TokenStream = source.parse().expect("these are tokens");
            assert_eq!(text(&tokens), source);
        }
    }
}
