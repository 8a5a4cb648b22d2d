namespace KeysCluster.Client;

/// <summary>Projects. Every call but get and update needs an admin key.</summary>
public sealed class ProjectsClient
{
    private const string Path = "api/projects";

    private readonly KeysConnection _connection;

    internal ProjectsClient(KeysConnection connection) => _connection = connection;

    /// <summary>Creates a project with its first API key, which has every permission.</summary>
    /// <param name="name">1 to 128 characters.</param>
    /// <param name="idempotencyKey">
    /// 16 to 255 printable characters; the same call with the same one returns the same project for 24 hours. A new one
    /// for each call by default.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The project may have been created.</param>
    public async Task<IssuedProject> CreateAsync(
        string name, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var (issued, isReplay) = await _connection.IssueAsync<IssuedProject>(
            Path, new NameBody(name), idempotencyKey, cancellationToken);
        return issued with { IsReplay = isReplay };
    }

    /// <summary>Returns a project. Needs <c>project:manage</c> or an admin key.</summary>
    public async Task<Project> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (await _connection.GetAsync<Response>(GetPath(id), cancellationToken)).Project;

    /// <summary>Lists projects, newest first, page by page while they are read.</summary>
    /// <param name="archived">Whether to list the archived projects instead of the others.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public IAsyncEnumerable<Project> ListAsync(bool archived = false, CancellationToken cancellationToken = default) =>
        PageReader.ReadAllAsync<Project>(
            (cursor, token) => ListPageAsync(archived, cursor, limit: 200, token), cancellationToken);

    /// <summary>Lists projects, newest first.</summary>
    /// <param name="archived">Whether to list the archived projects instead of the others.</param>
    /// <param name="cursor">Selects a page; null for the first.</param>
    /// <param name="limit">1 to 200; 50 by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Page<Project>> ListPageAsync(
        bool archived = false, string? cursor = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        var query = new QueryString()
            .Add("cursor", cursor)
            .Add("limit", limit)
            .Add("status", archived ? "archived" : null);
        return _connection.GetAsync<Page<Project>>(Path + query, cancellationToken);
    }

    /// <summary>Changes members of a project. Needs <c>project:manage</c> or an admin key.</summary>
    public Task<Project> UpdateAsync(
        string id, UpdateProject update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return ChangeAsync(HttpMethod.Patch, GetPath(id), update, cancellationToken);
    }

    /// <summary>
    /// Disables a project. No silo and no client accepts its virtual keys and API keys when the call returns.
    /// </summary>
    public Task<Project> DisableAsync(
        string id, string? reason = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, GetPath(id) + "/disable", new ReasonBody(reason), cancellationToken);

    /// <summary>Enables a project again.</summary>
    public Task<Project> EnableAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, GetPath(id) + "/enable", null, cancellationToken);

    /// <summary>Archives a project. Its keys are refused permanently.</summary>
    public Task<Project> ArchiveAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Delete, GetPath(id), null, cancellationToken);

    /// <summary>Erases the keys and events of an archived project in the background, permanently.</summary>
    public Task<Project> EraseAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, GetPath(id) + "/erase", null, cancellationToken);

    private async Task<Project> ChangeAsync(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        (await _connection.SendAsync<Response>(method, path, body, cancellationToken)).Project;

    private static string GetPath(string id) => $"{Path}/{IdPath.Escape(id)}";

    private sealed record Response(Project Project);

    private sealed record NameBody(string Name);
}
