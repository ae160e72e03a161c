use model_runtime::prelude::*;

model! {
    pub struct InTheFirstParentheses {
        x = Input(5, 6);
        MultiHeadAttention(2, 8, use_causal_mask = true)(x, x)
    }

    pub struct InTheSecondParentheses {
        x = Input(5, 6);
        MultiHeadAttention(2, 8)(x, x, dropout = 0.1)
    }

    pub struct Misspelt {
        x = Input(5, 6);
        Attention()(x, x, use_casual_mask = true)
    }

    pub struct AMask {
        x = Input(5, 6);
        Attention()(x, x, mask = x)
    }

    pub struct KeyWithoutValue {
        x = Input(5, 6);
        MultiHeadAttention(2, 8)(x, key = x)
    }

    pub struct ScoresThatNobodyAskedFor {
        x = Input(5, 6);
        (y, scores) = MultiHeadAttention(2, 8)(x, x);
        (y, scores)
    }

    pub struct AnUnknownMode {
        x = Input(5, 6);
        Attention(score_mode = dotted)(x, x)
    }
}

fn main() {}
