using KeysCluster.VerificationCounts;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.VerificationCounts;

/// <summary>
/// Counts verifications. Nothing is stored, so the activation stays as long as the oldest count is shown.
/// </summary>
[GrainType("verification-count"), CollectionAgeLimit(Hours = 24)]
internal sealed class VerificationCountGrain(
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IVerificationCountGrain
{
    private readonly VerificationWindow _window = new(time.GetUtcNow());

    public Task Add(IReadOnlyList<VerificationBucket> buckets)
    {
        var now = time.GetUtcNow();
        foreach (var bucket in buckets) _window.Add(bucket, now);
        return Task.CompletedTask;
    }

    public Task<VerificationHistory> Read() => Task.FromResult(_window.Read(time.GetUtcNow()));
}
