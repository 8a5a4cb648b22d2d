using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Validation;

[GrainType("empty")]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    private Verdict _verdict = Verdict.NotFound;

    public ValueTask Call(Sha256Digest digest, ProjectId? project) => ValueTask.CompletedTask;

    public ValueTask<Verdict> GetVerdict(Sha256Digest digest, ProjectId? project) => new(_verdict);

    public Task SetVerdict(Verdict verdict)
    {
        _verdict = verdict;
        return Task.CompletedTask;
    }
}
