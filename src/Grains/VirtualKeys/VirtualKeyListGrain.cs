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
    public Task<VirtualKeyPage> List(VirtualKeyPosition? after, int limit) => ListAsync(filter: null, after, limit);

    public Task<VirtualKeyPage> Find(VirtualKeyFilter filter, VirtualKeyPosition? after, int limit) =>
        ListAsync(filter, after, limit);

    private Task<VirtualKeyPage> ListAsync(VirtualKeyFilter? filter, VirtualKeyPosition? after, int limit)
    {
        ListLimits.Check(limit);
        return StorageGuard.ExecuteAsync(
            logger, "list of virtual keys", () => ReadPageAsync(filter, after, limit));
    }

    private async Task<VirtualKeyPage> ReadPageAsync(VirtualKeyFilter? filter, VirtualKeyPosition? after, int limit)
    {
        var position = after is null
            ? (IndexPosition?)null
            : new(after.CreatedAt, after.Id.ToString(), after.SortText);
        var project = this.GetPrimaryKeyString();
        var now = time.GetUtcNowMilliseconds();

        // One more than the limit shows whether there is another page.
        var states = filter is null
            ? await index.ListAfterAsync(
                StorageNames.VirtualKey, project, position, limit + 1, CancellationToken.None)
            : await index.FindVirtualKeysAsync(project, filter, position, now, limit + 1, CancellationToken.None);

        var page = states.Take(limit).ToList();
        var next = states.Count > limit ? CreatePosition(page[^1].Position, filter) : null;
        return new VirtualKeyPage([.. page.Select(indexed => Read(indexed, now)).OfType<VirtualKey>()], next);
    }

    private static VirtualKeyPosition CreatePosition(IndexPosition position, VirtualKeyFilter? filter) => new(
        position.CreatedAt,
        VirtualKeyId.Parse(position.Id),
        filter?.Order ?? VirtualKeyOrder.CreatedAt,
        position.SortText);

    private VirtualKey? Read(IndexedState indexed, DateTimeOffset now)
    {
        var key = indexed.TryRead((VirtualKeyState state) => state.ToVirtualKey(now));
        if (key is null) LogUnreadable(logger, indexed.Position.Id);
        return key;
    }
}
