using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Orleans.Concurrency;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>What a grain call costs when there is nothing to do: the floor of a validation through a grain.</summary>
[Alias("KeysCluster.Benchmarks.IEmptyGrain")]
public interface IEmptyGrain : IGrainWithStringKey
{
    /// <summary>Takes what a validation takes, and answers.</summary>
    [Alias("Call"), AlwaysInterleave]
    ValueTask CallAsync(Sha256Digest digest, ProjectId? project);

    /// <summary>Takes what a validation takes, and answers what <see cref="SetVerdictAsync"/> was told.</summary>
    [Alias("Answer"), AlwaysInterleave]
    ValueTask<Verdict> GetVerdictAsync(Sha256Digest digest, ProjectId? project);

    /// <summary>Sets the answer of <see cref="GetVerdictAsync"/>.</summary>
    [Alias("Hold")]
    Task SetVerdictAsync(Verdict verdict);
}

[GrainType("empty")]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    private Verdict _verdict = Verdict.NotFound;

    public ValueTask CallAsync(Sha256Digest digest, ProjectId? project) => ValueTask.CompletedTask;

    public ValueTask<Verdict> GetVerdictAsync(Sha256Digest digest, ProjectId? project) => new(_verdict);

    public Task SetVerdictAsync(Verdict verdict)
    {
        _verdict = verdict;
        return Task.CompletedTask;
    }
}
