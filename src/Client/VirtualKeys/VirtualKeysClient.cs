namespace KeysCluster.Client;

/// <summary>The virtual keys of the project of the API key.</summary>
public sealed class VirtualKeysClient
{
    private const string Path = "api/gateway/v1/virtual-keys";

    private readonly KeysConnection _connection;

    internal VirtualKeysClient(KeysConnection connection) => _connection = connection;

    /// <summary>Creates a virtual key. Its secret is in the result, and nowhere else.</summary>
    /// <param name="key">The key.</param>
    /// <param name="idempotencyKey">
    /// 16 to 255 printable characters; the same call with the same one returns the same key for 24 hours. A new one for
    /// each call by default, so that the retries of this client create one key. Pass your own to retry after a crash.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The key may have been created.</param>
    public async Task<IssuedVirtualKey> CreateAsync(
        CreateVirtualKey key, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (issued, isReplay) =
            await _connection.IssueAsync<IssuedVirtualKey>(Path, key, idempotencyKey, cancellationToken);
        return issued with { IsReplay = isReplay };
    }

    /// <summary>
    /// Imports keys of another system, whose secrets stay valid. A key whose secret the project already has is not
    /// changed, so the call can be repeated.
    /// </summary>
    /// <param name="keys">1 to 500 keys, which take up to 512 KiB as JSON.</param>
    /// <param name="cancellationToken">Cancels the call. Some of the keys may have been imported.</param>
    /// <returns>A result for each key, in their order. A key that is refused does not affect the others.</returns>
    public async Task<IReadOnlyList<ImportResult>> ImportAsync(
        IReadOnlyList<ImportVirtualKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var response = await _connection.SendAsync<ImportResponse>(
            HttpMethod.Post, Path + "/import", new { Keys = keys }, cancellationToken);
        return response.Results;
    }

    /// <summary>Returns a virtual key.</summary>
    public async Task<VirtualKey> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (await _connection.GetAsync<Response>(GetPath(id), cancellationToken)).VirtualKey;

    /// <summary>Lists virtual keys, page by page while they are read.</summary>
    public IAsyncEnumerable<VirtualKey> ListAsync(
        VirtualKeyFilter? filter = null, CancellationToken cancellationToken = default) =>
        PageReader.ReadAllAsync<VirtualKey>(
            (cursor, token) => ListPageAsync(filter, cursor, limit: 200, token), cancellationToken);

    /// <summary>Lists virtual keys.</summary>
    /// <param name="filter">Selects keys; null for all.</param>
    /// <param name="cursor">Selects a page, with the filter of the call that returned it; null for the first.</param>
    /// <param name="limit">1 to 200; 50 by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Page<VirtualKey>> ListPageAsync(
        VirtualKeyFilter? filter = null,
        string? cursor = null,
        int limit = 50,
        CancellationToken cancellationToken = default)
    {
        var query = new QueryString().Add("cursor", cursor).Add("limit", limit);
        if (filter is not null)
        {
            query
                .Add("external_id", filter.ExternalId)
                .Add("status", filter.Status)
                .Add("environment", filter.Environment)
                .Add("principal_user_id", filter.PrincipalUserId)
                .Add("name_prefix", filter.NamePrefix)
                .Add("expires_before", filter.ExpiresBefore)
                .Add("has_retiring_secrets", filter.HasRetiringSecrets is { } has ? (has ? "true" : "false") : null);
        }

        return _connection.GetAsync<Page<VirtualKey>>(Path + query, cancellationToken);
    }

    /// <summary>Changes members of a virtual key.</summary>
    public async Task<VirtualKey> UpdateAsync(
        string id, UpdateVirtualKey update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return (await _connection.SendAsync<Response>(HttpMethod.Patch, GetPath(id), update, cancellationToken))
            .VirtualKey;
    }

    /// <summary>Creates a new secret. It works everywhere when the call returns.</summary>
    /// <param name="id">The id of the key.</param>
    /// <param name="gracePeriod">
    /// How long the replaced secret stays valid, in whole seconds: 0 to 30 days, 24 hours by default.
    /// </param>
    /// <param name="idempotencyKey">
    /// 16 to 255 printable characters; the same call with the same one returns the same secret for 24 hours. A new one
    /// for each call by default, so that the retries of this client rotate once. Pass your own to retry after a crash.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The key may have been rotated.</param>
    public async Task<IssuedVirtualKey> RotateAsync(
        string id,
        TimeSpan? gracePeriod = null,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        var (issued, isReplay) = await _connection.IssueAsync<IssuedVirtualKey>(
            GetPath(id) + "/rotate", GracePeriodBody.Create(gracePeriod), idempotencyKey, cancellationToken);
        return issued with { IsReplay = isReplay };
    }

    /// <summary>Expires all retiring secrets. No silo and no client accepts them when the call returns.</summary>
    public Task<VirtualKey> ExpireRetiringSecretsAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Delete, id, "retiring-secrets", null, cancellationToken);

    /// <summary>Expires a retiring secret. No silo and no client accepts it when the call returns.</summary>
    public Task<VirtualKey> ExpireRetiringSecretAsync(
        string id, string secretId, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Delete, id, GetSecretPath(secretId), null, cancellationToken);

    /// <summary>Changes the deadline of a retiring secret.</summary>
    /// <param name="id">The id of the key.</param>
    /// <param name="secretId">The id of the retiring secret.</param>
    /// <param name="validUntil">Later than now, at most 30 days ahead, and not later than the key expires.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<VirtualKey> ChangeDeadlineAsync(
        string id, string secretId, DateTimeOffset validUntil, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            HttpMethod.Patch, id, GetSecretPath(secretId), new DeadlineBody(validUntil), cancellationToken);

    /// <summary>Disables a virtual key. No silo and no client accepts its secrets when the call returns.</summary>
    public Task<VirtualKey> DisableAsync(
        string id, string? reason = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, id, "disable", new ReasonBody(reason), cancellationToken);

    /// <summary>Enables a virtual key again.</summary>
    public Task<VirtualKey> EnableAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, id, "enable", null, cancellationToken);

    /// <summary>
    /// Revokes a virtual key, permanently. No silo and no client accepts its secrets when the call returns. Repeat the
    /// call until it returns.
    /// </summary>
    public Task<VirtualKey> RevokeAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(HttpMethod.Post, id, "revoke", null, cancellationToken);

    /// <summary>Validates a secret.</summary>
    /// <exception cref="KeysApiException">
    /// Among others, status 503 when the service cannot validate at present: refuse the request of the secret's owner
    /// with 503, not with 401.
    /// </exception>
    public Task<Verdict> VerifyAsync(VerifySecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return _connection.SendAsync<Verdict>(HttpMethod.Post, Path + "/verify", secret, cancellationToken);
    }

    /// <summary>
    /// Returns how often <see cref="VerifyAsync"/> gave which verdict to API keys of the project in the last 24 hours,
    /// up to about 10 seconds ago. The counts are for overviews: a restart of the service loses some or all.
    /// </summary>
    public Task<Verifications> GetVerificationsAsync(CancellationToken cancellationToken = default) =>
        _connection.GetAsync<Verifications>(Path + "/verifications", cancellationToken);

    private async Task<VirtualKey> ChangeAsync(
        HttpMethod method, string id, string change, object? body, CancellationToken cancellationToken) =>
        (await _connection.SendAsync<Response>(method, $"{GetPath(id)}/{change}", body, cancellationToken)).VirtualKey;

    private static string GetPath(string id) => $"{Path}/{IdPath.Escape(id)}";

    private static string GetSecretPath(string secretId) => $"retiring-secrets/{IdPath.Escape(secretId)}";

    private sealed record Response(VirtualKey VirtualKey);

    private sealed record ImportResponse(IReadOnlyList<ImportResult> Results);
}
