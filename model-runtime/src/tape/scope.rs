use super::{Mode, Tape, Var, with};

/// The values that the call of a model makes. Where nobody wants gradients, those that are not used
/// any more give back their memory, so that a deep model needs no more than a shallow one.
pub struct Scope {
    /// What was made before belongs to others.
    seen: usize,
    /// What is used after the last statement.
    alive: Vec<u32>,
}

impl Scope {
    /// Begins: what has been made so far is left alone.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "it takes a step that runs")]
    pub fn new() -> Scope {
        Scope { seen: with(|tape| tape.nodes.len()), alive: Vec::new() }
    }

    /// A statement is over, after which only these values are used of those that the scope has
    /// made.
    #[track_caller]
    pub fn keep(&mut self, values: &[Var]) {
        with(|tape| {
            if tape.mode == Mode::Training || tape.recorded {
                return;
            }
            let made = self.seen..tape.nodes.len();
            self.seen = made.end;
            self.alive.extend(made.map(|index| index as u32));
            self.alive.retain(|&index| {
                let used = tape.is_used(index, values);
                if !used {
                    tape.nodes[index as usize].value.release();
                }
                used
            });
        });
    }
}

impl Tape {
    /// Whether somebody may ask for a value's numbers again, where these values are used.
    fn is_used(&self, index: u32, values: &[Var]) -> bool {
        let node = &self.nodes[index as usize];
        let of = |var: &Var| {
            let other = &self.nodes[self.index(*var) as usize];
            let logits = other.softmax.then(|| other.inputs[0]);
            var.index == index || other.mask == Some(index) || logits == Some(index)
        };
        // What no operation has made is a weight, say, whose numbers are somebody else's.
        node.inputs.is_empty()
            || values.iter().any(of)
            || self.is_waited_for(index)
            || self.terms.iter().any(|term| term.value.index == index)
            || self.added.iter().any(|added| added.value.index == index)
            || self.assigned.iter().any(|assigned| assigned.node == index)
    }
}
