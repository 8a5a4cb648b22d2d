using KeysCluster.VirtualKeys;
using Orleans.Concurrency;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>A grain that does nothing: the minimum cost of a validation by a grain call.</summary>
[Alias("KeysCluster.Benchmarks.IEmptyGrain")]
public interface IEmptyGrain : IGrainWithStringKey
{
    /// <summary>Takes the arguments of a validation and returns nothing.</summary>
    [Alias("Call"), AlwaysInterleave]
    ValueTask Call(Sha256Digest digest, ProjectId? project);

    /// <summary>Takes the arguments of a validation and returns the verdict of <see cref="SetVerdict"/>.</summary>
    [Alias("GetVerdict"), AlwaysInterleave]
    ValueTask<Verdict> GetVerdict(Sha256Digest digest, ProjectId? project);

    /// <summary>Sets the result of <see cref="GetVerdict"/>.</summary>
    [Alias("SetVerdict")]
    Task SetVerdict(Verdict verdict);
}
