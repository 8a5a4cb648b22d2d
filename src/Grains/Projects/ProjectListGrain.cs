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

    public Task<ProjectPage> ListAfter(ProjectPosition? after, int limit, bool isArchived)
    {
        var owner = isArchived ? Archived : "";
        var position = after is null ? (IndexPosition?)null : new(after.CreatedAt, after.Id.ToString());
        return ListAsync(owner, limit, size => index.ListAfterAsync(
            StorageNames.Project, owner, position, size, CancellationToken.None));
    }

    private Task<ProjectPage> ListAsync(string owner, int page, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        return ListAsync(owner, limit, size => index.ListPageAsync(
            StorageNames.Project, owner, (long)(page - 1) * limit, size, CancellationToken.None));
    }

    private Task<ProjectPage> ListAsync(
        string owner, int limit, Func<int, Task<IReadOnlyList<IndexedState>>> readAsync)
    {
        ListLimits.Check(limit);
        return StorageGuard.ExecuteAsync(logger, "list of projects", async () =>
        {
            // One more than the limit shows whether there is another page.
            var states = await readAsync(limit + 1);
            var total = await index.CountAsync(StorageNames.Project, owner, CancellationToken.None);
            var now = time.GetUtcNowMilliseconds();
            var page = states.Take(limit).ToList();
            return new ProjectPage(
                [.. page.Select(indexed => Read(indexed, now)).OfType<Project>()],
                total,
                states.Count > limit ? CreatePosition(page[^1].Position) : null);
        });
    }

    private static ProjectPosition CreatePosition(IndexPosition position) =>
        new(position.CreatedAt, ProjectId.Parse(position.Id));

    private Project? Read(IndexedState indexed, DateTimeOffset now)
    {
        var project = indexed.TryRead((ProjectState state) => state.ToProject(now));
        if (project is null) LogUnreadable(logger, indexed.Position.Id);
        return project;
    }
}
