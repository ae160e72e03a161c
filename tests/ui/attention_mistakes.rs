use model_runtime::prelude::*;

model! {
    pub struct OneInput {
        words = Input(5, 6);
        MultiHeadAttention(2, 8)(words)
    }

    pub struct AnImage {
        image = Input(28, 28, 3);
        words = Input(5, 6);
        MultiHeadAttention(2, 8)(words, image)
    }

    pub struct AnIndex {
        words = Input(5, 6, dtype = int32);
        AdditiveAttention()([words, words])
    }

    pub struct NoHeads {
        x = Input(5, 6);
        MultiHeadAttention(num_heads = 0, key_dim = 8)(x, x)
    }

    pub struct NothingLeft {
        x = Input(5, 6);
        MultiHeadAttention(2, 8, dropout = 1.0)(x, x)
    }

    pub struct NoKeyDim {
        x = Input(5, 6);
        MultiHeadAttention(2)(x, x)
    }
}

fn main() {}
