using KeysCluster.Contract.Services;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.Idempotency;

/// <summary>A call that takes an Idempotency-Key, made ready to be sent, and what it changes.</summary>
internal sealed class IdempotentCall : IDisposable
{
    public const string Create = "create a virtual key";
    public const string Rotate = "rotate a virtual key";
    public const string CreateProject = "create a project";
    public const string RotateApiKey = "rotate an API key";

    private readonly KeysClient _client;

    private IdempotentCall(KeysClient client) => _client = client;

    /// <summary>The member of the answer that holds the secret.</summary>
    public required string SecretMember { get; init; }

    /// <summary>A request.</summary>
    public required string Body { get; init; }

    /// <summary>The same request, written otherwise.</summary>
    public required string EquivalentBody { get; init; }

    public required string DifferentBody { get; init; }

    /// <summary>Where the call is sent.</summary>
    public required string Path { get; init; }

    /// <summary>Where one reads what it has changed.</summary>
    public required string StatePath { get; init; }

    /// <summary>How many times it has changed something, read from there.</summary>
    public required Func<JsonElement, long> ChangeCounter { get; init; }

    public static TheoryData<string> All() => [Create, Rotate, CreateProject, RotateApiKey];

    /// <summary>Makes what the call needs: a project, a key.</summary>
    public static async Task<IdempotentCall> PrepareAsync(TestService service, string call)
    {
        using var project = await service.CreateProjectAsync();
        var client = call is Create or Rotate ? service.Process.CreateClient(project.ApiKey) : service.CreateAdminClient();
        if (call == Create) return ForCreate(client);
        if (call == CreateProject) return ForCreateProject(client);
        if (call == RotateApiKey)
        {
            return ForRotate(
                client, Routes.RotateApiKey(project.Id), Routes.Project(project.Id), "api_key", "project", "retiring_api_keys");
        }

        var (id, _) = await client.CreateAsync();
        return ForRotate(client, Routes.Rotate(id), Routes.VirtualKey(id), "secret", "virtual_key", "retiring_secrets");
    }

    public Task<ApiResponse> SendAsync(string idempotencyKey, string? body = null) =>
        _client.PostIdempotentAsync(idempotencyKey, Path, body ?? Body);

    public string GetSecret(ApiResponse answer) => answer.Json.GetProperty(SecretMember).GetString()!;

    public async Task<string> GetStateAsync()
    {
        var answer = await _client.SendAsync(HttpMethod.Get, StatePath);
        answer.EnsureStatus(HttpStatusCode.OK);
        return answer.Body;
    }

    public async Task<long> CountChangesAsync()
    {
        using var state = JsonDocument.Parse(await GetStateAsync());
        return ChangeCounter(state.RootElement);
    }

    public void Dispose() => _client.Dispose();

    private static IdempotentCall ForCreate(KeysClient client) => new(client)
    {
        SecretMember = "secret",
        Path = Routes.VirtualKeys,
        StatePath = Routes.VirtualKeys,
        Body = """{"name":"n","environment":"test","description":"d","provider_credential_ids":["a","b"]}""",
        EquivalentBody = """ { "provider_credential_ids" : ["a", "b"], "description":"\u0064","environment":"test",  "name":"n" } """,
        DifferentBody = """{"name":"n","environment":"test","description":"d","provider_credential_ids":["b","a"]}""",
        ChangeCounter = state => state.GetProperty("data").GetArrayLength(),
    };

    /// <summary>No other test of the storage runs meanwhile, so that the total counts projects of this call only.</summary>
    private static IdempotentCall ForCreateProject(KeysClient client) => new(client)
    {
        SecretMember = "api_key",
        Path = Routes.Projects,
        StatePath = $"{Routes.Projects}?limit=1",
        Body = """{"name":"n"}""",
        EquivalentBody = """ { "name" : "\u006e" } """,
        DifferentBody = """{"name":"m"}""",
        ChangeCounter = state => state.GetProperty("pagination").GetProperty("total").GetInt64(),
    };

    private static IdempotentCall ForRotate(
        KeysClient client, string path, string statePath, string secretMember, string owner, string retiring) => new(client)
    {
        SecretMember = secretMember,
        Path = path,
        StatePath = statePath,
        Body = """{"grace_period_seconds":86400}""",
        EquivalentBody = " { } ",
        DifferentBody = """{"grace_period_seconds":86399}""",
        ChangeCounter = state => state.GetProperty(owner).GetProperty(retiring).GetArrayLength(),
    };
}
