using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.VirtualKeys;

[StatelessWorker, GrainType("vk-list")]
internal sealed class VirtualKeyListGrain(
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
        VirtualKey[] keys = [.. states.Take(limit).Select(state => Deserialize(state).ToVirtualKey(now))];
        var next = states.Count > limit ? new VirtualKeyPosition(keys[^1].CreatedAt, keys[^1].Id) : null;
        return new VirtualKeyPage(keys, next);
    }

    private static VirtualKeyState Deserialize(byte[] state) =>
        JsonSerializer.Deserialize<VirtualKeyState>(state, StateJson.Options)!;
}
