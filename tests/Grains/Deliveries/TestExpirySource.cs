using KeysCluster.Grains.Deliveries;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>The expiries of virtual keys in memory.</summary>
internal sealed class TestExpirySource : IExpirySource
{
    private int _callCount;

    public List<(VirtualKeyId Key, DateTimeOffset ExpiresAt)> Expiring { get; } = [];

    public List<(VirtualKeyId Key, DateTimeOffset DueAt)> Retiring { get; } = [];

    /// <summary>The number of calls for retiring secrets.</summary>
    public int CallCount => Volatile.Read(ref _callCount);

    /// <summary>Whether calls for retiring secrets fail.</summary>
    public bool IsFailing { get; set; }

    public Task<IReadOnlyList<VirtualKeyId>> FindExpiringAsync(
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<VirtualKeyId>>(
            [.. Expiring.Where(key => key.ExpiresAt > after && key.ExpiresAt <= until).Select(key => key.Key)]);

    public Task<IReadOnlyList<(VirtualKeyId Key, DateTimeOffset DueAt)>> FindRetiringAsync(
        DateTimeOffset until, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _callCount);
        if (IsFailing) throw new IOException("Injected: connection lost.");
        return Task.FromResult<IReadOnlyList<(VirtualKeyId Key, DateTimeOffset DueAt)>>(
            [.. Retiring.Where(key => key.DueAt <= until)]);
    }
}
