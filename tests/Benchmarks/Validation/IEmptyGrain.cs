using KeysCluster.Secrets;
using Orleans.Concurrency;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>What a grain call costs when there is nothing to do: the floor of a validation through a grain.</summary>
[Alias("KeysCluster.Benchmarks.IEmptyGrain")]
public interface IEmptyGrain : IGrainWithStringKey
{
    /// <summary>Takes what a validation takes, and answers.</summary>
    [Alias("Call"), AlwaysInterleave]
    ValueTask Call(SecretDigest digest);
}

[GrainType("empty")]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    public ValueTask Call(SecretDigest digest) => ValueTask.CompletedTask;
}
