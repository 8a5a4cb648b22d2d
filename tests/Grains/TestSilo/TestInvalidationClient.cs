using KeysCluster.Grains.Leases;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// Records the invalidations that a fence sends. A lease holder acknowledges at once, unless a test sets another
/// response.
/// </summary>
internal sealed class TestInvalidationClient : IInvalidationClient
{
    public Dictionary<LeaseHolder, Task> Responses { get; } = [];

    public List<(LeaseHolder Holder, GrainId Owner, long Revision)> Requests { get; } = [];

    public Task InvalidateAsync(LeaseHolder holder, GrainId owner, long revision)
    {
        lock (Requests) Requests.Add((holder, owner, revision));
        return Responses.GetValueOrDefault(holder, Task.CompletedTask);
    }
}
