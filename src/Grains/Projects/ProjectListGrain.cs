using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Projects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Projects;

[StatelessWorker, GrainType("project-list")]
internal sealed class ProjectListGrain(
    IStateIndex index,
    ILogger<ProjectListGrain> logger,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IProjectListGrain
{
    public Task<ProjectPage> List(int page, int limit) => StorageGuard.ExecuteAsync(
        logger, "list of projects", async () =>
        {
            var offset = (long)(page - 1) * limit;
            var states = await index.ListPageAsync(
                StorageNames.Project, owner: "", offset, limit, CancellationToken.None);
            var total = await index.CountAsync(StorageNames.Project, owner: "", CancellationToken.None);
            var now = time.GetUtcNowMilliseconds();
            return new ProjectPage([.. states.Select(state => Read(state).ToProject(now))], total);
        });

    private static ProjectState Read(byte[] state) =>
        JsonSerializer.Deserialize<ProjectState>(state, StateJson.Options)!;
}
