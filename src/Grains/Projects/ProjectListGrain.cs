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
    public Task<ProjectPage> List(int page, int limit) => StorageReads.Run(logger, "projects", async () =>
    {
        var offset = (long)(page - 1) * limit;
        var states = await index.ListPage<ProjectState>(
            StorageNames.Project, owner: "", offset, limit, CancellationToken.None);
        var total = await index.Count(StorageNames.Project, owner: "", CancellationToken.None);
        var now = time.GetNow();
        return new ProjectPage([.. states.Select(state => state.View(now))], total);
    });
}
