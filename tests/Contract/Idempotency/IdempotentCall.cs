using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Idempotency;

/// <summary>A call of an operation that accepts an Idempotency-Key, with access to the state that it changes.</summary>
internal sealed class IdempotentCall : IDisposable
{
    public const string Create = "create a virtual key";
    public const string Rotate = "rotate a virtual key";
    public const string CreateProject = "create a project";
    public const string RotateApiKey = "rotate an API key";

    private readonly TestService _service;
    private readonly KeysClient _client;

    private IdempotentCall(TestService service, KeysClient client) => (_service, _client) = (service, client);

    /// <summary>The member of the response that contains the secret: <c>secret</c> or <c>api_key</c>.</summary>
    public required string SecretMember { get; init; }

    public required string Body { get; init; }

    /// <summary>The same request in a different notation.</summary>
    public required string EquivalentBody { get; init; }

    public required string DifferentBody { get; init; }

    public required string Path { get; init; }

    /// <summary>The path that returns the changed state.</summary>
    public required string StatePath { get; init; }

    /// <summary>Counts the changes in that state.</summary>
    public required Func<JsonElement, long> ChangeCounter { get; init; }

    public static TheoryData<string> Operations() => [Create, Rotate, CreateProject, RotateApiKey];

    /// <summary>Creates the project and the key that an operation needs.</summary>
    public static async Task<IdempotentCall> PrepareAsync(TestService service, string operation)
    {
        using var project = await service.CreateProjectAsync();
        if (operation is CreateProject) return ForCreateProject(service);
        if (operation is RotateApiKey)
        {
            return ForRotate(
                service,
                service.CreateAdminClient(),
                Routes.RotateApiKey(project.Id),
                Routes.Project(project.Id),
                secretMember: "api_key",
                holder: "project",
                retiringMember: "retiring_api_keys");
        }

        var client = service.Process.CreateClient(project.ApiKey);
        if (operation is Create) return ForCreate(service, client);
        var (id, _) = await client.CreateAsync();
        return ForRotate(
            service,
            client,
            Routes.Rotate(id),
            Routes.VirtualKey(id),
            secretMember: "secret",
            holder: "virtual_key",
            retiringMember: "retiring_secrets");
    }

    public Task<ApiResponse> SendAsync(string idempotencyKey, string? body = null) =>
        _client.PostIdempotentAsync(idempotencyKey, Path, body ?? Body);

    public string GetSecret(ApiResponse response) => response.Json.GetProperty(SecretMember).GetString()!;

    public async Task AssertSecretIsValidAsync(string secret)
    {
        if (SecretMember == "secret") Assert.Equal("active", await _client.VerifyAsync(secret));
        else await ApiKeyAssert.IsAcceptedAsync(_service, secret);
    }

    public async Task<string> GetStateAsync()
    {
        var response = await _client.SendAsync(HttpMethod.Get, StatePath);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Body;
    }

    public async Task<long> CountChangesAsync()
    {
        using var state = JsonDocument.Parse(await GetStateAsync());
        return ChangeCounter(state.RootElement);
    }

    public void Dispose() => _client.Dispose();

    private static IdempotentCall ForCreate(TestService service, KeysClient client) => new(service, client)
    {
        SecretMember = "secret",
        Path = Routes.VirtualKeys,
        StatePath = Routes.VirtualKeys,
        Body = """
            {"name":"n","environment":"test","config":{"a":[1.50],"b":{"c":1,"d":2}},"permissions":["a","b"],
             "metadata":{"x":"1","y":"2"}}
            """,
        EquivalentBody = """
             { "permissions" : ["a", "b"], "config" : { "b":{"d":2,"c":1}, "\u0061" : [ 1.50 ] },
             "metadata" : { "y":"2", "x":"1" }, "environment":"test", "name":"\u006e", "external_id":null }
            """,
        DifferentBody = """
            {"name":"n","environment":"test","config":{"a":[1.50],"b":{"c":1,"d":2}},"permissions":["b","a"],
             "metadata":{"x":"1","y":"2"}}
            """,
        ChangeCounter = state => state.GetProperty("data").GetArrayLength(),
    };

    private static IdempotentCall ForCreateProject(TestService service) => new(service, service.CreateAdminClient())
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
        TestService service,
        KeysClient client,
        string path,
        string statePath,
        string secretMember,
        string holder,
        string retiringMember)
    {
        return new IdempotentCall(service, client)
        {
            SecretMember = secretMember,
            Path = path,
            StatePath = statePath,
            Body = """{"grace_period_seconds":86400}""",
            EquivalentBody = " { } ",
            DifferentBody = """{"grace_period_seconds":86399}""",
            ChangeCounter = state => state.GetProperty(holder).GetProperty(retiringMember).GetArrayLength(),
        };
    }
}
