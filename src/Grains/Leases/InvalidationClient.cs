using System.Diagnostics;
using KeysCluster.Leases;
using Orleans.Runtime.Services;

namespace KeysCluster.Grains.Leases;

internal sealed class InvalidationClient(IServiceProvider services, IGrainFactory grains, InvalidationMetrics metrics)
    : GrainServiceClient<IInvalidationService>(services), IInvalidationClient
{
    public async Task<bool> InvalidateAsync(Lease lease, GrainId owner, long revision)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var isAcknowledged = false;
        try
        {
            if (lease.Holder.Silo is { } silo)
            {
                await GetGrainService(silo).Invalidate(owner, revision);
                isAcknowledged = true;
            }
            else
            {
                var client = grains.GetGrain<IInvalidationObserver>(lease.Holder.Client!.Value);
                isAcknowledged = await client.Invalidate(owner, revision) == lease.Id;
            }
        }
        catch (Exception)
        {
            // The holder is not reachable; the caller waits for its lease.
        }

        metrics.RecordAcknowledgement(startedAt, lease, isAcknowledged);
        return isAcknowledged;
    }
}
