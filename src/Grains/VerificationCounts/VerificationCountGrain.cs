using KeysCluster.VerificationCounts;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.VerificationCounts;

/// <summary>Nothing is stored, so the activation stays for as long as a count is of interest.</summary>
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
