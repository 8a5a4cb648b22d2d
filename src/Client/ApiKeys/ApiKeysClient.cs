namespace KeysCluster.Client;

/// <summary>The API keys of projects. Each call needs <c>apiKeys:manage</c> or an admin key.</summary>
public sealed class ApiKeysClient
{
    private readonly KeysConnection _connection;

    internal ApiKeysClient(KeysConnection connection) => _connection = connection;

    /// <summary>Creates an API key. Its secret is in the result, and nowhere else.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="key">The API key.</param>
    /// <param name="idempotencyKey">
    /// 16 to 255 printable characters; the same call with the same one returns the same API key for 24 hours. A new one
    /// for each call by default.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The API key may have been created.</param>
    public async Task<IssuedApiKey> CreateAsync(
        string projectId,
        CreateApiKey key,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (issued, isReplay) = await _connection.IssueAsync<IssuedApiKey>(
            GetPath(projectId), key, idempotencyKey, cancellationToken);
        return issued with { IsReplay = isReplay };
    }

    /// <summary>Lists the API keys of a project, oldest first, at most 100.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(
        string projectId, CancellationToken cancellationToken = default) =>
        (await _connection.GetAsync<ListResponse>(GetPath(projectId), cancellationToken)).Data;

    /// <summary>Returns an API key.</summary>
    public async Task<ApiKey> GetAsync(
        string projectId, string id, CancellationToken cancellationToken = default) =>
        (await _connection.GetAsync<Response>(GetPath(projectId, id), cancellationToken)).ApiKey;

    /// <summary>
    /// Changes members of an API key. A removed permission is refused everywhere when the call returns.
    /// </summary>
    public Task<ApiKey> UpdateAsync(
        string projectId, string id, UpdateApiKey update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return ChangeAsync(HttpMethod.Patch, GetPath(projectId, id), update, cancellationToken);
    }

    /// <summary>Deletes an API key with all its secrets. They are refused everywhere when the call returns.</summary>
    public Task DeleteAsync(string projectId, string id, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(HttpMethod.Delete, GetPath(projectId, id), cancellationToken);

    /// <summary>Creates a new secret. The replaced one can only read and verify until its deadline.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="id">The API key.</param>
    /// <param name="gracePeriod">
    /// How long the replaced secret is accepted, in whole seconds: 0 to 30 days, 24 hours by default.
    /// </param>
    /// <param name="idempotencyKey">
    /// 16 to 255 printable characters; the same call with the same one returns the same secret for 24 hours. A new one
    /// for each call by default.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The API key may have been rotated.</param>
    public async Task<IssuedApiKey> RotateAsync(
        string projectId,
        string id,
        TimeSpan? gracePeriod = null,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        var (issued, isReplay) = await _connection.IssueAsync<IssuedApiKey>(
            GetPath(projectId, id) + "/rotate", GracePeriodBody.Create(gracePeriod), idempotencyKey, cancellationToken);
        return issued with { IsReplay = isReplay };
    }

    /// <summary>Expires all retiring secrets of an API key.</summary>
    public Task<ApiKey> ExpireRetiringSecretsAsync(
        string projectId, string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Delete, GetPath(projectId, id) + "/retiring-secrets", null, cancellationToken);

    /// <summary>Expires a retiring secret of an API key.</summary>
    public Task<ApiKey> ExpireRetiringSecretAsync(
        string projectId, string id, string secretId, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Delete, GetSecretPath(projectId, id, secretId), null, cancellationToken);

    /// <summary>Changes the deadline of a retiring secret of an API key.</summary>
    public Task<ApiKey> ChangeDeadlineAsync(
        string projectId,
        string id,
        string secretId,
        DateTimeOffset validUntil,
        CancellationToken cancellationToken = default) =>
        ChangeAsync(
            HttpMethod.Patch, GetSecretPath(projectId, id, secretId), new DeadlineBody(validUntil), cancellationToken);

    private async Task<ApiKey> ChangeAsync(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        (await _connection.SendAsync<Response>(method, path, body, cancellationToken)).ApiKey;

    private static string GetPath(string projectId) => $"api/projects/{IdPath.Escape(projectId)}/api-keys";

    private static string GetPath(string projectId, string id) => $"{GetPath(projectId)}/{IdPath.Escape(id)}";

    private static string GetSecretPath(string projectId, string id, string secretId) =>
        $"{GetPath(projectId, id)}/retiring-secrets/{IdPath.Escape(secretId)}";

    private sealed record Response(ApiKey ApiKey);

    private sealed record ListResponse(IReadOnlyList<ApiKey> Data);
}
