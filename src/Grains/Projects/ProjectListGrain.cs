using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Projects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Projects;

[StatelessWorker, GrainType("project-list")]
internal sealed partial class ProjectListGrain(
    IStateIndex index,
    ILogger<ProjectListGrain> logger,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IProjectListGrain
{
    /// <summary>The owner under which the database lists archived projects.</summary>
    private const string Archived = "archived";

    public Task<ProjectPage> List(int page, int limit) => ListAsync("", page, limit);

    public Task<ProjectPage> ListArchived(int page, int limit) => ListAsync(Archived, page, limit);

    private Task<ProjectPage> ListAsync(string owner, int page, int limit)
    {
        ListLimits.Check(limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        return StorageGuard.ExecuteAsync(logger, "list of projects", () => ReadPageAsync(owner, page, limit));
    }

    private async Task<ProjectPage> ReadPageAsync(string owner, int page, int limit)
    {
        var offset = (long)(page - 1) * limit;
        var states = await index.ListPageAsync(
            StorageNames.Project, owner, offset, limit, CancellationToken.None);
        var total = await index.CountAsync(StorageNames.Project, owner, CancellationToken.None);
        var now = time.GetUtcNowMilliseconds();
        return new ProjectPage([.. states.Select(indexed => Read(indexed, now)).OfType<Project>()], total);
    }

    private Project? Read(IndexedState indexed, DateTimeOffset now)
    {
        var project = indexed.TryRead((ProjectState state) => state.ToProject(now));
        if (project is null) LogUnreadable(logger, indexed.Position.Id);
        return project;
    }
}
