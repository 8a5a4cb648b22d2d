using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.VirtualKeys;

[StatelessWorker, GrainType("vk-list")]
internal sealed partial class VirtualKeyListGrain(
    IStateIndex index,
    ILogger<VirtualKeyListGrain> logger,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IVirtualKeyListGrain
{
    public Task<VirtualKeyPage> List(VirtualKeyPosition? after, int limit) =>
        StorageGuard.ExecuteAsync(logger, "list of virtual keys", () => ReadPageAsync(after, limit));

    private async Task<VirtualKeyPage> ReadPageAsync(VirtualKeyPosition? after, int limit)
    {
        // One more than the limit shows whether there is another page.
        var position = after is null ? (IndexPosition?)null : new(after.CreatedAt, after.Id.ToString());
        var project = this.GetPrimaryKeyString();
        var states = await index.ListAfterAsync(
            StorageNames.VirtualKey, project, position, limit + 1, CancellationToken.None);

        var now = time.GetUtcNowMilliseconds();
        var page = states.Take(limit).ToList();
        var next = states.Count > limit
            ? new VirtualKeyPosition(page[^1].Position.CreatedAt, VirtualKeyId.Parse(page[^1].Position.Id))
            : null;
        var keys = page.Select(Read).OfType<VirtualKeyState>().Select(state => state.ToVirtualKey(now));
        return new VirtualKeyPage([.. keys], next);
    }

    private VirtualKeyState? Read(IndexedState indexed)
    {
        var state = indexed.TryRead<VirtualKeyState>();
        if (state is null) LogUnreadable(logger, indexed.Position.Id);
        return state;
    }
}
