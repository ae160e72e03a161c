//! Schedules against their closed forms, and against numbers of Keras 3.15.1, which are `float32`.

use super::*;

#[track_caller]
fn same(schedule: &dyn LearningRateSchedule, expected: &[(u64, f64)]) {
    for &(step, expected) in expected {
        let rate = schedule.at(step).as_f64();
        assert!((rate - expected).abs() <= 2e-7 * expected.abs(), "{step}: {rate} {expected}");
    }
}

#[test]
fn rates_are_those_of_keras() {
    let schedule = ExponentialDecay::new(0.1, 10, 0.5);
    same(&schedule, &[(0, 0.100000001), (3, 0.0812252387), (10, 0.0500000007), (25, 0.0176776703)]);
    let schedule = ExponentialDecay::new(0.1, 10, 0.5).staircase(true);
    same(&schedule, &[(9, 0.100000001), (10, 0.0500000007), (25, 0.0250000004)]);
    let schedule = InverseTimeDecay::new(0.1, 10, 0.5);
    same(&schedule, &[(0, 0.100000001), (3, 0.0869565234), (10, 0.0666666701), (25, 0.0444444455)]);
    let schedule = InverseTimeDecay::new(0.1, 10, 0.5).staircase(true);
    same(&schedule, &[(9, 0.100000001), (10, 0.0666666701), (25, 0.0500000007)]);
    let schedule = PolynomialDecay::new(0.1, 10).end_learning_rate(0.01).power(2.0);
    same(
        &schedule,
        &[(0, 0.100000001), (3, 0.0540999994), (10, 0.00999999978), (25, 0.00999999978)],
    );
    let schedule = PolynomialDecay::new(0.1, 10).end_learning_rate(0.01).power(0.5).cycle(true);
    same(
        &schedule,
        &[
            (0, 0.100000001),
            (3, 0.0852994025),
            (10, 0.00999999978),
            (11, 0.0703738332),
            (20, 0.00999999978),
            (25, 0.0467423499),
        ],
    );
    let schedule = CosineDecay::new(0.1, 10).alpha(0.25);
    same(&schedule, &[(0, 0.100000001), (3, 0.0845419466), (10, 0.0250000004), (25, 0.0250000004)]);
    let schedule = CosineDecay::new(0.1, 10).alpha(0.25).warmup(0.5, 4);
    same(
        &schedule,
        &[(0, 0.100000001), (3, 0.400000006), (4, 0.5), (7, 0.422709733), (14, 0.125), (25, 0.125)],
    );
    let schedule = CosineDecayRestarts::new(0.1, 10).m_mul(0.5).alpha(0.25);
    same(
        &schedule,
        &[
            (0, 0.100000001),
            (3, 0.0845419466),
            (10, 0.0625),
            (25, 0.0304917488),
            (30, 0.0437499993),
            (69, 0.0250288993),
            (70, 0.0343750007),
        ],
    );
    let schedule = CosineDecayRestarts::new(0.1, 10).t_mul(1.0).m_mul(0.5).alpha(0.25);
    same(&schedule, &[(0, 0.100000001), (3, 0.0845419466), (10, 0.0625), (25, 0.0343750007)]);
    let schedule = PiecewiseConstantDecay::new([5, 10], [1.0, 0.5, 0.1]);
    same(&schedule, &[(0, 1.0), (5, 1.0), (6, 0.5), (10, 0.5), (11, 0.100000001)]);
}

/// The formulas of the docs, at every step.
#[test]
fn rates_have_closed_forms() {
    use std::f64::consts::PI;
    let all = |schedule: &dyn LearningRateSchedule, form: &dyn Fn(f64) -> f64| {
        (0..40).for_each(|step| same(schedule, &[(step, form(step as f64))]));
    };
    all(&ExponentialDecay::new(0.5, 8, 0.75), &|t| 0.5 * (0.75_f64.ln() * t / 8.0).exp());
    all(&InverseTimeDecay::new(0.5, 8, 0.75), &|t| 4.0 / (8.0 + 0.75 * t));
    let line = PolynomialDecay::new(0.5, 8).end_learning_rate(0.25);
    all(&line, &|t| if t < 8.0 { 0.5 - t / 32.0 } else { 0.25 });
    let wave = |p: f64| 0.25 + 0.75 * (PI * p / 2.0).cos().powi(2);
    let cosine = CosineDecay::new(0.5, 8).alpha(0.25);
    all(&cosine, &|t| 0.5 * wave((t / 8.0).min(1.0)));
    all(&cosine.warmup(2.0, 6), &|t| {
        if t < 6.0 { 0.5 + t / 4.0 } else { 2.0 * wave(((t - 6.0) / 8.0).min(1.0)) }
    });
    // Periods of 8, 16 and 32 steps.
    all(&CosineDecayRestarts::new(0.5, 8).alpha(0.25), &|t| {
        let periods = [(0.0, 8.0), (8.0, 16.0), (24.0, 32.0)];
        let (start, length) = periods.into_iter().rfind(|(start, _)| t >= *start).unwrap();
        0.5 * wave((t - start) / length)
    });
}

#[test]
fn a_restart_is_at_the_first_step_of_its_period() {
    for t_mul in [1.0, 1.5, 2.0, 3.0] {
        let schedule = CosineDecayRestarts::new(1.0, 7).t_mul(t_mul).alpha(0.25);
        // Periods of 7 · t_mulⁱ steps; the first step of one has the full learning rate.
        let (mut start, mut length) = (0.0_f64, 7.0);
        while start < 1e6 {
            if start == start.round() {
                assert_eq!(schedule.at(start as u64), 1.0, "{t_mul} {start}");
                assert!(start == 0.0 || schedule.at(start as u64 - 1) < 0.5, "{t_mul} {start}");
            }
            start += length;
            length *= t_mul.as_f64();
        }
    }
}

#[test]
fn schedules_that_make_no_sense_are_refused() {
    let schedules: [&dyn LearningRateSchedule; 11] = [
        &ExponentialDecay::new(-1.0, 1, 0.5),
        &ExponentialDecay::new(1.0, 0, 0.5),
        &InverseTimeDecay::new(1.0, 0, 0.5),
        &InverseTimeDecay::new(1.0, 1, Float::NAN),
        &PiecewiseConstantDecay::new([1], [0.5]),
        &PiecewiseConstantDecay::new([2, 2], [0.5, 0.25, 0.125]),
        &PiecewiseConstantDecay::new([2], [0.5, -0.25]),
        &PolynomialDecay::new(1.0, 0),
        &CosineDecay::new(1.0, 10).warmup(Float::INFINITY, 2),
        &CosineDecay::new(1.0, 0),
        &CosineDecayRestarts::new(1.0, 10).t_mul(0.5),
    ];
    for schedule in schedules {
        assert!(matches!(schedule.check(), Err(Error::Option { .. })), "{:?}", schedule.check());
    }
    assert_eq!(PiecewiseConstantDecay::new([], [0.5]).check(), Ok(()));
}
