const CLASSES: usize = 10;
const HIDDEN: usize = 2 * CLASSES;
use self::Halve;
pub struct Constants {
    x = Input(CLASSES, HIDDEN);
    x = Flatten()(x);
    x = Halve()(x);
    Dense(CLASSES, softmax)(x)
}
