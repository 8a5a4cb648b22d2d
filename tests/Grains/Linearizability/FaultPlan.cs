using KeysCluster.Grains.Tests.TestSilo;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>The fault of one storage operation, and the number of times that it yields to other work.</summary>
internal sealed record FaultPlan(int Yields, CallFault Fault)
{
    public InjectedFault ToInjectedFault() => Faults.Yield(Yields, Fault switch
    {
        CallFault.FailBefore => Faults.FailBeforeAsync,
        CallFault.LoseResponse => Faults.FailAfterAsync,
        _ => Faults.NoneAsync,
    });
}
