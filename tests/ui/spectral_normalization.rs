use model_runtime::prelude::*;

model! {
    pub struct NoKernel {
        x = Input(4);
        SpectralNormalization(Flatten())(x)
    }

    pub struct NoIterations {
        x = Input(4);
        SpectralNormalization(Dense(3), power_iterations = 0)(x)
    }

    pub struct InsideOfIt {
        x = Input(4);
        SpectralNormalization(Conv1D(8, 3))(x)
    }
}

fn main() {}
