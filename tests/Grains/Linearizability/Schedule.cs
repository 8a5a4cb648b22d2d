using CsCheck;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>A random schedule: the steps of each caller, and the faults of storage meanwhile.</summary>
/// <param name="Callers">The steps of each caller, with a number that picks the secret of a validation.</param>
/// <param name="Reads">The faults of the first reads.</param>
/// <param name="Writes">The faults of the first writes.</param>
internal sealed record Schedule((CallerStep Step, int Pick)[][] Callers, FaultPlan[] Reads, FaultPlan[] Writes)
{
    private const int MaxCallers = 4;
    private const int MaxSteps = 6;

    private static readonly Gen<CallerStep> AnyStep = Gen.Frequency(
        (6, Gen.Const(CallerStep.Rotate)),
        (8, Gen.Const(CallerStep.Validate)),
        (1, Gen.Const(CallerStep.Revoke)),
        (3, Gen.Const(CallerStep.Get)),
        (2, Gen.Const(CallerStep.AdvanceOneMinute)),
        (1, Gen.Const(CallerStep.Deactivate)));

    private static readonly Gen<FaultPlan> AnyFaultPlan = Gen.Select(
        Gen.Int[0, 8],
        Gen.Frequency(
            (8, Gen.Const(CallFault.None)),
            (1, Gen.Const(CallFault.FailBefore)),
            (1, Gen.Const(CallFault.LoseResponse))),
        (yields, fault) => new FaultPlan(yields, fault));

    public static Gen<Schedule> Any { get; } = Gen.Select(
        Gen.Select(AnyStep, Gen.Int[0, 25]).Array[1, MaxSteps].Array[2, MaxCallers],
        AnyFaultPlan.Array[0, 8],
        AnyFaultPlan.Array[0, 24],
        (callers, reads, writes) => new Schedule(callers, reads, writes));

    public override string ToString() =>
        $"{string.Join(" | ", Callers.Select(steps => string.Join(' ', steps.Select(step => step.Step))))}; "
        + $"reads: {string.Join(' ', Reads.Select(read => read.Fault))}; "
        + $"writes: {string.Join(' ', Writes.Select(write => write.Fault))}";
}
