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
    ValueTask Call(SecretDigest digest, ProjectId? project);

    /// <summary>Takes what a validation takes, and answers what <see cref="Hold"/> was told.</summary>
    [Alias("Answer"), AlwaysInterleave]
    ValueTask<Verdict> Answer(SecretDigest digest, ProjectId? project);

    /// <summary>Sets the answer of <see cref="Answer"/>.</summary>
    [Alias("Hold")]
    Task Hold(Verdict verdict);
}

[GrainType("empty")]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    private Verdict _verdict = Verdict.NotFound;

    public ValueTask Call(SecretDigest digest, ProjectId? project) => ValueTask.CompletedTask;

    public ValueTask<Verdict> Answer(SecretDigest digest, ProjectId? project) => new(_verdict);

    public Task Hold(Verdict verdict)
    {
        _verdict = verdict;
        return Task.CompletedTask;
    }
}
