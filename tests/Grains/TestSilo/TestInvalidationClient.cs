using KeysCluster.Grains.Leases;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// Records the invalidations that a fence sends. A lease holder acknowledges at once, unless a test sets another
/// response. One that fails counts as no acknowledgement.
/// </summary>
internal sealed class TestInvalidationClient : IInvalidationClient
{
    public Dictionary<LeaseHolder, Task> Responses { get; } = [];

    public List<(LeaseHolder Holder, GrainId Owner, long Revision)> Requests { get; } = [];

    /// <summary>The holders at whose addresses another client answers.</summary>
    public HashSet<LeaseHolder> Impostors { get; } = [];

    public async Task<bool> InvalidateAsync(Lease lease, GrainId owner, long revision)
    {
        lock (Requests) Requests.Add((lease.Holder, owner, revision));
        var response = Responses.GetValueOrDefault(lease.Holder, Task.CompletedTask);
        await response.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return response.IsCompletedSuccessfully && !Impostors.Contains(lease.Holder);
    }
}
