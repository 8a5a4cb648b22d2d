using KeysCluster.Grains.Tests.TestSilo;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>The fault of one storage operation, and the number of times that it yields to other work.</summary>
internal sealed record FaultPlan(int Yields, Fault Fault)
{
    public InjectedFault ToInjectedFault() => Faults.Yield(Yields, Fault switch
    {
        Fault.FailBefore => Faults.FailBeforeAsync,
        Fault.LoseResponse => Faults.FailAfterAsync,
        _ => Faults.NoneAsync,
    });
}
